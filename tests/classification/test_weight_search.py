"""The weight search: equal to brute force, indifferent to names and copies, and not fooled by chance."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.classification import weight_search
from bsnpp.classification.scores import ClassScores, fuse_scores, probabilities_to_logits
from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.weight_search import fit_temperature, search_weights, simplex_grid
from bsnpp.simulation.classifiers import classify
from bsnpp.simulation.settings import SimulationSettings
from bsnpp.simulation.videos import draw_videos
from tests.reference import weight_search as slow

TOP = {"top1": 1, "top5": 5}


def panel(seed: int, members: int = 3, videos: int = 40, classes: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return logits (n, N, K) of members of rising strength, and targets with one to two true classes."""
    rng = np.random.default_rng(seed)
    targets = np.eye(classes, dtype=bool)[rng.integers(classes, size=videos)]
    targets[: videos // 5, 0] = True
    strength = np.linspace(0.5, 2.0, members)[:, None, None]
    return strength * targets + rng.normal(size=(members, videos, classes)), targets


@given(
    seed=st.integers(0, 2**16),
    members=st.integers(1, 4),
    whole=st.booleans(),
    metric=st.sampled_from(["top1", "top5"]),
    without=st.integers(0, 3),
)
@settings(max_examples=30, deadline=None)
def test_grid_search_equals_brute_force(
    seed: int, members: int, whole: bool, metric: Literal["top1", "top5"], without: int
) -> None:
    logits, targets = panel(seed, members, videos=12, classes=7)
    logits = np.round(logits) if whole else logits  # whole numbers: ties between classes on almost every row
    targets[12 - without :] = False
    chosen = WeightSearchSettings(step=0.2, metric=metric, temperature_scaling=False)
    found = search_weights(logits, targets, chosen)
    expected = [slow.hits(logits, targets, weights, TOP[metric]) for weights in slow.weightings(members, 5)]
    np.testing.assert_array_equal(found.scores, np.array(expected) / (12 - without))
    np.testing.assert_array_equal(found.grid, np.array(slow.weightings(members, 5)) / 5)
    np.testing.assert_array_equal(found.weights, slow.best_weights(logits, targets, 5, TOP[metric]))
    assert found.best == max(expected) / (12 - without)
    assert found.plateau == expected.count(max(expected))


def test_scoring_in_small_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    logits, targets = panel(3)
    whole = search_weights(logits, targets, WeightSearchSettings())
    monkeypatch.setattr(weight_search, "CHUNK", 1)
    np.testing.assert_array_equal(
        search_weights(logits, targets, WeightSearchSettings()).scores, whole.scores
    )


def test_score_is_that_of_the_chosen_weights() -> None:
    logits, targets = panel(4)
    found = search_weights(logits, targets, WeightSearchSettings())
    fused = np.einsum("i,ivk->vk", found.weights / found.temperatures, logits)
    assert found.score == targets[np.arange(len(targets)), fused.argmax(axis=1)].mean()


@pytest.mark.parametrize(
    ("members", "step", "expected"), [(1, 0.05, 1), (2, 0.25, 5), (3, 0.5, 6), (5, 0.05, 10_626)]
)
def test_grid_holds_every_weighting_once(members: int, step: float, expected: int) -> None:
    grid = simplex_grid(members, step)
    assert grid.shape == (expected, members)
    assert len(np.unique(grid, axis=0)) == expected
    np.testing.assert_allclose(grid.sum(axis=1), 1.0, atol=1e-12)
    assert grid.min() >= 0


def test_a_step_that_does_not_divide_one_is_refused() -> None:
    with pytest.raises(ValueError, match="does not divide"):
        simplex_grid(2, 0.3)
    with pytest.raises(ValueError, match="equal steps"):
        WeightSearchSettings(step=0.3)


def test_one_member_is_the_identity() -> None:
    logits, targets = panel(5, members=1)
    assert search_weights(logits, targets, WeightSearchSettings()).weights.tolist() == [1.0]


@pytest.mark.parametrize("seed", range(5))
def test_permuting_members_permutes_weights(seed: int) -> None:
    logits, targets = panel(seed, members=4)
    order = np.random.default_rng(seed).permutation(4)
    chosen = WeightSearchSettings(step=0.1)
    found, permuted = search_weights(logits, targets, chosen), search_weights(logits[order], targets, chosen)
    np.testing.assert_array_equal(permuted.weights, found.weights[order])
    np.testing.assert_array_equal(permuted.temperatures, found.temperatures[order])


@pytest.mark.parametrize("largest_grid", [50_000, 10])
def test_one_classifier_four_times_changes_nothing(largest_grid: int) -> None:
    """Negative control: whichever weights the copies get, the fused probabilities are the member's own."""
    logits, targets = panel(6, members=1)
    names, classes = [f"video{i}" for i in range(40)], [f"class{i}" for i in range(8)]
    fused = []
    for copies in (1, 4):
        chosen = WeightSearchSettings(largest_grid=largest_grid)
        found = search_weights(np.repeat(logits, copies, axis=0), targets, chosen)
        members = [ClassScores(names, classes, logits[0])] * copies
        fused.append(fuse_scores(members, found.weights, found.temperatures))
    np.testing.assert_allclose(fused[1], fused[0], rtol=0, atol=1e-12)


def test_ascent_beats_its_starts_and_comes_close_to_the_grid() -> None:
    for seed in range(5):
        logits, targets = panel(seed, members=4, videos=200)
        grid = search_weights(logits, targets, WeightSearchSettings(step=0.1))
        ascent = search_weights(logits, targets, WeightSearchSettings(step=0.1, largest_grid=1))
        singles = [search_weights(member[None], targets, WeightSearchSettings()).score for member in logits]
        assert len(ascent.grid) < len(grid.grid)
        assert ascent.best >= max(singles)
        assert ascent.best >= grid.best - 0.02
        np.testing.assert_allclose(ascent.grid.sum(axis=1), 1.0, atol=1e-12)


def test_a_useless_member_gets_almost_nothing() -> None:
    logits, targets = panel(7, members=2, videos=400)
    useless = np.random.default_rng(0).normal(size=logits[:1].shape)
    found = search_weights(np.concatenate([logits, useless]), targets, WeightSearchSettings())
    # What counts in the fused logits is weight / temperature.
    shares = found.weights / found.temperatures
    assert shares[2] < 0.05 * shares.sum() < shares[1]


def test_a_constant_classifier_earns_nothing() -> None:
    logits, targets = panel(8, members=1, classes=6)
    chosen = WeightSearchSettings(metric="top1")
    assert search_weights(np.zeros_like(logits), targets, chosen).score == 0.0


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_temperature_is_recovered(factor: float) -> None:
    rng = np.random.default_rng(1)
    logits = 2 * rng.normal(size=(5000, 10))
    odds = np.exp(logits)
    drawn = (rng.random((5000, 1)) > np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)).sum(axis=1)
    targets = np.eye(10, dtype=bool)[np.minimum(drawn, 9)]
    assert fit_temperature(factor * logits, targets) == pytest.approx(factor, rel=0.05)


