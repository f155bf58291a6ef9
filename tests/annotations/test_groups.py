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
