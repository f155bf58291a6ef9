"""Lists of the videos of each subset."""

from pathlib import Path

import pytest

from bsnpp.annotations.ground_truth import read_annotations
from tests.annotations.database import DATABASE, fault_of, settings_for


def test_lists_have_precedence_over_the_subsets_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "train").write_text("v_c\nb\n")
    (tmp_path / "val").write_text('["a", "stranger"]')
    lists = {"training": str(tmp_path / "train"), "validation": str(tmp_path / "val")}
    annotations = read_annotations(settings_for(tmp_path, video_lists=lists))
    assert annotations.videos["subset"].tolist() == ["validation", "training", "training", "testing"]
    assert annotations.notes == ["`video_lists`: 1 id without a video, for example 'stranger'"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "list: empty; it should contain the ids of the videos of a subset"),
        ('{"a": 1}', "list: contains a JSON object; it should contain the ids of the videos of a subset"),
        ('[{"video": "a"}]', "entry 1 is {'video': 'a'}"),
        ("video,subset\na,training\n", "list, line 1: 'video,subset' is not an id"),
    ],
)
def test_faults_of_a_list(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "list").write_text(text)
    assert message in fault_of(settings_for(tmp_path, video_lists={"training": str(tmp_path / "list")}))


def test_a_video_in_two_lists_is_refused(tmp_path: Path) -> None:
    for name in ("train", "val"):
        (tmp_path / name).write_text("\n".join(DATABASE))
    lists = {"training": str(tmp_path / "train"), "validation": str(tmp_path / "val")}
    assert "a: in the lists of training and validation" in fault_of(settings_for(tmp_path, video_lists=lists))
