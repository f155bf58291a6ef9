"""Boundary matching: results and gradients equal the dense textbook form; symmetric in time."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models import boundary_matching as module
from bsnpp.models.boundary_matching import BoundaryMatching, dense_matching, sampling_matrix, sparse_matching
from bsnpp.models.settings import MatchingSettings
from tests.reference import boundary_matching as reference

SMALL = MatchingSettings(bins=5, samples_per_bin=3, input_channels=3, filters=4)


def layer(settings: MatchingSettings = SMALL) -> BoundaryMatching:
    return BoundaryMatching(settings).double()


def sequence(scale: int, batch: int = 2, channels: int = 3) -> Tensor:
    generator = torch.Generator().manual_seed(scale)
    return torch.randn(batch, channels, scale, dtype=torch.float64, generator=generator)


def packed(maps: Tensor, grid: ProposalGrid) -> Tensor:
    """(B, F, D, T) to (B, V, F)."""
    return maps[:, :, grid.duration_index, grid.start_cell].transpose(1, 2)


@pytest.mark.parametrize("scale", [1, 4, 7, 10])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"bins": 1},
        {"bins": 1, "samples_per_bin": 1},
        {"samples_per_bin": 1},
        {"context": 0.0},
        {"bins": 8},
    ],
    ids=str,
)
def test_equals_the_textbook_in_results_and_gradients(scale: int, changes: dict[str, float]) -> None:
    matching, grid = layer(SMALL.model_copy(update=changes)), ProposalGrid(scale)
    mask = reference.sampling_mask(scale, matching.settings)
    inputs = [sequence(scale).requires_grad_(), matching.weight, matching.bias]
    ours = matching(inputs[0], grid)
    textbook = packed(reference.boundary_matching(inputs[0], mask, *inputs[1:]), grid)
    assert (textbook > 0).any()
    torch.testing.assert_close(ours, textbook, atol=1e-12, rtol=0)
    seen = torch.randn(ours.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    for gradient, expected in zip(
        torch.autograd.grad(ours, inputs, seen), torch.autograd.grad(textbook, inputs, seen), strict=True
    ):
        torch.testing.assert_close(gradient, expected, atol=1e-12, rtol=0)


@given(
    scale=st.integers(1, 9),
    bins=st.integers(1, 6),
    samples=st.integers(1, 4),
    context=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
)
@settings(max_examples=25, deadline=None)
def test_sampling_matrix_is_the_textbook_mask(scale: int, bins: int, samples: int, context: float) -> None:
    chosen = MatchingSettings(bins=bins, samples_per_bin=samples, context=context)
    grid = ProposalGrid(scale)
    mask = reference.sampling_mask(scale, chosen)[..., grid.duration_index, grid.start_cell]  # (T, N, V)
    ours = sampling_matrix(grid, chosen).toarray().reshape(len(grid), scale, bins)
    np.testing.assert_allclose(ours, mask.permute(2, 0, 1), atol=1e-12)


def test_fewer_durations_are_the_first_rows_of_all() -> None:
    every, short = ProposalGrid(8), ProposalGrid(8, 3)
    matching, features = layer(), sequence(8)
    torch.testing.assert_close(matching(features, short), matching(features, every)[:, : len(short)])


@pytest.mark.parametrize("filters", [4, module.TILE + 3], ids=["one tile", "two tiles"])
def test_gradient_of_the_sparse_form_by_differences(filters: int) -> None:
    matching = layer(SMALL.model_copy(update={"filters": filters, "bins": 2}))
    inputs = (sequence(4, batch=1).requires_grad_(), matching.weight, matching.bias)
    sample = partial(module.sparse_matching, grid=ProposalGrid(4), settings=matching.settings)
    assert torch.autograd.gradcheck(sample, inputs, fast_mode=True)


@pytest.mark.parametrize("filters", [4, 2 * module.TILE + 1], ids=["one tile", "three tiles"])
def test_both_forms_give_the_same_result(filters: int) -> None:
    matching, grid = layer(SMALL.model_copy(update={"filters": filters})), ProposalGrid(9, 6)
    inputs = [sequence(9).requires_grad_(), matching.weight, matching.bias]
    sparse, dense = (form(*inputs, grid, matching.settings) for form in (sparse_matching, dense_matching))
    torch.testing.assert_close(sparse, dense, atol=1e-12, rtol=0)
    seen = torch.randn(sparse.shape, dtype=torch.float64)
    for gradient, expected in zip(
        torch.autograd.grad(sparse, inputs, seen), torch.autograd.grad(dense, inputs, seen), strict=True
    ):
        torch.testing.assert_close(gradient, expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize("scale", [4, 7, 10])
def test_reversed_sequence_gives_mirrored_cells_with_bins_in_reverse(scale: int) -> None:
    matching, grid, features = layer(), ProposalGrid(scale), sequence(scale)
    forward = matching(features, grid)
    with torch.no_grad():
        matching.weight.copy_(matching.weight.flip(-1))
    backward = matching(features.flip(-1), grid)
    torch.testing.assert_close(backward, forward[:, grid.reversal], atol=1e-12, rtol=0)


def test_positions_inside_the_sequence_have_weight_1_and_those_far_outside_0() -> None:
    grid, bins = ProposalGrid(12), 16
    chosen = MatchingSettings(bins=bins, samples_per_bin=3)
    weights = sampling_matrix(grid, chosen).toarray().reshape(len(grid), grid.scale, bins).sum(axis=1)
    length = grid.duration_index[:, None] + 1.0
    points = np.linspace(-0.5, 1.5, bins * 3).reshape(bins, 3)
    first = grid.start_cell[:, None] + length * points[:, 0] - 0.5  # index of a position's first sample
    last = grid.start_cell[:, None] + length * points[:, 2] - 0.5
    inside, outside = (first >= 0) & (last <= 11), (last <= -1) | (first >= 12)
    assert inside.any() and outside.any() and (~inside & ~outside).any()
    np.testing.assert_allclose(weights[inside], 1.0, atol=1e-12)
    np.testing.assert_allclose(weights[outside], 0.0, atol=1e-12)
    assert ((weights >= 0) & (weights <= 1 + 1e-12)).all()


def test_a_linear_ramp_is_sampled_at_the_centre_of_a_proposal() -> None:
    chosen = MatchingSettings(bins=9, samples_per_bin=1, context=0.0)
    grid = ProposalGrid(10)
    operator = sampling_matrix(grid, chosen).toarray().reshape(len(grid), 10, 9)
    centre = (grid.start_cell + grid.end_cell) / 2
    np.testing.assert_allclose(np.arange(10) @ operator[:, :, 4].T, centre, atol=1e-12)


def test_a_sequence_of_another_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="7 cells and the grid 8"):
        layer()(sequence(7), ProposalGrid(8))
