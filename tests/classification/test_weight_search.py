"""Search for the weights of a panel, compared with brute force."""

import math
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.classification import hit_counter
from bsnpp.classification.panels import fuse_scores
from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.stores.class_scores import ClassScores
from tests.classification.random_panel import panel
from tests.reference import weight_search as slow

TOP = {"top1": 1, "top5": 5}
MAP = WeightSearchSettings(metric="average_map")


@given(
    seed=st.integers(0, 2**16),
    members=st.integers(1, 4),
    integers=st.booleans(),
    metric=st.sampled_from(["top1", "top5"]),
    without=st.integers(0, 3),
)
@settings(max_examples=30, deadline=None)
def test_grid_search_equals_brute_force(
    seed: int, members: int, integers: bool, metric: Literal["top1", "top5"], without: int
) -> None:
    logits, targets = panel(seed, members, videos=12, classes=7)
    logits = np.round(logits) if integers else logits  # integers: ties in almost every row
    targets[12 - without :] = False
    chosen = WeightSearchSettings(step=0.2, metric=metric, temperature_scaling=False)
    search = search_weights(logits, targets, chosen)
    expected = [slow.hits(logits, targets, weights, TOP[metric]) for weights in slow.weightings(members, 5)]
    np.testing.assert_array_equal(search.scores, np.array(expected) / (12 - without))
    np.testing.assert_array_equal(search.grid, np.array(slow.weightings(members, 5)) / 5)
    np.testing.assert_array_equal(search.weights, slow.best_weights(logits, targets, 5, TOP[metric]))
    assert search.scores.max() == max(expected) / (12 - without)
    assert search.plateau.sum() == expected.count(max(expected))
    singles = [slow.hits(logits, targets, row, TOP[metric]) for row in np.eye(members, dtype=int)]
    np.testing.assert_array_equal(search.alone, np.array(singles) / (12 - without))


def test_the_chunk_size_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    logits, targets = panel(3)
    expected = search_weights(logits, targets, WeightSearchSettings()).scores
    monkeypatch.setattr(hit_counter, "CHUNK", 1)
    np.testing.assert_array_equal(search_weights(logits, targets, WeightSearchSettings()).scores, expected)


def test_the_score_is_that_of_the_chosen_weights() -> None:
    logits, targets = panel(4)
    search = search_weights(logits, targets, WeightSearchSettings())
    fused = np.einsum("i,ivk->vk", search.weights / search.temperatures, logits)
    assert search.score == targets[np.arange(len(targets)), fused.argmax(axis=1)].mean()


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
    largest = math.comb(4 + len(models) - 1, 4) - 1  # one weighting too few for the full grid
    chosen = WeightSearchSettings(step=0.25, metric=metric, temperature_scaling=False, largest_grid=largest)
    search = search_weights(logits, targets, chosen, models=list(models))
    weightings, hit = slow.two_levels(logits, targets, list(models), 4, TOP[metric])
    assert sorted(map(tuple, np.round(search.grid, 9))) == sorted(map(tuple, np.round(weightings, 9)))
    assert sorted(search.scores) == sorted(np.array(hit) / 12)
    plateau = np.array(weightings)[np.array(hit) == max(hit)]
    np.testing.assert_allclose(search.weights, plateau.mean(axis=0), rtol=0, atol=1e-12)


def test_models_with_one_member_each_change_nothing() -> None:
    logits, targets = panel(1, members=4)
    chosen = WeightSearchSettings(step=0.1, largest_grid=100)
    plain, named = (search_weights(logits, targets, chosen, models=models) for models in ((), "abcd"))
    np.testing.assert_array_equal(plain.grid, named.grid)


def test_every_member_needs_a_model() -> None:
    with pytest.raises(ValueError, match="2 models for 3 members"):
        search_weights(*panel(1), WeightSearchSettings(), models=["a", "b"])


def test_a_small_grid_is_searched_on_one_level() -> None:
    logits, targets = panel(1, members=3)
    search = search_weights(logits, targets, WeightSearchSettings(step=0.25), models=["a", "a", "b"])
    assert len(search.grid) == 15


