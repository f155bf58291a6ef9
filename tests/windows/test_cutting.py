"""Sliding windows: equal to plain loops, with their guarantee, and back to the recording without loss."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.stores.tables import read_table, read_windows, write_table
from bsnpp.windows.cutting import cut_segments, window_features, windows
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.tables import by_recording, cut_recordings, guaranteed_share
from tests.reference import windows as reference

SMALL = WindowSettings(cells=8, cell_seconds=0.5, snippet_seconds=0.25)  # windows of 4 s, every second
extents = st.one_of(st.floats(0.3, 40), st.integers(1, 80).map(lambda half: half / 2))
settings = st.builds(
    WindowSettings,
    cells=st.integers(4, 9),
    cell_seconds=st.sampled_from([0.5, 0.8, 1 / 3]),
    overlap=st.sampled_from([0.0, 0.5, 0.75, 0.6]),
    keep_share=st.sampled_from([0.5, 0.3, 1.0]),
    snippet_seconds=st.sampled_from([0.4, 0.25, 0.1, 1.7]),
)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[float, np.ndarray]:
    """The extent of a recording, and segments in it: (M, 2)."""
    extent = draw(extents)
    share = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    pairs = draw(st.lists(st.tuples(share, share).map(sorted), max_size=5))
    return extent, np.array(pairs, float).reshape(-1, 2) * extent


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
def test_what_is_up_to_the_overlap_long_lies_whole_in_some_window(
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


def test_the_guarantee_cannot_be_longer() -> None:
    segment = np.array([[0.9, 0.9 + 3.2]])  # 3.2 s in windows [0, 4], [1, 5], ...; the guarantee is 3 s
    _, _, _, visible = cut_segments(segment, windows(20.0, SMALL), SMALL)
    assert len(visible) and not visible.all(axis=1).any()


@given(recording=recordings(), options=settings)
@limits(max_examples=80, deadline=None)
def test_visible_edges_return_to_their_place_in_the_recording(
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


def test_half_an_instance_is_kept_and_less_is_not() -> None:
    segments = np.array([[3.0, 5.0], [3.1, 5.1], [2.9, 4.9]])
    _, segment, inside, visible = cut_segments(segments, np.array([0.0]), SMALL)
    assert segment.tolist() == [0, 2]
    np.testing.assert_allclose(inside, [[3.0, 4.0], [2.9, 4.0]])
    assert visible.tolist() == [[True, False]] * 2


@given(length=st.integers(1, 60), extent=st.floats(0.3, 25), options=settings, seed=st.integers(0, 9))
@limits(max_examples=80, deadline=None)
def test_features_equal_the_loops(length: int, extent: float, options: WindowSettings, seed: int) -> None:
    sequence = np.random.default_rng(seed).standard_normal((length, 3)).astype(np.float32)
    starts = windows(extent, options)
    found = window_features(sequence, starts, extent, options)
    expected = reference.window_features(sequence, starts.tolist(), extent, options)
    assert found.dtype == np.float32 and found.shape == (len(starts), 3, options.cells)
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_two_snippets_a_cell_are_averaged_and_the_padding_is_zero() -> None:
    sequence = np.arange(1, 7, dtype=np.float32)[:, None]  # six snippets of 0.25 s: three cells of 1.5 s
    found = window_features(sequence, windows(1.5, SMALL), 1.5, SMALL)
    assert found.tolist() == [[[1.5, 3.5, 5.5, 0, 0, 0, 0, 0]]]


def test_fewer_snippets_than_cells_are_interpolated() -> None:
    sequence = np.array([[1.0], [3.0]], np.float32)  # centred at 1 and 3 s
    options = SMALL.model_copy(update={"snippet_seconds": 2.0})
    found = window_features(sequence, np.zeros(1), 4.0, options)
    # Cells 2 and 6 begin at the centres and hold them.
    assert found[0, 0].tolist() == [1.0, 1.0, 1.0, 1.75, 2.25, 2.75, 3.0, 3.0]


@given(extent=st.floats(8, 25), seed=st.integers(0, 9))
@limits(max_examples=80, deadline=None)
def test_overlapping_windows_agree_on_their_common_cells(extent: float, seed: int) -> None:
    sequence = np.random.default_rng(seed).standard_normal((int(extent / 0.25), 2)).astype(np.float32)
    found = window_features(sequence, windows(extent, SMALL), extent, SMALL)
    np.testing.assert_array_equal(found[0, :, 2:], found[1, :, :-2])  # a step is two cells


def tables_of(
    extent: dict[str, float], rows: list[tuple[str, float, float]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    videos = pd.DataFrame({"video": list(extent), "duration": list(extent.values())})
    instances = pd.DataFrame(rows, columns=["video", "start", "end"])
    return videos.assign(extent=videos["duration"]), instances.assign(label="NA")


def test_tables_of_recordings_longer_shorter_and_as_long_as_a_window(tmp_path: Path) -> None:
    videos, instances = tables_of(
        {"long": 6.0, "short": 2.5, "exact": 4.0}, [("long", 4.2, 5.4), ("exact", 0.0, 4.0), ("short", 1, 9)]
    )
    tables = cut_recordings(videos, instances, SMALL)
    assert tables.windows.to_numpy().tolist() == [
        ["long@0000", "long", 0, 4], ["long@0001", "long", 1, 5], ["long@0002", "long", 2, 6],
        ["short@0000", "short", 0, 4], ["exact@0000", "exact", 0, 4],
    ]  # fmt: skip
    assert tables.videos["video"].tolist() == tables.windows["window"].tolist()
    assert (tables.videos[["duration", "extent"]] == 4.0).all(axis=None)
    assert tables.videos["covered"].tolist() == [4.0, 4.0, 4.0, 2.5, 4.0]
    expected = [
        ("long@0001", 3.2, 4.0, 1, 0), ("long@0002", 2.2, 3.4, 1, 1),
        ("short@0000", 1.0, 2.5, 1, 1), ("exact@0000", 0.0, 4.0, 1, 1),
    ]  # fmt: skip
    for row, wanted in zip(tables.instances.to_numpy().tolist(), expected, strict=True):
        assert (row[0], row[4:], row[3]) == (wanted[0], list(wanted[3:]), "NA")
        assert row[1:3] == pytest.approx(list(wanted[1:3]))
    filled = tables.with_instances()
    assert filled.windows["window"].tolist() == filled.videos["video"].tolist()
    assert filled.windows["window"].tolist() == [row[0] for row in expected]
    write_table(tmp_path / "windows.tsv", tables.windows)
    pd.testing.assert_frame_equal(read_windows(tmp_path / "windows.tsv"), tables.windows)
    write_table(tmp_path / "instances.tsv", tables.instances)
    pd.testing.assert_frame_equal(read_table(tmp_path / "instances.tsv"), tables.instances, check_dtype=False)
    assert [(video, names) for video, names, _ in by_recording(tables.windows)] == [
        ("long", ["long@0000", "long@0001", "long@0002"]),
        ("short", ["short@0000"]),
        ("exact", ["exact@0000"]),
    ]
    assert [starts.tolist() for _, _, starts in by_recording(tables.windows)] == [[0, 1, 2], [0], [0]]


def test_the_share_held_whole_by_hand() -> None:
    videos, instances = tables_of(
        {"a": 10.0},
        [("a", 0.0, 4.0), ("a", 6.0, 10.0), ("a", 0.2, 4.2), ("a", 3.0, 7.0), ("a", 3.5, 6.5), ("a", 2, 9)],
    )
    found = cut_recordings(videos, instances, SMALL).windows
    assert guaranteed_share(instances, found) == 4 / 6  # not [.2, 4.2] and [2, 9]
    # [0, 4] must not reach its window's inner edge, no more than [6, 10]; [3.5, 6.5] has half a second each.
    assert guaranteed_share(instances, found, margin=0.5) == 1 / 6
    assert guaranteed_share(instances, found, margin=0.6) == 0
    assert np.isnan(guaranteed_share(instances[:0], found))
    edge = pd.DataFrame({"video": ["a", "a"], "start": [0.0, 8.0], "end": [3.4, 12.0]})
    assert guaranteed_share(edge, found, margin=0.5) == 1  # a recording's own edges need no margin


def test_no_instances_at_all() -> None:
    videos, instances = tables_of({"a": 6.0}, [])
    tables = cut_recordings(videos, instances, SMALL)
    assert len(tables.windows) == 3 and not len(tables.instances)
    assert not len(tables.with_instances().windows)


def test_files_that_are_no_table_of_windows_are_told(tmp_path: Path) -> None:
    (tmp_path / "videos.tsv").write_text("video\tduration\na\t1.0\n")
    (tmp_path / "text.tsv").write_text("window\tvideo\tstart\tend\na@0\ta\tx\t1\n")
    for name in ("none.tsv", "videos.tsv", "text.tsv"):
        with pytest.raises(UserError, match=rf"{name}: no table of windows"):
            read_windows(tmp_path / name)
