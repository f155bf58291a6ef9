"""The weight search: equal to brute force, indifferent to names and copies, and not fooled by chance."""

import math
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.classification import hit_counter as hits
from bsnpp.classification.calibration import fit_temperature
from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.classification.scores import fuse_scores
from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.datasets.simulation.classifiers import classify
from bsnpp.datasets.simulation.settings import SimulationSettings
from bsnpp.datasets.simulation.videos import draw_videos
from bsnpp.stores.class_scores import ClassScores
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
    assert found.scores.max() == max(expected) / (12 - without)
    assert found.plateau.sum() == expected.count(max(expected))
    singles = [slow.hits(logits, targets, row, TOP[metric]) for row in np.eye(members, dtype=int)]
    np.testing.assert_array_equal(found.alone, np.array(singles) / (12 - without))


def test_scoring_in_small_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    logits, targets = panel(3)
    whole = search_weights(logits, targets, WeightSearchSettings())
    monkeypatch.setattr(hits, "CHUNK", 1)
    np.testing.assert_array_equal(
        search_weights(logits, targets, WeightSearchSettings()).scores, whole.scores
    )


def test_score_is_that_of_the_chosen_weights() -> None:
    logits, targets = panel(4)
    found = search_weights(logits, targets, WeightSearchSettings())
    fused = np.einsum("i,ivk->vk", found.weights / found.temperatures, logits)
    assert found.score == targets[np.arange(len(targets)), fused.argmax(axis=1)].mean()


def test_a_step_that_does_not_divide_one_is_refused() -> None:
    with pytest.raises(ValueError, match="equal steps"):
        WeightSearchSettings(step=0.3)


@given(
    seed=st.integers(0, 2**16),
    models=st.sampled_from(["aab", "aabb", "abcb", "aaab", "baba"]),
    metric=st.sampled_from(["top1", "top5"]),
)
@settings(max_examples=25, deadline=None)
def test_two_levels_equal_brute_force(seed: int, models: str, metric: Literal["top1", "top5"]) -> None:
    logits, targets = panel(seed, len(models), videos=12, classes=7)
    largest = math.comb(4 + len(models) - 1, 4) - 1  # one weighting too few for the whole grid
    chosen = WeightSearchSettings(step=0.25, metric=metric, temperature_scaling=False, largest_grid=largest)
    found = search_weights(logits, targets, chosen, models=list(models))
    weightings, hit = slow.two_levels(logits, targets, list(models), 4, TOP[metric])
    assert sorted(map(tuple, np.round(found.grid, 9))) == sorted(map(tuple, np.round(weightings, 9)))
    assert sorted(found.scores) == sorted(np.array(hit) / 12)
    plateau = np.array(weightings)[np.array(hit) == max(hit)]
    np.testing.assert_allclose(found.weights, plateau.mean(axis=0), rtol=0, atol=1e-12)


def test_models_of_one_member_each_change_nothing() -> None:
    logits, targets = panel(1, members=4)
    chosen = WeightSearchSettings(step=0.1, largest_grid=100)
    plain, named = (search_weights(logits, targets, chosen, models=models) for models in ((), "abcd"))
    np.testing.assert_array_equal(plain.grid, named.grid)


def test_every_member_needs_a_model() -> None:
    with pytest.raises(ValueError, match="2 models for 3 members"):
        search_weights(*panel(1), WeightSearchSettings(), models=["a", "b"])


def test_a_grid_that_fits_needs_no_levels() -> None:
    logits, targets = panel(1, members=3)
    found = search_weights(logits, targets, WeightSearchSettings(step=0.25), models=["a", "a", "b"])
    assert len(found.grid) == 15


def test_nine_classifiers_of_five_models_are_searched_on_two_levels() -> None:
    logits, targets = panel(2, members=9, videos=30)
    models = [*(name for name in "abcd" for _ in range(2)), "cuhk"]
    found = search_weights(logits, targets, WeightSearchSettings(), models=models)
    assert len(found.grid) == 4 * 21 + 1 + 10_626
    assert found.scores.max() >= found.alone.max()
    assert found.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(3))
def test_members_of_models_may_stand_in_any_order(seed: int) -> None:
    logits, targets = panel(seed, members=4)
    order = np.random.default_rng(seed).permutation(4)
    models = np.array(list("aabb"))
    chosen = WeightSearchSettings(step=0.1, largest_grid=50)
    found = search_weights(logits, targets, chosen, models=models.tolist())
    permuted = search_weights(logits[order], targets, chosen, models=models[order].tolist())
    np.testing.assert_allclose(permuted.weights, found.weights[order], rtol=0, atol=1e-12)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_best_member_alone_wherever_it_stands(place: int) -> None:
    logits, targets = panel(0, members=3, videos=60)
    logits = np.random.default_rng(1).normal(size=logits.shape) + 0.3 * targets
    logits[place] += 3 * targets
    found = search_weights(logits, targets, WeightSearchSettings(), "best")
    assert found.weights.tolist() == np.eye(3)[place].tolist()
    assert found.score == found.alone.max() == found.scores.max()
    assert found.grid.tolist() == np.eye(3).tolist()


def test_of_equally_good_members_the_first_is_the_best() -> None:
    logits, targets = panel(0, members=1)
    found = search_weights(np.repeat(logits, 3, axis=0), targets, WeightSearchSettings(), "best")
    assert found.weights.tolist() == [1.0, 0.0, 0.0]


def test_equal_weights_are_scored() -> None:
    logits, targets = panel(0, members=2)
    found = search_weights(logits, targets, WeightSearchSettings(), "equal")
    fused = np.einsum("i,ivk->vk", 1 / found.temperatures, logits)
    assert found.weights.tolist() == [0.5, 0.5]
    assert found.score == targets[np.arange(len(targets)), fused.argmax(axis=1)].mean()


MAP = WeightSearchSettings(metric="average_map")


def test_the_search_by_map_climbs_to_a_better_weighting_than_any_member() -> None:
    logits, targets = panel(3, members=3, videos=200)
    logits = 2 * targets + np.random.default_rng(0).normal(size=logits.shape)
    calls: list[np.ndarray] = []

    def likelihood(probability: np.ndarray) -> float:
        """Stands for mAP: smooth, and highest for one mixture."""
        calls.append(probability)
        return 1 + 0.1 * float(np.log((probability * targets).sum(axis=1)).mean())

    found = search_weights(logits, targets, MAP, average_map=likelihood)
    names, classes = [f"video{i}" for i in range(200)], [f"class{i}" for i in range(8)]
    members = [ClassScores(names, classes, member) for member in logits]
    assert found.score == pytest.approx(
        likelihood(fuse_scores(members, found.weights, found.temperatures)), abs=1e-12
    )
    assert found.score == found.scores.max() > found.alone.max()
    assert len(calls) == len(found.scores) + 1  # no weighting twice; and the one call above


def test_the_search_by_map_needs_something_that_scores() -> None:
    with pytest.raises(ValueError, match="average_map"):
        search_weights(*panel(0), MAP)


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
        assert ascent.scores.max() >= max(singles)
        assert ascent.scores.max() >= grid.scores.max() - 0.02
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
        with pytest.raises(ValueError, match="do not match"):
            search_weights(wrong, targets, WeightSearchSettings())
    with pytest.raises(ValueError, match="no video has a true class"):
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
