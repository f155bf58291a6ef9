"""All faults of annotations are reported together, with the video and the file."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bsnpp.annotations.ground_truth import check_scored, read_annotations
from bsnpp.annotations.settings import AnnotationSettings, Subset
from bsnpp.annotations.subset import read_subset
from bsnpp.core.errors import UserError
from tests.annotations.database import DATABASE, changed, fault_of, flat, instance, settings_for

FAULTS = [
    (
        changed("b", annotations=instance(1, 2) + instance(5.0, 4.5)),
        "b, annotation 2: ends at 4.5 s, before its start at 5.0",
    ),
    (changed("b", annotations=instance(1, float("inf"))), "b, annotation 1: segment is [1, inf]"),
    (changed("b", annotations=[{"segment": [1], "label": "run"}]), "b, annotation 1: segment is [1]"),
    (changed("b", annotations=[{"segment": [1, 2]}]), "b, annotation 1: expected the keys"),
    (changed("b", annotations=instance(1, 2, "a\nb")), "b, annotation 1: label is 'a\\nb'"),
    (changed("b", annotations=instance(1, 2, 3)), "annotation 1: label is the number 3; write the name"),
    (changed("b", annotations=None), "b: no list `annotations`"),
    (changed("b", duration=0), "b: duration is 0, expected a finite number above 0"),
    (changed("b", duration=float("nan")), "b: duration is nan"),
    (changed("b", duration=10**400), "b: duration is 1000"),
    (changed("b", annotations=instance(1, 10**400)), "b, annotation 1: segment is [1, 1000"),
    (changed("b", duration=None), "b: no key `duration`"),
    (changed("b", duration="10"), "b: duration is '10'"),
    (changed("b", subset="train"), "b: unknown subset 'train'; known: testing, training, validation"),
    (changed("b", subset=None), "b: no subset in its entry"),
    (changed("c", annotations=instance(1, 2, "fly") * 3), "label 'fly' is not in the training subset"),
    (changed("b", annotations=[]), "no training instance, and so no classes; set the key `classes`"),
    ({**DATABASE, "v_b": DATABASE["b"]}, "video b is listed more than once"),
    ({**DATABASE, "": DATABASE["b"]}, "id '': empty"),
    ({**DATABASE, " e": DATABASE["b"]}, "id ' e': remove the spaces around it"),
    ({**DATABASE, "e\tf": DATABASE["b"]}, "id 'e\\tf': has a tab, a line break"),
    ({**DATABASE, "e\u2028f": DATABASE["b"]}, "has a tab, a line break"),
    ({**DATABASE, "../e": DATABASE["b"]}, "id '../e': is a path outside the folder"),
    (changed("b", annotations=instance(1, 2, " run ")), "label ' run ': remove the spaces around it"),
    ({"b": 3}, "b: expected an object"),
    ([1], 'no object "database"'),
]


@pytest.mark.parametrize(("database", "message"), FAULTS, ids=[message[:40] for _, message in FAULTS])
def test_faults(tmp_path: Path, database: object, message: str) -> None:
    assert message in fault_of(settings_for(tmp_path, database))


def test_faults_are_collected(tmp_path: Path) -> None:
    database = changed("b", annotations=instance(2, 1)) | {"c": {**DATABASE["c"], "duration": -1}}
    message = fault_of(settings_for(tmp_path, database))
    assert "annotations.json: invalid annotations:" in message
    assert "b, annotation 1" in message and "c: duration is -1" in message


def test_bmn_faults(tmp_path: Path) -> None:
    settings = flat(tmp_path)
    (tmp_path / "info.csv").write_text("video,subset\nv_b,validation\n")
    assert f"v_a: no subset in {tmp_path}/info.csv" in fault_of(settings)
    (tmp_path / "info.csv").write_text("video,part\nv_b,validation\n")
    assert "info.csv: no column for the subset" in fault_of(settings)


@pytest.mark.parametrize(
    ("frames", "covered", "refused"),
    [
        (3000, 100, True),
        (3000, 188, True),
        (100, 3000, True),
        (37, 16, False),
        (6276, 3888, False),
        (43, 48, False),
    ],
)
def test_feature_frame_must_count_frames_not_rows(
    tmp_path: Path, frames: int, covered: int, refused: bool
) -> None:
    settings = flat(tmp_path)
    entry = {"duration_second": 100.0, "duration_frame": frames, "feature_frame": covered}
    entry |= {"annotations": instance(20, 60)}
    Path(settings.path).write_bytes(gzip.compress(json.dumps({"v_v_a": entry, "v_b": entry}).encode()))
    if refused:
        assert f"v_a: feature_frame is {covered}, but duration_frame is {frames};" in fault_of(settings)
    else:
        read_annotations(settings)


def test_times_in_shares_or_frames_are_refused(tmp_path: Path) -> None:
    shares = {
        "a": {"duration": 60, "subset": "training", "annotations": instance(0.1, 0.4)},
        "b": {"duration": 90, "subset": "validation", "annotations": instance(0.2, 0.9)},
    }
    settings = settings_for(tmp_path, shares)
    message = "every segment ends within the first second"
    assert message in fault_of(settings) and "are these shares of the duration?" in fault_of(settings)
    with pytest.raises(UserError, match="are these shares"):
        read_subset(settings.path, "validation")
    shares["a"]["annotations"] += instance(3, 5)
    assert len(read_annotations(settings_for(tmp_path, shares)).instances) == 3
    short = {name: {**video, "duration": 5} for name, video in shares.items()}
    assert len(read_annotations(settings_for(tmp_path, short)).instances) == 3


@pytest.mark.parametrize("check", [check_scored, lambda given, name: read_annotations(given).subset(name)])
def test_a_misspelt_subset_is_reported_with_those_of_the_file(
    tmp_path: Path, check: Callable[[AnnotationSettings, Subset], object]
) -> None:
    database = {name: video for name, video in DATABASE.items() if name != "c"}
    settings = settings_for(tmp_path, database, subsets={"validation": "val"})
    with pytest.raises(UserError) as caught:
        check(settings, "validation")
    message = str(caught.value)
    assert "validation, called 'val' in the file, which has testing, training; correct" in message
    assert "scored_subsets" not in message


def test_unreadable_files(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    path = Path(settings.path)
    path.write_text('{"database": {')
    assert "annotations.json: not valid JSON" in fault_of(settings)
    path.write_text("[]")
    assert "expected a JSON object, not a list" in fault_of(settings)
    path.unlink()
    assert "annotations.json: no such file; it should contain the annotations" in fault_of(settings)
    settings = flat(tmp_path)
    Path(settings.path).write_bytes(Path(settings.path).read_bytes()[:40])
    assert "flat.json.gz: cannot be read" in fault_of(settings)


def test_the_wrong_layout_is_reported_with_the_right_one(tmp_path: Path) -> None:
    settings = flat(tmp_path)
    other = AnnotationSettings(layout="activitynet", path=settings.path)
    assert "flat layout of BSN and BMN, `layout: bmn`" in fault_of(other)
    Path(settings.path).write_bytes(gzip.compress(json.dumps({"database": DATABASE}).encode()))
    assert "set `layout: activitynet`" in fault_of(settings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a 1 2 X\n", "not valid JSON"),
        ("", "annotations.json: empty; it should contain the annotations"),
        ('[{"video": "a"}]', "expected a JSON object, not a list"),
        ('{"videos": [], "labels": {"0": "X"}}', "its keys are 'videos', 'labels'"),
    ],
)
def test_the_advice_for_other_layouts_names_the_supported_ones(
    tmp_path: Path, text: str, message: str
) -> None:
    settings = settings_for(tmp_path)
    Path(settings.path).write_text(text)
    fault = fault_of(settings)
    assert message in fault and 'Supported layouts: {"database"' in fault
    assert "layout: bmn" not in fault and "complete?" not in fault


def test_a_table_is_recognised(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    Path(settings.path).write_text("video_id,start,end,label\na,1,2,X\n")
    assert "annotations.json: looks like a table, not JSON; set `layout: csv`" in fault_of(settings)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{}".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"<!DOCTYPE html><html>Sign in</html>", "is a web page, perhaps of a download that failed"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS, not the file itself"),
    ],
)
def test_web_pages_and_pointers_are_recognised(tmp_path: Path, data: bytes, message: str) -> None:
    settings = settings_for(tmp_path)
    Path(settings.path).write_bytes(data)
    fault = fault_of(settings)
    assert f"annotations.json: {message}" in fault and "it should contain the annotations as JSON" in fault


@pytest.mark.parametrize("text", ['["run", "jump"]', '{"run": 0}', "<xml/>"])
def test_class_lists_are_plain_lines(tmp_path: Path, text: str) -> None:
    (tmp_path / "classes").write_text(text)
    message = fault_of(settings_for(tmp_path, classes=str(tmp_path / "classes")))
    assert "classes: begins with " in message and "but should contain one class per line" in message


def test_a_class_list_that_begins_with_the_class_action(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    database = changed("b", annotations=instance(1, 2, "action")) | {"c": {**DATABASE["c"]}}
    path.write_text("action\nrun\n")
    settings = settings_for(tmp_path, database, classes=str(path))
    assert "label 'action' is not in" in fault_of(settings)
    assert "list it on another line than the first" in fault_of(settings)
    path.write_text("run\naction\n")
    assert read_annotations(settings).classes == ["action", "run"]


def test_labels_must_be_in_the_class_list(tmp_path: Path) -> None:
    path = tmp_path / "classes.csv"
    path.write_text("fly\nrun\n")
    settings = settings_for(tmp_path, classes=str(path))
    assert f"label 'jump' is not in {path}: 1 instance, the first in b" in fault_of(settings)


def test_usual_ids_are_accepted(tmp_path: Path) -> None:
    ids = ["my video", "-x", "a/b", "\u00e4", "a@0001", "x" * 200, "a'b", "v.1", "#1"]
    database = {**DATABASE, **dict.fromkeys(ids, DATABASE["b"])}
    assert set(ids) < set(read_annotations(settings_for(tmp_path, database)).videos["video"])


def test_labels_to_ignore_that_no_segment_has_are_noted(tmp_path: Path) -> None:
    read = read_annotations(settings_for(tmp_path, ignored_labels=["jump", "Jump", "Ambiguous"]))
    assert "`ignored_labels`: no segment has the label 'Jump'" in read.notes
    assert "b: 1 segment of the label 'jump' left out (key `ignored_labels`)" in read.notes
