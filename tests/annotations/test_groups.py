"""Tables of groups of videos."""

from pathlib import Path

import pytest

from bsnpp.annotations.groups import read_groups
from bsnpp.core.errors import UserError


def test_every_requested_video_has_a_group(tmp_path: Path) -> None:
    path = tmp_path / "persons.tsv"
    path.write_text("video\tperson\na\t01\nb\t02\nelsewhere\t03\nempty\t\n")
    assert read_groups(path, ["b", "a"]) == {"a": "01", "b": "02"}
    with pytest.raises(UserError, match="without a group:\n  empty\n  c"):
        read_groups(path, ["a", "empty", "c"])
    path.write_text("video\tperson\na\t01\nb\t02\na\t03\n")
    with pytest.raises(UserError, match="a: '01' on line 2, '03' on line 4"):
        read_groups(path, ["b"])
    path.write_text("video\tperson\na\n")
    with pytest.raises(UserError, match="line 2"):
        read_groups(path, ["a"])
    with pytest.raises(UserError, match="nowhere"):
        read_groups(tmp_path / "nowhere.tsv", ["a"])


def test_without_a_table_every_video_is_its_own_group() -> None:
    assert read_groups(None, ["b", "a"]) == {"a": "a", "b": "b"}


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffvideo\tperson\na\t1\nb\t2\n",
        "video\tperson\nv_a\t1\nv_b\t2\n",
        "video,person\na,1\nb,2\n",
        "video\tperson\r\na \t1\r\n\r\nb\t 2\r\n",
    ],
    ids=["byte-order mark", "prefix", "commas", "spaces and empty lines"],
)
def test_other_spellings_of_a_table(tmp_path: Path, content: str) -> None:
    (tmp_path / "groups.tsv").write_bytes(content.encode())
    assert read_groups(tmp_path / "groups.tsv", ["a", "b"]) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a\t1\nb\t2\n", "line 1: 'a' is a video; write a header above it"),
        ("v_a\t1\nb\t2\n", "line 1: 'v_a' is a video"),
        ("video\tgroup\nA.mp4\t1\nb\t2\n", "a; the table has 'A.mp4'"),
        ("video\tgroup\na\t1\nv_a\t2\nb\t2\n", "a: '1' on line 2, '2' on line 3"),
        ("video\tgroup\nb\t" + "5" * 200_000 + "\n", "line 2: field larger"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "groups.tsv").write_text(content)
    with pytest.raises(UserError, match=words):
        read_groups(tmp_path / "groups.tsv", ["a", "b"])
