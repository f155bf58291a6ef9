"""Class scores of snippets: targets, pooling in segments, and panels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.classification.scores import fuse_scores
from bsnpp.core.errors import UserError
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.snippets.scores import fuse_snippet_scores
from bsnpp.snippets.targets import snippet_targets
from bsnpp.stores.class_scores import ClassScores
from bsnpp.stores.snippet_scores import SnippetScores
from tests.reference import snippet_scores as reference

CLASSES = ["background", "run", "walk"]


def scores(seed: int = 0) -> SnippetScores:
    logits = np.random.default_rng(seed).normal(size=(7, 3)).astype(np.float32)
    return SnippetScores(["b", "a"], np.array([4, 3]), CLASSES, logits, 0.4)


def table(rows: list[tuple[float, float, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["start", "end", "label"])


def test_targets_are_the_instance_over_the_centre() -> None:
    instances = table([(0.6, 1.5, "walk"), (2.5, 9.0, "run")])
    # Centres .5, 1.5, 2.5, 3.5, 4.5: an end is outside, a start inside.
    assert snippet_targets(instances, CLASSES, 5, 1.0).tolist() == [0, 0, 1, 1, 1]
    assert snippet_targets(table([]), CLASSES, 3, 1.0).tolist() == [0, 0, 0]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(1, 2)), max_size=6),
    st.integers(1, 30),
)
def test_targets_equal_plain_loops(rows: list[tuple[int, int, int]], length: int) -> None:
    # Different lengths: sums of floats may part equally long ones, which the test below ties.
    rows = list({size: (start, size, label) for start, size, label in rows}.values())
    spans = [(0.3 * start, 0.3 * (start + size), label) for start, size, label in rows]
    instances = table([(start, end, CLASSES[label]) for start, end, label in spans])
    found = snippet_targets(instances, CLASSES, length, 0.4)
    assert found.tolist() == reference.snippet_targets(spans, length, 0.4)


@pytest.mark.parametrize("order", [["run", "walk"], ["walk", "run"]])
def test_of_two_classes_on_one_segment_the_first_is_taken(order: list[str]) -> None:
    instances = table([(1.0, 3.0, label) for label in order])
    assert snippet_targets(instances, CLASSES, 4, 1.0).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("label", ["swim", "background"])
def test_unknown_labels_are_refused(label: str) -> None:
    with pytest.raises(ValueError, match=label):
        snippet_targets(table([(0.0, 1.0, label)]), CLASSES, 3, 0.4)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_pooling_equals_plain_loops(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    probability = rng.dirichlet(np.ones(4), length)
    start = rng.uniform(-2.0, 0.4 * length + 2.0, 20)
    segments = np.column_stack([start, start + rng.choice([0.0, 0.05, 0.3, 1.0, 9.0], 20)])
    pooled = pool_in_segments(probability, segments, 0.4)
    assert pooled.shape == (20, 3)
    np.testing.assert_allclose(
        pooled, reference.pool_in_segments(probability, segments, 0.4), atol=1e-12, rtol=0
    )


def test_pooling_of_a_segment_without_a_centre_takes_the_nearest_snippet() -> None:
    probability = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    segments = np.array([[0.55, 0.75], [0.96, 0.98], [-5.0, -4.0], [7.0, 8.0]])
    expected = [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    assert pool_in_segments(probability, segments, 1.0).tolist() == expected
    assert pool_in_segments(probability, np.empty((0, 2)), 1.0).shape == (0, 2)


def test_a_panel_fuses_like_that_of_videos() -> None:
    members = [scores(0), scores(1)]
    weights, temperatures = np.array([0.3, 0.7]), np.array([2.0, 0.5])
    fused = fuse_snippet_scores(members, weights, temperatures)
    rows = [str(row) for row in range(7)]
    expected = fuse_scores(
        [ClassScores(rows, CLASSES, member.logits.astype(np.float64)) for member in members],
        weights,
        temperatures,
    )
    np.testing.assert_allclose(np.exp(fused.logits), expected, rtol=1e-5)
    assert fused.videos == ["b", "a"]


def test_members_of_a_panel_must_agree() -> None:
    other = replace(scores(), videos=["a", "b"])
    with pytest.raises(UserError, match="differ"):
        fuse_snippet_scores([scores(), other], np.ones(2), np.ones(2))
