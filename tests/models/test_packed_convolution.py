"""3 x 3 convolution and ReLU of packed cells equal those of whole maps whose invalid cells are 0."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.packed_convolution import PackedConvolution, convolve_maps, convolve_tiles


def packed(grid: ProposalGrid, batch: int = 2, channels: int = 3) -> Tensor:
    return torch.randn(batch, len(grid), channels, dtype=torch.float64, requires_grad=True)


def textbook(cells: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """Convolve one cell of the map at a time."""
    batch, _, channels = cells.shape
    maps = torch.zeros(batch, channels, grid.durations + 2, grid.scale + 2, dtype=cells.dtype)
    for cell, (duration, start) in enumerate(zip(grid.duration_index, grid.start_cell, strict=True)):
        maps[:, :, duration + 1, start + 1] = cells[:, cell]
    results = []
    for duration, start in zip(grid.duration_index, grid.start_cell, strict=True):
        around = maps[:, None, :, duration : duration + 3, start : start + 3]
        results.append(((around * weight).sum(dim=(2, 3, 4)) + bias).clamp_min(0))
    return torch.stack(results, dim=1)


@pytest.mark.parametrize("form", [convolve_tiles, convolve_maps], ids=["tiles", "maps"])
@given(scale=st.integers(1, 7), share=st.floats(0.1, 1.0), batch=st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_equals_the_loops_over_cells_in_results_and_gradients(
    form: object, scale: int, share: float, batch: int
) -> None:
    grid = ProposalGrid(scale, max(1, round(scale * share)))
    layer = PackedConvolution(3, 2).double()
    inputs = [packed(grid, batch), layer.weight, layer.bias]
    result, expected = form(*inputs, grid), textbook(*inputs, grid)  # type: ignore[operator]
    torch.testing.assert_close(result, expected, atol=1e-12, rtol=0)
    seen = torch.randn(result.shape, dtype=torch.float64)
    for ours, theirs in zip(
        torch.autograd.grad(result, inputs, seen), torch.autograd.grad(expected, inputs, seen), strict=True
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=0)


def test_gradient_equals_finite_differences() -> None:
    grid, layer = ProposalGrid(4), PackedConvolution(3, 2).double()
    inputs = (packed(grid), layer.weight, layer.bias)
    assert torch.autograd.gradcheck(lambda *given: convolve_tiles(*given, grid), inputs, fast_mode=True)


def test_tiles_lose_little_precision() -> None:
    """The results are sums of 144 products with standard deviation 1, in float32."""
    torch.manual_seed(0)
    grid, weight = ProposalGrid(20), torch.randn(16, 16, 3, 3, dtype=torch.float64)
    cells, bias = packed(grid, channels=16), torch.zeros(16, dtype=torch.float64)
    result = convolve_tiles(cells.float(), weight.float(), bias.float(), grid)
    torch.testing.assert_close(result.double(), convolve_maps(cells, weight, bias, grid), atol=2e-4, rtol=0)


def test_on_a_cpu_the_layer_convolves_tiles() -> None:
    grid, layer = ProposalGrid(5), PackedConvolution(3, 2).double()
    cells = packed(grid)
    assert torch.equal(layer(cells, grid), convolve_tiles(cells, layer.weight, layer.bias, grid))


def test_under_autocast_the_layer_convolves_whole_maps_in_bfloat16() -> None:
    grid, layer = ProposalGrid(5), PackedConvolution(3, 2)
    cells = packed(grid).float()
    with torch.autocast("cpu", torch.bfloat16):
        result = layer(cells, grid)
    assert result.dtype == torch.bfloat16
    torch.testing.assert_close(result.float(), layer(cells, grid), atol=0.05, rtol=0.05)


def test_a_gradient_computed_under_autocast_is_that_of_float32() -> None:
    grid, layer = ProposalGrid(5), PackedConvolution(3, 2)
    cells = packed(grid).float().detach().requires_grad_()
    expected = torch.autograd.grad(layer(cells, grid).sum(), [cells, *layer.parameters()])
    loss = layer(cells, grid).sum()
    with torch.autocast("cpu", torch.bfloat16):
        gradients = torch.autograd.grad(loss, [cells, *layer.parameters()])
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(gradients, expected, strict=True))


def test_a_layer_in_bfloat16_convolves_whole_maps() -> None:
    grid, layer = ProposalGrid(5), PackedConvolution(3, 2)
    cells = packed(grid).float()
    result = layer.bfloat16()(cells.bfloat16(), grid)
    torch.testing.assert_close(result.float(), layer.float()(cells, grid), atol=0.05, rtol=0.05)


def test_a_cell_that_is_not_finite_shows_in_output_and_gradient() -> None:
    grid, layer = ProposalGrid(5), PackedConvolution(3, 2)
    cells = torch.zeros(1, len(grid), 3)
    cells[0, 0, 0] = torch.nan
    cells.requires_grad_()
    result = layer(cells, grid)
    assert result[0, 0].isnan().all()
    result.sum().backward()
    assert cells.grad is not None and layer.weight.grad is not None
    assert layer.weight.grad.isnan().any()


def test_initial_weights_are_those_of_a_plain_convolution() -> None:
    torch.manual_seed(3)
    ours = PackedConvolution(3, 2).state_dict()
    torch.manual_seed(3)
    plain = torch.nn.Conv2d(3, 2, 3).state_dict()
    assert ours.keys() == plain.keys()
    assert all(torch.equal(ours[name], plain[name]) for name in plain)


def test_with_one_duration_it_is_a_convolution_over_time() -> None:
    """The map is then a row of valid cells."""
    grid, layer = ProposalGrid(6, 1), PackedConvolution(3, 2).double()
    cells = packed(grid)
    row = F.conv1d(cells.transpose(1, 2), layer.weight[:, :, 1], layer.bias, padding=1)
    torch.testing.assert_close(layer(cells, grid), torch.relu(row).transpose(1, 2), atol=1e-12, rtol=0)
