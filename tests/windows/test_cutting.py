"""Windows and clipped segments equal plain loops, and keep what the overlap guarantees."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits

from bsnpp.windows.cutting import cut_segments, windows
from bsnpp.windows.settings import WindowSettings
from tests.reference import windows as reference
from tests.windows.options import SMALL, extents, recordings, settings


@given(extent=extents, options=settings)
@limits(max_examples=80, deadline=None)
def test_windows_cover_the_recording_and_end_with_it(extent: float, options: WindowSettings) -> None:
    starts = windows(extent, options)
    np.testing.assert_allclose(starts, reference.windows(extent, options), atol=1e-9)
    assert starts[0] == 0 and (np.diff(starts) > 0).all() and (np.diff(starts) <= options.step + 1e-6).all()
    assert starts[-1] + options.length == pytest.approx(max(extent, options.length), abs=2e-6)


@pytest.mark.parametrize(
    ("extent", "expected"),
    [(4.0, [0]), (3.0, [0]), (4.5, [0, 0.5]), (5.0, [0, 1]), (5.2, [0, 1, 1.2]), (7.0, [0, 1, 2, 3])],
)
def test_windows_by_hand(extent: float, expected: list[float]) -> None:
    assert windows(extent, SMALL).tolist() == pytest.approx(expected)


@given(recording=recordings(), options=settings)
@limits(max_examples=80, deadline=None)
def test_cut_segments_equal_the_loops(recording: tuple[float, np.ndarray], options: WindowSettings) -> None:
    extent, segments = recording
    starts = windows(extent, options)
    expected = reference.cut([(a, b) for a, b in segments.tolist()], starts.tolist(), options)
    window, segment, inside, visible = cut_segments(segments, starts, options)
    assert [(w, s) for w, s, _, _ in expected] == list(zip(window.tolist(), segment.tolist(), strict=True))
    np.testing.assert_allclose(
        inside, np.array([part for _, _, part, _ in expected]).reshape(-1, 2), atol=2e-6
    )
    assert [seen for _, _, _, seen in expected] == [tuple(row) for row in visible.tolist()]


@given(recording=recordings(), options=settings)
@limits(max_examples=80, deadline=None)
def test_segments_no_longer_than_the_overlap_lie_whole_in_some_window(
    recording: tuple[float, np.ndarray], options: WindowSettings
) -> None:
    extent, segments = recording
    guarantee = options.overlap * options.length
    segments[:, 1] = np.minimum(segments[:, 1], segments[:, 0] + guarantee)
    _, segment, inside, visible = cut_segments(segments, windows(extent, options), options)
    whole = visible.all(axis=1)
    assert set(segment[whole]) == set(range(len(segments)))
    lengths = (segments[:, 1] - segments[:, 0])[segment[whole]]
    np.testing.assert_allclose(inside[whole, 1] - inside[whole, 0], lengths, atol=3e-6)


def test_longer_segments_may_lie_whole_in_no_window() -> None:
    segment = np.array([[0.9, 0.9 + 3.2]])  # 3.2 s in windows [0, 4], [1, 5], ...; the overlap is 3 s
    _, _, _, visible = cut_segments(segment, windows(20.0, SMALL), SMALL)
    assert len(visible) and not visible.all(axis=1).any()


@given(recording=recordings(), options=settings)
@limits(max_examples=80, deadline=None)
def test_visible_edges_keep_their_place_in_the_recording(
    recording: tuple[float, np.ndarray], options: WindowSettings
) -> None:
    extent, segments = recording
    starts = windows(extent, options)
    window, segment, inside, visible = cut_segments(segments, starts, options)
    assert (inside >= 0).all() and (inside <= options.length).all()
    returned = starts[window][:, None] + inside
    np.testing.assert_allclose(returned[visible], segments[segment][visible], atol=2e-6)
    edges = np.broadcast_to([0.0, options.length], inside.shape)
    np.testing.assert_array_equal(inside[~visible], edges[~visible])


def test_half_a_segment_is_kept_and_less_is_not() -> None:
    segments = np.array([[3.0, 5.0], [3.1, 5.1], [2.9, 4.9]])
    _, segment, inside, visible = cut_segments(segments, np.array([0.0]), SMALL)
    assert segment.tolist() == [0, 2]
    np.testing.assert_allclose(inside, [[3.0, 4.0], [2.9, 4.0]])
    assert visible.tolist() == [[True, False]] * 2
