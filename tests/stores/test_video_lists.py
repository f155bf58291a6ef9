"""Lists of videos keep every id as it is."""

from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.video_lists import read_video_list, write_video_list


@pytest.mark.parametrize(
    "videos",
    [[], ["a"], ["my video", "a"], [" a ", "b\u2028c", "b\x0bc", "#d", "Ürümqi"]],
    ids=["none", "one", "with a space", "strange ones"],
)
def test_a_list_is_read_back(tmp_path: Path, videos: list[str]) -> None:
    write_video_list(tmp_path / "list.txt", videos)
    assert read_video_list(tmp_path / "list.txt") == videos


def test_line_ends_of_other_systems(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"my video\r\n\r\na")
    assert read_video_list(tmp_path / "list.txt") == ["my video", "a"]


def test_files_that_are_not_a_list(tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe")
    for name in ("bytes.txt", "none.txt"):
        with pytest.raises(UserError, match=rf"{name}: not a list of videos \(.*; remove it and run again"):
            read_video_list(tmp_path / name)
