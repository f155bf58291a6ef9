"""Panels of classifiers of videos: alignment by name, search and fusion."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.classification.mixing import mixer
from bsnpp.classification.panels import align_scores, fuse_scores, search_video_weights
from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.core.errors import UserError
from bsnpp.stores.class_scores import ClassScores
from tests.classification import random_panel

CLASSES = ["Archery", "Bowling", "Curling"]
VIDEOS = ["first", "second"]


def test_fusion_is_the_formula() -> None:
    rng = np.random.default_rng(1)
    members = [ClassScores(VIDEOS, CLASSES, rng.normal(size=(2, 3))) for _ in range(2)]
    weights, temperatures = np.array([0.3, 0.7]), np.array([0.5, 2.0])
    odds = np.exp(0.3 * members[0].logits / 0.5 + 0.7 * members[1].logits / 2.0)
    fused = fuse_scores(members, weights, temperatures)
    np.testing.assert_allclose(fused, odds / odds.sum(axis=1, keepdims=True), rtol=1e-12)
    swapped = fuse_scores(members[::-1], weights[::-1], temperatures[::-1])
    np.testing.assert_allclose(swapped, fused, rtol=1e-12)


def test_a_large_constant_in_a_row_changes_nothing() -> None:
    logits = np.random.default_rng(2).normal(size=(2, 3))
    one = fuse_scores([ClassScores(VIDEOS, CLASSES, logits)], np.ones(1), np.ones(1))
    moved = fuse_scores(
        [ClassScores(VIDEOS, CLASSES, logits + np.array([[1e3], [-1e3]]))], np.ones(1), np.ones(1)
    )
    np.testing.assert_allclose(moved, one, rtol=1e-10)


def test_probabilities_are_recovered_from_logits() -> None:
    probability = np.random.default_rng(3).dirichlet(np.ones(3), size=2)
    scores = ClassScores(VIDEOS, CLASSES, probabilities_to_logits(probability))
    np.testing.assert_allclose(fuse_scores([scores], np.ones(1), np.ones(1)), probability, rtol=1e-12)


def test_mismatched_members_are_refused() -> None:
    scores = ClassScores(VIDEOS, CLASSES, np.zeros((2, 3)))
    other = ClassScores(VIDEOS[::-1], CLASSES, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="same videos"):
        fuse_scores([scores, other], np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="1 members, 2 weights"):
        fuse_scores([scores], np.ones(2), np.ones(1))
    with pytest.raises(ValueError, match="above 0"):
        fuse_scores([scores], np.ones(1), np.zeros(1))
    with pytest.raises(ValueError, match="shape"):
        ClassScores(VIDEOS, CLASSES, np.zeros((3, 2)))


def test_classifiers_are_aligned_by_name() -> None:
    logits = np.random.default_rng(0).normal(size=(3, 4))
    videos, classes = ["v1", "v2", "v3"], ["a", "b", "c", "d"]
    rows, columns = [2, 0, 1], [3, 1, 0, 2]
    other = ClassScores(
        [videos[row] for row in rows], [classes[column] for column in columns], logits[np.ix_(rows, columns)]
    )
    one, two = align_scores({"one": ClassScores(videos, classes, logits), "two": other}, videos, classes)
    assert one.videos == two.videos == videos and one.classes == two.classes == classes
    np.testing.assert_array_equal(one.logits, logits)
    np.testing.assert_array_equal(two.logits, logits)


def test_the_faults_of_all_classifiers_are_reported_together() -> None:
    videos, classes = ["v1", "v2"], ["a", "b"]
    broken = np.array([[0.0, np.nan], [1.0, 2.0]])
    members = {
        "one": ClassScores(["v1"], ["a", "b"], np.zeros((1, 2))),
        "two": ClassScores(videos, ["b", "c"], np.zeros((2, 2))),
        "three": ClassScores(videos, classes, broken),
        "fine": ClassScores(videos, classes, np.zeros((2, 2))),
    }
    with pytest.raises(UserError) as caught:
        align_scores(members, videos, classes)
    for line in (
        "one: video v2: missing",
        "two: class 'a': missing",
        "two: class 'c': unknown",
        "three: video v1: a score is not a finite number",
    ):
        assert line in str(caught.value)
    assert "fine" not in str(caught.value)


@given(st.integers(0, 2**16), st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_fusion_ignores_the_order_and_equal_weights_are_the_mean(seed: int, members: int) -> None:
    random = np.random.default_rng(seed)
    videos, classes = ["v1", "v2", "v3"], ["a", "b", "c", "d"]
    panel = [ClassScores(videos, classes, random.normal(size=(3, 4))) for _ in range(members)]
    weights, temperatures = random.dirichlet(np.ones(members)), random.uniform(0.5, 2, members)
    order = random.permutation(members)
    fused = fuse_scores(panel, weights, temperatures)
    permuted = fuse_scores([panel[place] for place in order], weights[order], temperatures[order])
    np.testing.assert_allclose(permuted, fused, rtol=0, atol=1e-12)
    equal = fuse_scores(panel, np.full(members, 1 / members), np.ones(members))
    mean = softmax(np.mean([member.logits for member in panel], axis=0), axis=1)
    np.testing.assert_allclose(equal, mean, rtol=0, atol=1e-12)


@given(st.integers(0, 2**16), st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_the_prepared_mixture_is_the_fusion(seed: int, members: int) -> None:
    random = np.random.default_rng(seed)
    logits, temperatures = 9 * random.normal(size=(members, 2, 3)), random.uniform(0.5, 2, members)
    panel = [ClassScores(VIDEOS, CLASSES, member) for member in logits]
    mix = mixer(list(logits), temperatures)
    for weights in random.dirichlet(np.ones(members), size=3):
        fused = fuse_scores(panel, weights, temperatures)
        np.testing.assert_array_equal(softmax(mix(weights.tolist()), axis=1), fused)


def test_the_search_uses_the_annotated_classes() -> None:
    logits, targets = random_panel.panel(1, members=2)
    videos, classes = [f"v{row}" for row in range(40)], [f"c{column}" for column in range(8)]
    pairs = [(videos[row], classes[column]) for row, column in np.argwhere(targets)]
    instances = pd.DataFrame(pairs[::-1], columns=["video", "label"])
    members = [ClassScores(videos, classes, member) for member in logits]
    settings = WeightSearchSettings()
    search = search_video_weights(members, instances, settings, "search", ["a", "b"])
    np.testing.assert_array_equal(search.scores, search_weights(logits, targets, settings).scores)
