"""Features of segments and of their edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.recogniser.features import edge_features, segment_features
from bsnpp.recogniser.segments import dense_segments
from bsnpp.recogniser.settings import DenseSettings
from bsnpp.snippets.segment_pooler import SegmentPooler
from tests.reference.snippet_scores import step_mean


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_means_equal_plain_loops(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    sequence = rng.normal(size=(length, 3))
    borders = np.cumsum(rng.uniform(0.01, 2.0, (6, 4)), axis=1) - 2.0
    pooled = SegmentPooler(sequence, 0.4).means(borders)
    for row, means in zip(borders, pooled, strict=True):
        for place, mean in enumerate(means):
            expected = step_mean(sequence, row[place], row[place + 1], 0.4)
            np.testing.assert_allclose(mean, expected, atol=1e-5)


def test_features_are_means_before_inside_and_after() -> None:
    sequence = np.random.default_rng(0).normal(size=(40, 2))
    pooler = SegmentPooler(sequence, 0.5)
    (features,) = segment_features(pooler, np.array([[4.0, 12.0]]), 2.0)
    spans = [(2.0, 4.0), (4.0, 6.0), (6.0, 8.0), (8.0, 10.0), (10.0, 12.0), (12.0, 14.0)]
    expected = np.concatenate([step_mean(sequence, *span, 0.5) for span in spans])
    np.testing.assert_allclose(features, np.append(expected, np.log(8.0)), atol=1e-5)


def test_edge_features_are_the_segment_and_the_snippets_around_both_edges() -> None:
    sequence = np.random.default_rng(0).normal(size=(40, 2))
    pooler, segment = SegmentPooler(sequence, 0.5), np.array([[4.0, 12.0]])
    (features,) = edge_features(pooler, segment, 2.0, 2)
    (inside,) = segment_features(pooler, segment, 2.0)
    rows = [6, 7, 8, 9, 22, 23, 24, 25]
    np.testing.assert_allclose(features, np.append(inside, sequence[rows].ravel()), atol=1e-5)


def test_the_size_of_blocks_changes_no_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    pooler = SegmentPooler(np.random.default_rng(0).normal(size=(40, 2)), 0.5)
    segments = dense_segments(20.0, DenseSettings())
    whole = segment_features(pooler, segments, 2.0)
    monkeypatch.setattr("bsnpp.snippets.segment_pooler.BLOCK", 7)
    np.testing.assert_array_equal(segment_features(pooler, segments, 2.0), whole)