def test_nine_classifiers_of_five_models_are_searched_on_two_levels() -> None:
    logits, targets = panel(2, members=9, videos=30)
    models = [*(name for name in "abcd" for _ in range(2)), "cuhk"]
    search = search_weights(logits, targets, WeightSearchSettings(), models=models)
    assert len(search.grid) == 4 * 21 + 1 + 10_626
    assert search.scores.max() >= search.alone.max()
    assert search.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(3))
def test_members_of_models_may_have_any_order(seed: int) -> None:
    logits, targets = panel(seed, members=4)
    order = np.random.default_rng(seed).permutation(4)
    models = np.array(list("aabb"))
    chosen = WeightSearchSettings(step=0.1, largest_grid=50)
    search = search_weights(logits, targets, chosen, models=models.tolist())
    permuted = search_weights(logits[order], targets, chosen, models=models[order].tolist())
    np.testing.assert_allclose(permuted.weights, search.weights[order], rtol=0, atol=1e-12)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_best_member_is_chosen_at_any_place(place: int) -> None:
    logits, targets = panel(0, members=3, videos=60)
    logits = np.random.default_rng(1).normal(size=logits.shape) + 0.3 * targets
    logits[place] += 3 * targets
    search = search_weights(logits, targets, WeightSearchSettings(), "best")
    assert search.weights.tolist() == np.eye(3)[place].tolist()
    assert search.score == search.alone.max() == search.scores.max()
    assert search.grid.tolist() == np.eye(3).tolist()


def test_of_equally_good_members_the_first_is_chosen() -> None:
    logits, targets = panel(0, members=1)
    search = search_weights(np.repeat(logits, 3, axis=0), targets, WeightSearchSettings(), "best")
    assert search.weights.tolist() == [1.0, 0.0, 0.0]


def test_equal_weights_are_scored() -> None:
    logits, targets = panel(0, members=2)
    search = search_weights(logits, targets, WeightSearchSettings(), "equal")
    fused = np.einsum("i,ivk->vk", 1 / search.temperatures, logits)
    assert search.weights.tolist() == [0.5, 0.5]
    assert search.score == targets[np.arange(len(targets)), fused.argmax(axis=1)].mean()


def test_the_search_by_map_improves_on_every_member() -> None:
    logits, targets = panel(3, members=3, videos=200)
    logits = 2 * targets + np.random.default_rng(0).normal(size=logits.shape)
    calls: list[np.ndarray] = []

    def likelihood(probability: np.ndarray) -> float:
        """A smooth substitute for mAP, which is highest for one mixture."""
        calls.append(probability)
        return 1 + 0.1 * float(np.log((probability * targets).sum(axis=1)).mean())

    search = search_weights(logits, targets, MAP, average_map=likelihood)
    names, classes = [f"video{i}" for i in range(200)], [f"class{i}" for i in range(8)]
    members = [ClassScores(names, classes, member) for member in logits]
    assert search.score == pytest.approx(
        likelihood(fuse_scores(members, search.weights, search.temperatures)), abs=1e-12
    )
    assert search.score == search.scores.max() > search.alone.max()
    assert len(calls) == len(search.scores) + 1  # no weighting twice, plus the call above


def test_the_search_by_map_requires_a_function() -> None:
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
    search, permuted = search_weights(logits, targets, chosen), search_weights(logits[order], targets, chosen)
    np.testing.assert_array_equal(permuted.weights, search.weights[order])
    np.testing.assert_array_equal(permuted.temperatures, search.temperatures[order])


def test_a_constant_classifier_scores_zero() -> None:
    logits, targets = panel(8, members=1, classes=6)
    chosen = WeightSearchSettings(metric="top1")
    assert search_weights(np.zeros_like(logits), targets, chosen).score == 0.0


def test_wrong_shapes_are_refused() -> None:
    logits, targets = panel(0)
    for wrong in (logits[:, :5], logits[:0], logits[0]):
        with pytest.raises(ValueError, match="do not match"):
            search_weights(wrong, targets, WeightSearchSettings())


def test_without_a_labelled_video_all_weights_are_equal() -> None:
    logits, targets = panel(0)
    with pytest.warns(UserWarning, match="no validation video has an annotation"):
        search = search_weights(logits, np.zeros_like(targets), WeightSearchSettings())
    assert search.weights.tolist() == [1 / len(logits)] * len(logits)
    assert search.temperatures.tolist() == [1.0] * len(logits) and search.score == 0.0
