"""Tables of windows, of windows as videos, and of their instances."""

import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.windows.settings import WindowSettings
from bsnpp.windows.tables import cut_recordings, guaranteed_share
from tests.windows.options import SMALL


def tables_of(
    extents: dict[str, float], rows: list[tuple[str, float, float]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    videos = pd.DataFrame({"video": list(extents), "duration": list(extents.values())})
    instances = pd.DataFrame(rows, columns=["video", "start", "end"])
    return videos.assign(extent=videos["duration"]), instances.assign(label="NA")


def test_recordings_longer_shorter_and_as_long_as_a_window() -> None:
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


def test_instances_outside_their_recording_are_left_out() -> None:
    """An instance behind the end is no instance of zero length in the last window."""
    inside = [("a", 10.0, 30.0), ("a", 90.0, 130.0), ("b", 9.0, 9.0)]
    outside = [("a", 120.0, 130.0), ("a", 100.0, 101.0), ("b", -3.0, 0.0)]
    videos, instances = tables_of({"a": 100.0, "b": 10.0}, inside + outside)
    options = WindowSettings(cells=64, cell_seconds=0.8, snippet_seconds=0.4)
    tables = cut_recordings(videos, instances, options)
    without = cut_recordings(videos, instances[: len(inside)], options)
    pd.testing.assert_frame_equal(tables.instances, without.instances)
    pd.testing.assert_frame_equal(tables.windows, without.windows)
    assert tables.outside[["video", "start", "end"]].to_numpy().tolist() == [list(row) for row in outside]
    assert tables.inside[["video", "start", "end"]].to_numpy().tolist() == [list(row) for row in inside]


@pytest.mark.parametrize("extent", [1e6, 1e300, float("inf")])
def test_recordings_of_impossible_length(extent: float) -> None:
    videos, instances = tables_of({"a": 10.0, "b": extent}, [("b", 1.0, 2.0)])
    with pytest.raises(UserError, match=r"more than 100,000 windows:\n  b: .* s, with a window every 1 s"):
        cut_recordings(videos, instances, SMALL)


def test_the_guaranteed_share_by_hand() -> None:
    videos, instances = tables_of(
        {"a": 10.0},
        [("a", 0.0, 4.0), ("a", 6.0, 10.0), ("a", 0.2, 4.2), ("a", 3.0, 7.0), ("a", 3.5, 6.5), ("a", 2, 9)],
    )
    table = cut_recordings(videos, instances, SMALL).windows
    assert guaranteed_share(instances, table) == 4 / 6  # not [0.2, 4.2] and [2, 9]
    # [0, 4] touches the inner edge of its window, as does [6, 10]; [3.5, 6.5] keeps 0.5 s from each edge.
    assert guaranteed_share(instances, table, margin=0.5) == 1 / 6
    assert guaranteed_share(instances, table, margin=0.6) == 0
    assert guaranteed_share(instances[:0], table) != guaranteed_share(instances[:0], table), "NaN"
    edge = pd.DataFrame({"video": ["a", "a"], "start": [0.0, 8.0], "end": [3.4, 12.0]})
    assert guaranteed_share(edge, table, margin=0.5) == 1  # the edges of the recording need no margin


def test_no_instances_at_all() -> None:
    videos, instances = tables_of({"a": 6.0}, [])
    tables = cut_recordings(videos, instances, SMALL)
    assert len(tables.windows) == 3 and not len(tables.instances)
    assert not len(tables.with_instances().windows)