def test_temperature_equals_a_plain_search() -> None:
    logits, targets = panel(9)

    def loss(temperature: float) -> float:
        scaled = logits[1] / temperature
        log_probability = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(np.mean([row[true].mean() for row, true in zip(log_probability, targets, strict=True)]))

    tried = np.exp(np.linspace(np.log(0.05), np.log(20), 4001))
    assert fit_temperature(logits[1], targets) == pytest.approx(
        tried[np.argmin([loss(t) for t in tried])], rel=0.002
    )
    assert fit_temperature(logits[1], np.zeros_like(targets)) == 1.0


def test_shapes_that_do_not_fit_are_refused() -> None:
    logits, targets = panel(0)
    for wrong in (logits[:, :5], logits[:0], logits[0]):
        with pytest.raises(ValueError, match="do not fit"):
            search_weights(wrong, targets, WeightSearchSettings())
    with pytest.raises(ValueError, match="no class is true"):
        search_weights(logits, np.zeros_like(targets), WeightSearchSettings())


@pytest.fixture(scope="module")
def simulated() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Calibrated logits (4, N, K) and targets of the simulated classifiers, on 120 and on 3,000 videos."""
    chosen = SimulationSettings(validation=120, testing=3000)
    subsets = {}
    for subset in ("validation", "testing"):
        videos = draw_videos(chosen, 0, subset)
        targets = np.zeros((len(videos), chosen.classes), dtype=bool)
        for row, video in enumerate(videos):
            targets[row, [label for _, _, label in video.annotations]] = True
        rows = [classify(chosen, 0, classifier, videos) for classifier in chosen.classifiers]
        logits = [
            probabilities_to_logits(row) if classifier.kind == "probabilities" else row
            for classifier, row in zip(chosen.classifiers, rows, strict=True)
        ]
        subsets[subset] = (np.array(logits), targets)
    return subsets


@pytest.mark.parametrize("unequal", [False, True])
def test_weights_from_shuffled_labels_gain_nothing_on_test(
    simulated: dict[str, tuple[np.ndarray, np.ndarray]], unequal: bool
) -> None:
    """Negative control: against equal weights, the weights of shuffled labels gain nothing beyond noise.

    With unequal members (the first, and copies of it under noise of 6, 9 and 12) the true labels have much to
    teach, so the test can tell a search that learns from one that leaks.
    """
    (logits, targets), (test_logits, test_targets) = simulated["validation"], simulated["testing"]
    rng = np.random.default_rng(0)
    if unequal:
        spoil = np.array([0, 6, 9, 12])[:, None, None]
        logits = logits[:1] + spoil * rng.normal(size=logits.shape)
        test_logits = test_logits[:1] + spoil * rng.normal(size=test_logits.shape)
    chosen = WeightSearchSettings(step=0.1, temperature_scaling=False)

    def test_accuracy(weights: np.ndarray) -> float:
        fused = np.einsum("i,ivk->vk", weights, test_logits)
        return float(test_targets[np.arange(len(fused)), fused.argmax(axis=1)].mean())

    equal = test_accuracy(np.full(4, 0.25))
    true_gain = test_accuracy(search_weights(logits, targets, chosen).weights) - equal
    shuffled = [search_weights(logits, rng.permutation(targets), chosen).weights for _ in range(12)]
    gains = [test_accuracy(weights) - equal for weights in shuffled]
    noise = np.std(gains, ddof=1) / np.sqrt(len(gains))
    assert np.mean(gains) < 2 * noise
    assert true_gain > np.mean(gains) + 3 * noise
    assert true_gain > (0.1 if unequal else -0.02)


def test_panel_is_better_than_its_best_member_on_test(
    simulated: dict[str, tuple[np.ndarray, np.ndarray]],
) -> None:
    (logits, targets), (test_logits, test_targets) = simulated["validation"], simulated["testing"]
    found = search_weights(logits, targets, WeightSearchSettings())
    rows = np.arange(len(test_targets))
    singles = [test_targets[rows, member.argmax(axis=1)].mean() for member in test_logits]
    fused = np.einsum("i,ivk->vk", found.weights / found.temperatures, test_logits)
    assert test_targets[rows, fused.argmax(axis=1)].mean() > max(singles) + 0.01
    np.testing.assert_allclose(found.temperatures, [1.0, 3.0, 0.5, 2.0], rtol=0.5)
