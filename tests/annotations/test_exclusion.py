"""Lists of excluded videos: an entry that names no video is reported with its line."""

import json
from pathlib import Path

import pytest

from bsnpp.annotations.exclusion import unmatched_entries
from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.subset import read_subset
from bsnpp.core.errors import UserError
from tests.annotations.database import settings_for


def test_entries_that_name_no_video_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "blocked.txt"
    path.write_text("# blocked videos\nc\n\nv_b\nold\n")
    assert unmatched_entries(None, ["a"]) == []
    assert unmatched_entries(str(path), ["a", "b", "c"]) == [
        f"{path}, line 5: 'old' names no video, so nothing is excluded"
    ]
    path.write_text(json.dumps(["c", "old"]))
    assert "entry 2: 'old'" in unmatched_entries(str(path), ["c"])[0]


@pytest.mark.parametrize(
    "line", ["c.mp4", "c  # blocked", "c,blocked", "videos/v_c.mkv", '"c"', "c\tblocked", "c;"]
)
def test_an_entry_that_resembles_an_id_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "blocked.txt"
    path.write_text(f"b\n{line}\n")
    with pytest.raises(UserError, match=r"blocked\.txt: (.|\n)*line 2: .*; did you mean 'c'\?"):
        unmatched_entries(str(path), ["a", "b", "c"])


def test_both_readers_of_annotations_report_them(tmp_path: Path) -> None:
    path = tmp_path / "blocked.txt"
    path.write_text("old\n")
    settings = settings_for(tmp_path, exclude=str(path))
    for notes in (
        read_annotations(settings).notes,
        read_subset(settings.path, "validation", exclude=str(path)).notes,
    ):
        assert notes == [f"{path}, line 1: 'old' names no video, so nothing is excluded"]
    path.write_text("c.mp4\n")
    with pytest.raises(UserError, match="did you mean 'c'"):
        read_annotations(settings)
    with pytest.raises(UserError, match="did you mean 'c'"):
        read_subset(settings.path, "validation", exclude=str(path))
