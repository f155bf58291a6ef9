"""Instances of each video as shares of its extent, from the tables of a subset."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.training.instances import instances_by_video


def videos(*names: str, extent: float = 4.0) -> pd.DataFrame:
    return pd.DataFrame({"video": list(names), "duration": 99.0, "extent": extent})


def test_seconds_become_shares_of_the_extent_clamped_to_it() -> None:
    extents = videos("b", "a", "c").assign(extent=[20.0, 10.0, 5.0])
    instances = pd.DataFrame(
        {"video": ["a", "b", "a"], "start": [1.0, 5.0, -1.0], "end": [4.0, 25.0, 5.0], "label": ["x"] * 3}
    )
    by_video = instances_by_video(extents, instances)
    assert list(by_video) == ["b", "a", "c"]
    np.testing.assert_allclose(by_video["a"].segments, [[0.1, 0.4], [0.0, 0.5]])
    np.testing.assert_allclose(by_video["b"].segments, [[0.25, 1.0]])
    assert by_video["c"].segments.shape == (0, 2)


def test_edges_are_visible_unless_the_table_says_otherwise() -> None:
    instances = pd.DataFrame({"video": ["b", "a", "b"], "start": [0.0, 1.0, 2.0], "end": [1.0, 2.0, 3.0]})
    plain = instances_by_video(videos("a", "b"), instances)
    assert {name: each.visible.tolist() for name, each in plain.items()} == {
        "a": [[True, True]],
        "b": [[True, True], [True, True]],
    }
    cut = instances.assign(start_visible=[0.0, 1.0, 1.0], end_visible=[1, 0, 1])
    marked = instances_by_video(videos("a", "b"), cut)
    assert {name: each.visible.tolist() for name, each in marked.items()} == {
        "a": [[True, False]],
        "b": [[False, True], [True, True]],
    }


def test_instances_outside_their_video_are_left_out_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    instances = pd.DataFrame(
        {
            "video": ["a"] * 6,
            "start": [10.0, 120.0, 100.0, 99.0, -5.0, 0.0],
            "end": [30.0, 130.0, 101.0, 130.0, -1.0, 0.0],
        }
    )
    with caplog.at_level("WARNING"):
        by_video = instances_by_video(videos("a", extent=100.0), instances)
    np.testing.assert_allclose(by_video["a"].segments, [[0.1, 0.3], [0.99, 1.0], [0.0, 0.0]])
    assert "3 instances lie outside their videos and are left out, the first in a at 120" in caplog.text


def test_a_subset_without_instances() -> None:
    empty = pd.DataFrame({"video": [], "start": [], "end": []}).astype({"video": str})
    by_video = instances_by_video(videos("a"), empty)
    assert by_video["a"].segments.shape == by_video["a"].visible.shape == (0, 2)


def test_recordings_cover_everything_except_in_windows_with_padding() -> None:
    none = pd.DataFrame({"video": ["a"], "start": [0.0], "end": [1.0]})
    whole = instances_by_video(videos("a", "b"), none)
    assert [each.covered for each in whole.values()] == [1.0, 1.0]
    windows = instances_by_video(videos("a", "b").assign(covered=[4.0, 1.0]), none)
    assert [each.covered for each in windows.values()] == [1.0, 0.25]
