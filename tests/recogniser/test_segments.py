"""Dense windows, training segments, and proposals near instances."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.recogniser.segments import best_overlap, close_proposals, dense_segments, training_segments
from bsnpp.recogniser.settings import DenseSettings
from tests.recogniser.recordings import SETTINGS


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 300.0))
def test_a_dense_window_overlaps_every_segment(extent: float) -> None:
    options = DenseSettings()
    windows = dense_segments(extent, options)
    assert (windows[:, 0] >= 0).all()
    assert (windows[:, 1] <= extent).all()
    assert (windows[:, 1] > windows[:, 0]).all()
    rng = np.random.default_rng(0)
    lengths = np.exp(rng.uniform(np.log(4.0), np.log(45.0), 50))
    lengths = lengths[lengths <= extent]
    start = rng.uniform(0, extent - lengths)
    if len(start):
        tiou, _ = best_overlap(np.column_stack([start, start + lengths]), windows)
        # At most half a stride and half a ratio away, and a whole one at the end of the recording.
        assert tiou.min() > 0.7


def test_a_short_recording_is_one_window() -> None:
    assert dense_segments(1.0, DenseSettings()).tolist() == [[0.0, 1.0]]


def test_close_proposals_are_the_nearest_of_each_instance() -> None:
    instances = np.array([[0.0, 10.0], [20.0, 30.0]])
    near = np.array([[0.0, 9.0], [21.0, 30.0], [0.0, 8.0], [0.0, 7.0], [100.0, 110.0], [4.0, 8.0]])
    two = SETTINGS.model_copy(update={"generated": 2})
    close = close_proposals(near, instances, two)
    np.testing.assert_array_equal(close, near[[0, 2, 1]])  # 0.9 and 0.8, not 0.7; 0.9; not 0 and 0.4
    np.testing.assert_array_equal(close_proposals(near[::-1], instances, two), close)
    assert not len(close_proposals(near, instances, SETTINGS.model_copy(update={"generated": 0})))
    assert close_proposals(np.empty((0, 2)), instances, two).shape == (0, 2)


def test_training_segments_are_good_and_bad_and_inside_the_recording() -> None:
    instances = np.array([[0.0, 5.0], [50.0, 60.0]])
    segments = training_segments(60.0, instances, SETTINGS, np.random.default_rng(0))
    again = training_segments(60.0, instances, SETTINGS, np.random.default_rng(0))
    np.testing.assert_array_equal(segments, again)
    assert segments[:2].tolist() == instances.tolist()
    assert (segments[:, 0] >= 0).all()
    assert (segments[:, 1] <= 60.0).all()
    assert (segments[:, 1] > segments[:, 0]).all()
    tiou, nearest = best_overlap(segments, instances)
    assert (tiou[2:] > SETTINGS.positive).sum() >= 10
    assert (tiou < SETTINGS.negative).sum() >= 10
    assert set(nearest[tiou > 0.5]) == {0, 1}
