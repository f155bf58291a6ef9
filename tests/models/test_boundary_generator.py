"""The nested U-Net over time, and the fusion of both directions."""

import pytest
import torch

from bsnpp.models.boundary_generator import BoundaryGenerator, interpolate, interpolate_by_product
from bsnpp.models.directions import fuse_directions


@pytest.mark.parametrize("scale", [4, 5, 7, 30, 80, 100])
def test_two_heads_give_a_start_and_an_end_logit_of_every_cell(scale: int) -> None:
    heads = BoundaryGenerator(3, 4)(torch.randn(2, 3, scale))
    assert [logits.shape for logits in heads] == [(2, 2, scale)] * 2
    assert not torch.equal(*heads)


@pytest.mark.parametrize(("cells", "size"), [(1, 2), (2, 5), (3, 7), (25, 50), (50, 100)])
def test_both_forms_of_interpolation_agree(cells: int, size: int) -> None:
    low = torch.randn(2, 3, cells, dtype=torch.float64)
    torch.testing.assert_close(interpolate_by_product(low, size), interpolate(low, size), atol=1e-12, rtol=0)


def test_every_node_is_supervised() -> None:
    generator = BoundaryGenerator(3, 4)
    sum(logits.square().sum() for logits in generator(torch.randn(2, 3, 9))).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in generator.parameters() if p.ndim > 1)


def test_without_deep_supervision_only_the_refined_head_is_left() -> None:
    whole = BoundaryGenerator(3, 4).eval()
    single = BoundaryGenerator(3, 4, deep=False).eval()
    weights = whole.state_dict()
    kept = {name: value for name, value in weights.items() if not name.startswith("heads")}
    single.load_state_dict(
        kept | {f"heads.0.{name}": weights[f"heads.1.{name}"] for name in ("weight", "bias")}
    )
    sequence = torch.randn(2, 3, 9)
    (logits,) = single(sequence)
    torch.testing.assert_close(logits, whole(sequence)[1])


def test_a_plain_u_net_is_a_nested_one_that_ignores_its_inner_node() -> None:
    plain = BoundaryGenerator(3, 4, nested=False).eval()
    nested = BoundaryGenerator(3, 4, deep=False).eval()
    weights = plain.state_dict()
    first, rest = weights["x02.0.weight"].split(4, dim=1)
    weights["x02.0.weight"] = torch.cat([first, torch.zeros_like(first), rest], dim=1)
    nested.load_state_dict(weights, strict=False)
    sequence = torch.randn(2, 3, 9)
    (one,), (other,) = plain(sequence), nested(sequence)
    torch.testing.assert_close(one, other)


def test_the_first_head_does_not_see_the_lowest_level() -> None:
    """X_01 reads only X_00 and X_10 (Fig. 3)."""
    generator = BoundaryGenerator(3, 4).eval()
    sequence = torch.randn(1, 3, 9)
    before = generator(sequence)
    with torch.no_grad():
        for parameter in generator.x20.parameters():
            parameter.zero_()
    after = generator(sequence)
    assert torch.equal(before[0], after[0])
    assert not torch.equal(before[1], after[1])


def test_too_few_cells_for_two_poolings_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 4 cells, not 3"):
        BoundaryGenerator(3, 4)(torch.randn(1, 3, 3))


def test_directions_are_fused_by_the_geometric_mean_of_corresponding_edges() -> None:
    forward = torch.tensor([[[0.9, 0.1, 0.4], [0.2, 0.3, 0.8]]])
    backward = torch.tensor([[[0.5, 0.6, 0.7], [0.1, 0.2, 0.3]]])  # its start channel marks ends
    expected = [
        [[(0.9 * 0.3) ** 0.5, (0.1 * 0.2) ** 0.5, (0.4 * 0.1) ** 0.5],
         [(0.2 * 0.7) ** 0.5, (0.3 * 0.6) ** 0.5, (0.8 * 0.5) ** 0.5]]
    ]  # fmt: skip
    torch.testing.assert_close(fuse_directions(forward, backward), torch.tensor(expected))


def test_passes_that_agree_are_unchanged() -> None:
    forward = torch.rand(2, 2, 9)
    torch.testing.assert_close(fuse_directions(forward, forward.flip(-1).flip(1)), forward)
