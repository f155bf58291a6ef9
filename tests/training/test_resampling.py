"""Re-sampling: the numbers of Eq. 4, what may be drawn, and how often it is."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.training.resampling import band_weights, region_probabilities, scale_regions, two_stage_weights
from bsnpp.training.settings import ResamplingSettings
from tests.reference import resampling as reference

GRID = ProposalGrid(10)
REGION = scale_regions(GRID)
TWO_STAGE = ResamplingSettings()
EXPECTED = ResamplingSettings(expectation=True)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(seed: int = 0, batch: int = 3) -> Tensor:
    """(B, V): about a tenth positive, most negative."""
    return torch.rand(batch, len(GRID), generator=seeded(seed)) ** 4


def unnormalised(counts: list[int]) -> Tensor:
    """r' / sum r' at lambda 0.15, for whole-number counts."""
    return region_probabilities(torch.tensor(counts, dtype=torch.float64), 0.15)


@pytest.mark.parametrize("scale", [1, 3, 10, 30, 100])
def test_scale_regions_are_compared_as_fractions(scale: int) -> None:
    grid = ProposalGrid(scale)
    expected = [reference.scale_region(Fraction(int(d) + 1, scale)) for d in grid.duration_index]
    assert scale_regions(grid).tolist() == expected


def test_borders_of_scale_regions() -> None:
    region = dict(zip((GRID.duration_index + 1).tolist(), REGION.tolist(), strict=True))
    assert [region[length] for length in (1, 3, 4, 7, 8, 10)] == [0, 0, 1, 1, 2, 2]


def test_other_regions_are_compared_as_they_are_written() -> None:
    """0.29 of 100 cells are 29, though 0.29 * 100 is less in floating point."""
    grid = ProposalGrid(100)
    region = dict(zip((grid.duration_index + 1).tolist(), scale_regions(grid, [0.29]).tolist(), strict=True))
    assert [region[length] for length in (28, 29, 30)] == [0, 0, 1]
    thirds = scale_regions(ProposalGrid(1000), [1 / 3, 2 / 3])
    assert thirds.bincount().tolist() == [277_722, 166_833, 55_945], "lengths to 333, to 666 and to 1000"


def test_eq_4_by_hand() -> None:
    damped = [0.15 * math.exp(0.05 / 0.15 - 1), 0.15 * math.exp(0.10 / 0.15 - 1), 0.15]
    assert damped == pytest.approx([0.0770125677, 0.1074796966, 0.15])
    expected = torch.tensor(damped, dtype=torch.float64) / sum(damped)
    torch.testing.assert_close(unnormalised([5, 10, 85]), expected, atol=1e-12, rtol=0)


def test_the_branches_of_eq_4_meet_at_lambda() -> None:
    assert reference.damped_ratio(0.15, 0.15) == 0.15
    below, at, above = (unnormalised([count, 100_000 - count, 0])[0] for count in (14_999, 15_000, 15_001))
    assert at == above == 0.5
    assert at - below == pytest.approx(0.25 * 1e-5 / 0.15, rel=1e-3)  # the slope of exp, and no jump


@given(
    counts=st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(any),
    scale_ratio=st.floats(0.01, 1.0),
)
@settings(max_examples=60, deadline=None)
def test_region_probabilities(counts: list[int], scale_ratio: float) -> None:
    found = region_probabilities(torch.tensor(counts, dtype=torch.float64), scale_ratio)
    expected = torch.tensor(reference.region_probabilities(counts, scale_ratio), dtype=torch.float64)
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=0)
    assert found.sum().item() == pytest.approx(1.0)
    assert all((p == 0) == (count == 0) for p, count in zip(found, counts, strict=True))
    full = [p for p, count in zip(found.tolist(), counts, strict=True) if count]
    assert max(full) / min(full) <= math.e * (1 + 1e-12)  # r' lies in [lambda / e, lambda]


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced"])
@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_draws_take_as_many_positives_as_negatives_and_no_middle(method: str, seed: int) -> None:
    iou = labels(seed)
    weights = two_stage_weights(iou, REGION, ResamplingSettings(method=method), seeded(seed))
    total = min((iou > 0.7).sum(), (iou < 0.3).sum())
    assert weights.shape == iou.shape and weights.dtype == torch.float32
    assert weights[iou > 0.7].sum() == weights[iou < 0.3].sum() == total > 0
    assert (weights[(iou >= 0.3) & (iou <= 0.7)] == 0).all()
    assert torch.equal(weights, weights.round()) and (weights >= 0).all()
    assert method == "two_stage" or weights.max() == 1


def test_borders_of_iou_belong_to_the_middle() -> None:
    iou = torch.full((1, len(GRID)), 0.5)
    iou[0, :6] = torch.tensor([0.7, 0.7, 0.3, 0.3, 0.71, 0.29])
    for method in ("two_stage", "iou_balanced", "none"):
        weights = two_stage_weights(iou, REGION, ResamplingSettings(method=method), seeded())
        assert weights.nonzero()[:, 1].tolist() == [4, 5]


def test_all_proposals_but_the_middle_without_resampling() -> None:
    iou = labels()
    weights = two_stage_weights(iou, REGION, ResamplingSettings(method="none"), seeded())
    assert torch.equal(weights, ((iou > 0.7) | (iou < 0.3)).float())


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("expectation", [True, False])
def test_nothing_is_drawn_where_a_kind_is_missing(value: float, expectation: bool) -> None:
    iou = torch.full((2, len(GRID)), value)
    for method in ("two_stage", "iou_balanced"):
        chosen = ResamplingSettings(method=method, expectation=expectation)
        assert not two_stage_weights(iou, REGION, chosen, seeded()).any()


@pytest.mark.parametrize("seed", range(3))
def test_expected_weights_equal_the_loops(seed: int) -> None:
    iou = labels(seed)
    found = two_stage_weights(iou, REGION, EXPECTED, seeded())
    expected = reference.expected_weights(iou.flatten().tolist(), REGION.tolist() * len(iou), 0.15)
    torch.testing.assert_close(found.flatten(), torch.tensor(expected), atol=1e-6, rtol=1e-6)


def test_expected_weights_use_no_random_number() -> None:
    iou, first, second = labels(), seeded(1), seeded(2)
    assert torch.equal(
        two_stage_weights(iou, REGION, EXPECTED, first), two_stage_weights(iou, REGION, EXPECTED, second)
    )
    assert torch.equal(first.get_state(), seeded(1).get_state())


def test_expected_weights_of_the_first_stage_alone() -> None:
    iou = labels()
    chosen = ResamplingSettings(method="iou_balanced", expectation=True)
    weights = two_stage_weights(iou, REGION, chosen, seeded())
    positive, negative = iou > 0.7, iou < 0.3
    share = (positive.sum() / negative.sum()).item()
    assert share < 1 and (weights[positive] == 1).all()
    torch.testing.assert_close(weights[negative], torch.full_like(weights[negative], share))


def test_the_same_seed_draws_the_same() -> None:
    iou = labels()
    once, again, other = (two_stage_weights(iou, REGION, TWO_STAGE, seeded(seed)) for seed in (3, 3, 4))
    assert torch.equal(once, again) and not torch.equal(once, other)


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced"])
def test_draws_come_as_often_as_expected(method: str) -> None:
    iou, rounds = labels(batch=8), 400
    generator = seeded()
    drawn = [
        two_stage_weights(iou, REGION, ResamplingSettings(method=method), generator) for _ in range(rounds)
    ]
    mean = torch.stack(drawn).mean(dim=0).double()
    expected = two_stage_weights(
        iou, REGION, ResamplingSettings(method=method, expectation=True), seeded()
    ).double()
    assert not mean[expected == 0].any()
    for kind in (iou > 0.7, iou < 0.3):
        kept = expected[kind].sum() / kind.sum()  # the share that stage 1 leaves
        variance = expected[kind] + expected[kind] ** 2 * (1 / kept - 1)  # Poisson draws of what is left
        scores = (mean - expected)[kind] * (rounds / variance) ** 0.5
        assert scores.abs().max() < 5
        assert scores.square().mean() < 1.2  # about 1, or less, if the draws follow the expectation
        for number in range(3):
            of_region = kind & (number == REGION)
            assert mean[of_region].sum() == pytest.approx(expected[of_region].sum().item(), rel=0.03)


def test_rare_regions_are_drawn_more_often_than_they_occur() -> None:
    iou = torch.full((1, len(GRID)), 0.5)
    iou[:, :20], iou[:, 20:30] = 0.9, 0.1
    iou[0, -1] = 0.9  # one long positive among 20 short ones
    weights = two_stage_weights(iou, REGION, EXPECTED, seeded())
    assert weights[0, -1] > 3 * weights[0, 0] > 0


def test_bands_of_bmn_are_drawn_to_equal_numbers() -> None:
    iou = torch.cat([torch.full((20,), 0.8), torch.full((50,), 0.5), torch.zeros(400)]).view(1, -1)
    expected = band_weights(iou, True, seeded())
    assert [part.sum().item() for part in expected[0].split([20, 50, 400])] == pytest.approx([20, 20, 20])
    generator = seeded()
    drawn = torch.stack([band_weights(iou, False, generator) for _ in range(300)])
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    assert (drawn[..., :20] == 1).all()
    torch.testing.assert_close(drawn.mean(dim=0), expected, atol=0.15, rtol=0)
    for part in drawn.mean(dim=0)[0].split([20, 50, 400]):
        assert part.sum() == pytest.approx(20, rel=0.05)


def test_bands_of_bmn_keep_what_is_rarer_than_the_high_ones() -> None:
    iou = torch.tensor([[0.8, 0.9, 1.0, 0.7, 0.31, 0.3, 0.0]])
    expected = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]  # middle (0.3, 0.7], low [0, 0.3]: two each
    assert band_weights(iou, False, seeded()).tolist() == [expected]
    assert not band_weights(torch.tensor([[0.7, 0.3, 0.0]]), False, seeded()).any()


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_regions_are_drawn_with_the_numbers_of_eq_4(kind: str) -> None:
    """Counts of 5, 10 and 85: r' = 0.15 exp(r / 0.15 - 1) below lambda = 0.15, and 0.15 above."""
    few, many = (0.9, 0.1) if kind == "positive" else (0.1, 0.9)
    region = torch.tensor([0] * 5 + [1] * 10 + [2] * 85 + [0] * 300)
    iou = torch.tensor([[few] * 100 + [many] * 300])
    generator, rounds = seeded(), 300
    counts = torch.zeros(3, dtype=torch.float64)
    for _ in range(rounds):
        weights = two_stage_weights(iou, region, TWO_STAGE, generator)
        counts += torch.bincount(region[:100], weights[0, :100].double(), minlength=3)
    damped = [0.15 * math.exp(0.05 / 0.15 - 1), 0.15 * math.exp(0.10 / 0.15 - 1), 0.15]
    expected = torch.tensor(damped, dtype=torch.float64) / sum(damped)
    assert expected.tolist() == pytest.approx([0.230221, 0.321330, 0.448449], abs=1e-3)
    draws = 100 * rounds
    assert counts.sum() == draws
    deviation = (draws * expected * (1 - expected)).sqrt()
    assert ((counts - draws * expected).abs() < 4 * deviation).all()
