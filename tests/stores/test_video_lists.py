"""Lists of videos keep every id as it is."""

from pathlib import Path

import pytest

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_file
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


def test_files_that_are_not_a_list(tmp_path: Path) -> None:
    with checked_file(tmp_path / "bytes.txt", TEXT) as temporary:
        temporary.write_bytes(b"\xff\xfe")
    (tmp_path / "own.txt").write_text("a\n")
    for name, fault in (
        ("bytes.txt", "cannot be read"), ("own.txt", ".*it has no checksum"), ("none.txt", "no such file")
    ):  # fmt: skip
        with pytest.raises(UserError, match=rf"{name}: {fault}"):
            read_video_list(tmp_path / name)
