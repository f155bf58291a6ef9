"""Score voting equals plain loops, and keeps edges without voters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.suppress import suppress
from bsnpp.detection.suppression.voting import voted_segments
from tests.reference import voting as reference


def candidates(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    segments = ProposalGrid(12).segments
    return segments[generator.integers(len(segments), size=count)], np.round(generator.random(count), 1)


@given(seed=st.integers(0, 2**32), count=st.integers(1, 40), threshold=st.floats(0.05, 0.99))
@settings(deadline=None, max_examples=40)
def test_equals_the_loops(seed: int, count: int, threshold: float) -> None:
    segments, scores = candidates(seed, count)
    selected = segments[::3]
    voted = voted_segments(selected, segments, scores, threshold)
    expected = reference.voted_segments(
        [(start, end) for start, end in selected],
        [(start, end) for start, end in segments],
        scores.tolist(),
        threshold,
    )
    np.testing.assert_allclose(voted, expected, rtol=1e-12)


@given(seed=st.integers(0, 2**32), count=st.integers(1, 40), threshold=st.floats(0.05, 1))
@settings(deadline=None, max_examples=40)
def test_a_voted_segment_lies_among_its_voters(seed: int, count: int, threshold: float) -> None:
    segments, scores = candidates(seed, count)
    voted = voted_segments(segments, segments, scores, threshold)
    assert (voted[:, 0] < voted[:, 1]).all()
    assert (voted >= segments.min(axis=0) - 1e-12).all() and (voted <= segments.max(axis=0) + 1e-12).all()


def test_a_threshold_of_one_keeps_the_edges() -> None:
    segments, scores = candidates(3, 30)
    np.testing.assert_allclose(voted_segments(segments, segments, scores, 1.0), segments, rtol=1e-12)


def test_voting_by_hand() -> None:
    segments = np.array([[0.0, 0.5], [0.0, 0.4], [0.8, 0.9]])
    nms = NMSSettings(method="hard", low=0.5, high=0.5, voting=0.7)
    selected, values = suppress(segments, np.array([0.6, 0.2, 0.1]), nms, 10)
    assert selected == pytest.approx(np.array([[0.0, 0.475], [0.8, 0.9]]))
    assert values.tolist() == [0.6, 0.1]


def test_voters_of_score_0_keep_the_edges() -> None:
    segments, _ = candidates(4, 10)
    np.testing.assert_array_equal(voted_segments(segments, segments, np.zeros(10), 0.3), segments)
