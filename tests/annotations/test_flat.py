"""The flat JSON of BSN and BMN, and its variants in mmaction2 and PaddleVideo."""

import json
from pathlib import Path
from typing import Any

import pytest

from bsnpp.annotations.ground_truth import read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.annotations.subset import read_subset
from tests.annotations.database import fault_of, instance

MMACTION: dict[str, Any] = {
    "duration_second": 10.0,
    "duration_frame": 300,
    "annotations": instance(1, 2),
    "feature_frame": 240,
    "fps": 30.0,
    "rfps": 29.9579255898,
}


def written(folder: Path, name: str, content: object) -> str:
    (folder / name).write_text(json.dumps(content))
    return str(folder / name)


def test_one_file_per_subset_as_in_mmaction2(tmp_path: Path) -> None:
    path = {
        "training": written(tmp_path, "train.json", {"v_a": MMACTION}),
        "validation": written(tmp_path, "val.json", {"v_b": MMACTION}),
        "testing": written(tmp_path, "test.json", {"v_c": {**MMACTION, "annotations": []}}),
    }
    annotations = read_annotations(AnnotationSettings.model_validate({"layout": "bmn", "path": path}))
    assert annotations.videos.to_dict("list") == {
        "video": ["a", "b", "c"],
        "subset": ["training", "validation", "testing"],
        "duration": [10.0] * 3,
        "extent": [8.0] * 3,
    }
    assert read_subset(path["validation"], "validation").videos["video"].tolist() == ["b"]


def test_a_subset_in_every_entry_as_in_paddle(tmp_path: Path) -> None:
    content = {
        "v_QOlSCBRmfWY": {**MMACTION, "subset": "training"},
        "v_b": {**MMACTION, "subset": "validation"},
    }
    path = written(tmp_path, "a.json", content)
    annotations = read_annotations(AnnotationSettings(layout="bmn", path=path))
    assert annotations.videos["subset"].tolist() == ["training", "validation"]
    del content["v_b"]["subset"]
    path = written(tmp_path, "a.json", content)
    message = fault_of(AnnotationSettings(layout="bmn", path=path))
    assert "b: no subset in its entry, and no `subset_table`; or give `path` a file per subset" in message


@pytest.mark.parametrize(
    ("changed", "extent"),
    [
        ({"duration_frame": None}, 240 / 29.9579255898),
        ({"duration_frame": None, "rfps": None}, 8.0),
        ({"feature_frame": None}, 10.0),
        ({"feature_frame": None, "duration_frame": None, "fps": None, "rfps": None}, 10.0),
    ],
)
def test_the_frame_rate_replaces_the_number_of_frames(
    tmp_path: Path, changed: dict[str, object], extent: float
) -> None:
    entry = {key: value for key, value in {**MMACTION, **changed}.items() if value is not None}
    path = {"training": written(tmp_path, "a.json", {"v_a": entry})}
    annotations = read_annotations(AnnotationSettings.model_validate({"layout": "bmn", "path": path}))
    assert annotations.videos["extent"].tolist() == pytest.approx([extent])


def test_feature_frame_of_some_videos_only_is_a_fault(tmp_path: Path) -> None:
    other = {key: value for key, value in MMACTION.items() if key != "feature_frame"}
    path = {"training": written(tmp_path, "a.json", {"v_a": MMACTION, "v_b": other})}
    message = fault_of(AnnotationSettings.model_validate({"layout": "bmn", "path": path}))
    assert "b: no key `feature_frame`" in message


def test_integer_labels_are_named_by_a_list(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("action\njump\nrun\n")
    entry = {**MMACTION, "annotations": instance(1, 2, 1) + instance(3, 4, "0")}
    keys = {"layout": "bmn", "path": {"training": written(tmp_path, "a.json", {"v_a": entry})}}
    annotations = read_annotations(
        AnnotationSettings.model_validate({**keys, "class_names": [str(tmp_path / "names.txt")]})
    )
    assert annotations.instances["label"].tolist() == ["run", "jump"]
    assert "annotation 1: label is the number 1;" in fault_of(AnnotationSettings.model_validate(keys))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "lists no class"),
        ("run\nrun\n", "class 1, 'run': number or name occurs more than once"),
        ("id,key\n1,run\n1,jump\n", "class 1, 'jump': number or name occurs more than once"),
        ("id,key\nx,run\n", "'x' is not a whole number"),
    ],
)
def test_faults_of_the_names(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "names.txt").write_text(text)
    path = {"training": written(tmp_path, "a.json", {"v_a": MMACTION})}
    keys = {"layout": "bmn", "path": path, "class_names": [str(tmp_path / "names.txt")]}
    fault = fault_of(AnnotationSettings.model_validate(keys))
    assert message in fault and "names.txt" in fault


def test_a_database_may_have_reversed_segments(tmp_path: Path) -> None:
    database = {"a": {"duration": 9, "subset": "training", "annotations": instance(2, 1) + instance(3, 2.5)}}
    database["a"]["annotations"] += instance(1, 2) + instance(1, "x")
    path = written(tmp_path, "a.json", {"database": database})
    given = AnnotationSettings(layout="activitynet", path=path, reversed_segments="drop")
    assert "a, annotation 4: segment is" in fault_of(given)  # the numbers are those in the file
    database["a"]["annotations"].pop()
    written(tmp_path, "a.json", {"database": database})
    annotations = read_annotations(given)
    assert len(annotations.instances) == 1
    assert annotations.notes == [
        "a: annotation 1: left out, ends at 1 s, before its start at 2 s",
        "a: annotation 2: left out, ends at 2.5 s, before its start at 3 s",
    ]
