"""Sampling of proposals: the numbers of Eq. 4, which proposals are drawn, and how often."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.loss_settings import ResamplingSettings, ThresholdSettings
from bsnpp.models.proposal_sampling import band_weights, bin_probabilities, length_bins, two_stage_weights
from tests.reference import proposal_sampling as reference

GRID = ProposalGrid(10)
EDGES = (0.3, 0.7)
BINS = length_bins(GRID, EDGES)
PAPER = ThresholdSettings()
TWO_STAGE = ResamplingSettings()
EXPECTED = ResamplingSettings(expectation=True)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def labels(seed: int = 0, batch: int = 3) -> Tensor:
    """(B, V): about a tenth positive, most negative."""
    return torch.rand(batch, len(GRID), generator=seeded(seed)) ** 4


def weights_of(
    iou: Tensor, resampling: ResamplingSettings, random: torch.Generator | None = None, bins: Tensor = BINS
) -> Tensor:
    """Return the weights for the thresholds of the paper."""
    return two_stage_weights(iou, bins, resampling, random or seeded(), PAPER)


def probabilities(counts: list[int]) -> Tensor:
    """Return r' / sum r' at lambda 0.15."""
    return bin_probabilities(torch.tensor(counts, dtype=torch.float64), 0.15)


@pytest.mark.parametrize("scale", [1, 3, 10, 30, 100])
def test_lengths_are_compared_as_fractions(scale: int) -> None:
    grid = ProposalGrid(scale)
    expected = [reference.length_bin(Fraction(int(d) + 1, scale)) for d in grid.duration_index]
    assert length_bins(grid, EDGES).tolist() == expected


def test_borders_of_length_bins() -> None:
    by_length = dict(zip((GRID.duration_index + 1).tolist(), BINS.tolist(), strict=True))
    assert [by_length[length] for length in (1, 3, 4, 7, 8, 10)] == [0, 0, 1, 1, 2, 2]


def test_other_edges_do_not_suffer_from_rounding() -> None:
    """0.29 of 100 cells are 29, although 0.29 * 100 is less in floating point."""
    grid = ProposalGrid(100)
    by_length = dict(
        zip((grid.duration_index + 1).tolist(), length_bins(grid, (0.29,)).tolist(), strict=True)
    )
    assert [by_length[length] for length in (28, 29, 30)] == [0, 0, 1]
    thirds = length_bins(ProposalGrid(1000), (1 / 3, 2 / 3))
    assert thirds.bincount().tolist() == [277_722, 166_833, 55_945], "lengths to 333, to 666 and to 1000"


def test_eq_4_by_hand() -> None:
    damped = [0.15 * math.exp(0.05 / 0.15 - 1), 0.15 * math.exp(0.10 / 0.15 - 1), 0.15]
    assert damped == pytest.approx([0.0770125677, 0.1074796966, 0.15])
    expected = torch.tensor(damped, dtype=torch.float64) / sum(damped)
    torch.testing.assert_close(probabilities([5, 10, 85]), expected, atol=1e-12, rtol=0)


def test_the_branches_of_eq_4_meet_at_lambda() -> None:
    assert reference.damped_ratio(0.15, 0.15) == 0.15
    below, at, above = (probabilities([count, 100_000 - count, 0])[0] for count in (14_999, 15_000, 15_001))
    assert at == above == 0.5
    assert at - below == pytest.approx(0.25 * 1e-5 / 0.15, rel=1e-3)  # the slope of exp, and no jump


@given(
    counts=st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(any),
    scale_ratio=st.floats(0.01, 1.0),
)
@settings(max_examples=60, deadline=None)
def test_bin_probabilities_equal_the_loops(counts: list[int], scale_ratio: float) -> None:
    result = bin_probabilities(torch.tensor(counts, dtype=torch.float64), scale_ratio)
    expected = torch.tensor(reference.bin_probabilities(counts, scale_ratio), dtype=torch.float64)
    torch.testing.assert_close(result, expected, atol=1e-12, rtol=0)
    assert result.sum().item() == pytest.approx(1.0)
    assert all((p == 0) == (count == 0) for p, count in zip(result, counts, strict=True))
    full = [p for p, count in zip(result.tolist(), counts, strict=True) if count]
    assert max(full) / min(full) <= math.e * (1 + 1e-12)  # r' lies in [lambda / e, lambda]


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced"])
@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_draws_take_as_many_positives_as_negatives_and_nothing_in_between(method: str, seed: int) -> None:
    iou = labels(seed)
    weights = weights_of(iou, ResamplingSettings(method=method), seeded(seed))
    total = min((iou > 0.7).sum(), (iou < 0.3).sum())
    assert weights.shape == iou.shape and weights.dtype == torch.float32
    assert weights[iou > 0.7].sum() == weights[iou < 0.3].sum() == total > 0
    assert (weights[(iou >= 0.3) & (iou <= 0.7)] == 0).all()
    assert torch.equal(weights, weights.round()) and (weights >= 0).all()
    assert method == "two_stage" or weights.max() == 1


def test_proposals_at_the_thresholds_are_neither_positive_nor_negative() -> None:
    iou = torch.full((1, len(GRID)), 0.5)
    iou[0, :6] = torch.tensor([0.7, 0.7, 0.3, 0.3, 0.71, 0.29])
    for method in ("two_stage", "iou_balanced", "none"):
        weights = weights_of(iou, ResamplingSettings(method=method))
        assert weights.nonzero()[:, 1].tolist() == [4, 5]


def test_without_resampling_all_positives_and_negatives_count_once() -> None:
    iou = labels()
    weights = weights_of(iou, ResamplingSettings(method="none"))
    assert torch.equal(weights, ((iou > 0.7) | (iou < 0.3)).float())


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("expectation", [True, False])
def test_nothing_is_drawn_from_a_batch_that_lacks_a_kind(value: float, expectation: bool) -> None:
    iou = torch.full((2, len(GRID)), value)
    for method in ("two_stage", "iou_balanced"):
        assert not weights_of(iou, ResamplingSettings(method=method, expectation=expectation)).any()


@pytest.mark.parametrize("seed", range(3))
def test_expected_weights_equal_the_loops(seed: int) -> None:
    iou = labels(seed)
    weights = weights_of(iou, EXPECTED)
    expected = reference.expected_weights(iou.flatten().tolist(), BINS.tolist() * len(iou), 0.15)
    torch.testing.assert_close(weights.flatten(), torch.tensor(expected), atol=1e-6, rtol=1e-6)


def test_expected_weights_use_no_random_number() -> None:
    iou, first, second = labels(), seeded(1), seeded(2)
    assert torch.equal(weights_of(iou, EXPECTED, first), weights_of(iou, EXPECTED, second))
    assert torch.equal(first.get_state(), seeded(1).get_state())


def test_expected_weights_of_the_first_stage() -> None:
    iou = labels()
    weights = weights_of(iou, ResamplingSettings(method="iou_balanced", expectation=True))
    positive, negative = iou > 0.7, iou < 0.3
    share = (positive.sum() / negative.sum()).item()
    assert share < 1 and (weights[positive] == 1).all()
    torch.testing.assert_close(weights[negative], torch.full_like(weights[negative], share))


def test_the_same_seed_draws_the_same() -> None:
    iou = labels()
    once, again, other = (weights_of(iou, TWO_STAGE, seeded(seed)) for seed in (3, 3, 4))
    assert torch.equal(once, again) and not torch.equal(once, other)


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced"])
def test_draws_come_as_often_as_expected(method: str) -> None:
    iou, rounds = labels(batch=8), 400
    random = seeded()
    drawn = [weights_of(iou, ResamplingSettings(method=method), random) for _ in range(rounds)]
    mean = torch.stack(drawn).mean(dim=0).double()
    expected = weights_of(iou, ResamplingSettings(method=method, expectation=True)).double()
    assert not mean[expected == 0].any()
    for kind in (iou > 0.7, iou < 0.3):
        kept = expected[kind].sum() / kind.sum()  # the share that stage 1 leaves
        variance = expected[kind] + expected[kind] ** 2 * (1 / kept - 1)  # Poisson draws of the rest
        scores = (mean - expected)[kind] * (rounds / variance) ** 0.5
        assert scores.abs().max() < 5
        assert scores.square().mean() < 1.2  # about 1, or less, if the draws follow the expectation
        for number in range(3):
            of_bin = kind & (number == BINS)
            assert mean[of_bin].sum() == pytest.approx(expected[of_bin].sum().item(), rel=0.03)


def test_rare_lengths_are_drawn_more_often_than_they_occur() -> None:
    iou = torch.full((1, len(GRID)), 0.5)
    iou[:, :20], iou[:, 20:30] = 0.9, 0.1
    iou[0, -1] = 0.9  # one long positive among 20 short ones
    weights = weights_of(iou, EXPECTED)
    assert weights[0, -1] > 3 * weights[0, 0] > 0


def test_bands_of_bmn_are_drawn_to_equal_numbers() -> None:
    iou = torch.cat([torch.full((20,), 0.8), torch.full((50,), 0.5), torch.zeros(400)]).view(1, -1)
    expected = band_weights(iou, True, seeded(), PAPER)
    assert [part.sum().item() for part in expected[0].split([20, 50, 400])] == pytest.approx([20, 20, 20])
    random = seeded()
    drawn = torch.stack([band_weights(iou, False, random, PAPER) for _ in range(300)])
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    assert (drawn[..., :20] == 1).all()
    torch.testing.assert_close(drawn.mean(dim=0), expected, atol=0.15, rtol=0)
    for part in drawn.mean(dim=0)[0].split([20, 50, 400]):
        assert part.sum() == pytest.approx(20, rel=0.05)


def test_bands_of_bmn_that_are_rarer_than_the_high_one_are_kept() -> None:
    iou = torch.tensor([[0.8, 0.9, 1.0, 0.7, 0.31, 0.3, 0.0]])
    expected = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]  # middle (0.3, 0.7], low [0, 0.3]: two each
    assert band_weights(iou, False, seeded(), PAPER).tolist() == [expected]
    assert not band_weights(torch.tensor([[0.7, 0.3, 0.0]]), False, seeded(), PAPER).any()


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_length_bins_are_drawn_with_the_numbers_of_eq_4(kind: str) -> None:
    """Counts of 5, 10 and 85: r' = 0.15 exp(r / 0.15 - 1) below lambda = 0.15, and 0.15 above."""
    few, many = (0.9, 0.1) if kind == "positive" else (0.1, 0.9)
    bins = torch.tensor([0] * 5 + [1] * 10 + [2] * 85 + [0] * 300)
    iou = torch.tensor([[few] * 100 + [many] * 300])
    random, rounds = seeded(), 300
    counts = torch.zeros(3, dtype=torch.float64)
    for _ in range(rounds):
        weights = weights_of(iou, TWO_STAGE, random, bins)
        counts += torch.bincount(bins[:100], weights[0, :100].double(), minlength=3)
    damped = [0.15 * math.exp(0.05 / 0.15 - 1), 0.15 * math.exp(0.10 / 0.15 - 1), 0.15]
    expected = torch.tensor(damped, dtype=torch.float64) / sum(damped)
    assert expected.tolist() == pytest.approx([0.230221, 0.321330, 0.448449], abs=1e-3)
    draws = 100 * rounds
    assert counts.sum() == draws
    deviation = (draws * expected * (1 - expected)).sqrt()
    assert ((counts - draws * expected).abs() < 4 * deviation).all()
