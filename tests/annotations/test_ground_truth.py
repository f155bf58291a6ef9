"""Every layout gives the same tables, and all faults are reported together."""

import copy
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bsnpp.annotations.ground_truth import check_scored, read_annotations, subset_digest
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.errors import UserError
from tests.paths import ROOT

DATABASE: dict[str, Any] = {
    "b": {
        "subset": "training",
        "duration": 10,
        "url": "u",
        "annotations": [
            {"segment": [5, 7.5], "label": "run"},
            {"segment": [1.0, 2.0], "label": "jump"},
        ],
    },
    "a": {"subset": "training", "duration": 4.5, "annotations": []},
    "c": {"subset": "Validation ", "duration": 8.0, "annotations": [{"segment": [0, 9], "label": "run"}]},
    "d": {"subset": "testing", "duration": 3.0},
}


def settings_for(folder: Path, database: object = None, **keys: object) -> AnnotationSettings:
    path = folder / "annotations.json"
    path.write_text(json.dumps({"database": DATABASE if database is None else database}))
    return AnnotationSettings.model_validate({"layout": "activitynet", "path": str(path), **keys})


def changed(video: str, **keys: object) -> dict[str, Any]:
    database = copy.deepcopy(DATABASE)
    database[video].update(keys)
    return database


def instance(start: object, end: object, label: object = "run") -> list[dict[str, object]]:
    return [{"segment": [start, end], "label": label}]


def fault_of(settings: AnnotationSettings) -> str:
    with pytest.raises(UserError) as caught:
        read_annotations(settings)
    return str(caught.value)


def test_database_layout(tmp_path: Path) -> None:
    annotations = read_annotations(settings_for(tmp_path))
    videos, instances = annotations.subset("training")
    assert videos.to_dict("list") == {"video": ["a", "b"], "duration": [4.5, 10.0], "extent": [4.5, 10.0]}
    assert instances.to_dict("list") == {
        "video": ["b", "b"],
        "start": [1.0, 5.0],
        "end": [2.0, 7.5],
        "label": ["jump", "run"],
    }
    assert annotations.classes == ["jump", "run"]
    assert annotations.subset("validation")[0]["video"].tolist() == ["c"]
    assert annotations.videos["subset"].tolist() == ["training", "training", "validation", "testing"]
    assert len(annotations.subset("testing")[1]) == 0


def test_odd_instances_are_kept(tmp_path: Path) -> None:
    odd = instance(2.0, 2.0) + instance(3.0, 99.0) * 2
    _, instances = read_annotations(settings_for(tmp_path, changed("b", annotations=odd))).subset("training")
    assert list(zip(instances["start"], instances["end"], strict=True)) == [(2, 2), (3, 99), (3, 99)]


def test_thumos_layout(tmp_path: Path) -> None:
    database = {
        "x": {"subset": "Validation", "duration": 9.0, "fps": 30.0, "annotations": instance(1, 2)},
        "y": {"subset": "Test", "duration": 9.0, "fps": 30.0, "annotations": instance(3, 4)},
    }
    annotations = read_annotations(settings_for(tmp_path, database, layout="thumos"))
    assert annotations.subset("training")[0]["video"].tolist() == ["x"]
    pd.testing.assert_frame_equal(annotations.subset("validation")[0], annotations.subset("testing")[0])


def flat(tmp_path: Path, **keys: object) -> AnnotationSettings:
    entry = {
        "duration_second": 10.0,
        "duration_frame": 200,
        "feature_frame": 160,
        "annotations": instance(1, 2),
    }
    (tmp_path / "flat.json.gz").write_bytes(
        gzip.compress(json.dumps({"v_v_a": entry, "v_b": entry}).encode())
    )
    (tmp_path / "info.csv").write_text("video,numFrame,subset\nv_v_a,1,training\nv_b,1,validation\n")
    paths = {"path": str(tmp_path / "flat.json.gz"), "subset_table": str(tmp_path / "info.csv")}
    return AnnotationSettings.model_validate({"layout": "bmn", **paths, **keys})


def test_bmn_layout_has_one_prefix_and_a_corrected_duration(tmp_path: Path) -> None:
    videos, instances = read_annotations(flat(tmp_path)).subset("training")
    assert videos.to_dict("list") == {"video": ["v_a"], "duration": [10.0], "extent": [8.0]}
    assert instances["video"].tolist() == ["v_a"]


def test_prefix_of_database_ids(tmp_path: Path) -> None:
    # v_UmAH95xls is a whole YouTube id of ActivityNet.
    names = ["v_UmAH95xls", "v_QOlSCBRmfWY", "v_clip1"]
    settings = settings_for(tmp_path, dict.fromkeys(names, DATABASE["b"]))
    assert read_annotations(settings).videos["video"].tolist() == ["QOlSCBRmfWY", "clip1", "v_UmAH95xls"]


def test_only_bmn_has_a_subset_table() -> None:
    with pytest.raises(ValueError, match="subset_table"):
        AnnotationSettings(layout="bmn", path="x")
    with pytest.raises(ValueError, match="subset_table"):
        AnnotationSettings(layout="thumos", path="x", subset_table="y")


def test_own_subset_names(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, changed("a", subset="VAL"), subsets={"validation": "val"})
    assert "c: unknown subset 'validation'; known: testing, training, val" in fault_of(settings)
    database = {"a": {**DATABASE["a"], "subset": "VAL"}, "b": DATABASE["b"]}
    annotations = read_annotations(settings_for(tmp_path, database, subsets={"validation": "val"}))
    assert annotations.subset("validation")[0]["video"].tolist() == ["a"]
    with pytest.raises(UserError, match=r"no video of the subset testing.*which has training, val"):
        annotations.subset("testing")


def test_segments_in_frames_are_one_fault(tmp_path: Path) -> None:
    database = changed("b", annotations=instance(125, 187))  # 25 frames per second
    read_annotations(settings_for(tmp_path, database))  # one of two segments may be a mistake
    database["c"]["annotations"] = instance(100, 200)
    message = fault_of(settings_for(tmp_path, database))
    assert "2 of 2 segments start after the end of their video, the first in b at 125 of 10 s" in message
    assert "are these frames?" in message


def test_a_subset_without_annotations_cannot_be_scored(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    check_scored(settings, "validation")
    with pytest.raises(UserError, match=r"the subset testing has no annotations to score.*`scored_subsets`"):
        check_scored(settings, "testing")
    check_scored(AnnotationSettings(layout="activitynet", path=str(tmp_path / "later.json")), "testing")


def test_validation_can_replace_testing(tmp_path: Path) -> None:
    annotations = read_annotations(settings_for(tmp_path, subsets={"testing": "validation"}))
    assert annotations.subset("testing")[0]["video"].tolist() == ["c"]
    assert annotations.videos["video"].tolist() == ["a", "b", "c"]
    database = copy.deepcopy(DATABASE)
    del database["c"]["annotations"]  # a video that is scored
    settings = settings_for(tmp_path, database, subsets={"testing": "validation"})
    assert "c: no list `annotations`" in fault_of(settings)


@pytest.mark.parametrize("text", ["b\nnone\n", "v_b\n", '["b"]'])
def test_excluded_videos_are_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "blocked").write_text(text)
    classes = tmp_path / "classes"
    classes.write_text("run\n")
    settings = settings_for(tmp_path, exclude=str(tmp_path / "blocked"), classes=str(classes))
    videos, instances = read_annotations(settings).subset("training")
    assert (videos["video"].tolist(), len(instances)) == (["a"], 0)


FAULTS = [
    (
        changed("b", annotations=instance(1, 2) + instance(5.0, 4.5)),
        "b, annotation 2: ends at 4.5 s, before its start at 5.0",
    ),
    (changed("b", annotations=instance(1, float("inf"))), "b, annotation 1: segment is [1, inf]"),
    (changed("b", annotations=[{"segment": [1], "label": "run"}]), "b, annotation 1: segment is [1]"),
    (changed("b", annotations=[{"segment": [1, 2]}]), "b, annotation 1: expected the keys"),
    (changed("b", annotations=instance(1, 2, "a\nb")), "b, annotation 1: label is 'a\\nb'"),
    (changed("b", annotations=None), "b: no list `annotations`"),
    (changed("b", duration=0), "b: duration is 0, expected a finite number above 0"),
    (changed("b", duration=float("nan")), "b: duration is nan"),
    (changed("b", duration=None), "b: no key `duration`"),
    (changed("b", duration="10"), "b: duration is '10'"),
    (changed("b", subset="train"), "b: unknown subset 'train'; known: testing, training, validation"),
    (changed("b", subset=None), "b: no subset in its entry"),
    (changed("c", annotations=instance(1, 2, "fly") * 3), "label 'fly' is not in the training subset"),
    (changed("b", annotations=[]), "no training instance, and so no classes; set the key `classes`"),
    ({**DATABASE, "v_b": DATABASE["b"]}, "video b is listed more than once"),
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
    assert "info.csv: no column subset" in fault_of(settings)


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
    assert "set `layout: bmn`" in fault_of(other)
    Path(settings.path).write_bytes(gzip.compress(json.dumps({"database": DATABASE}).encode()))
    assert "set `layout: activitynet`" in fault_of(settings)


def test_labels_must_be_in_the_class_list(tmp_path: Path) -> None:
    path = tmp_path / "classes.csv"
    path.write_text("fly\nrun\n")
    settings = settings_for(tmp_path, classes=str(path))
    assert f"label 'jump' is not in {path}: 1 instances, the first in b" in fault_of(settings)


def test_a_digest_depends_on_one_subset_only(tmp_path: Path) -> None:
    def digests(database: dict[str, Any], **keys: object) -> list[str]:
        settings = settings_for(tmp_path, database, **keys)
        return [subset_digest(settings, subset) for subset in ("training", "validation", "testing")]

    def differ(other: list[str]) -> list[bool]:
        return [one != two for one, two in zip(digests(DATABASE), other, strict=True)]

    assert differ(digests(dict(reversed(DATABASE.items())))) == [False, False, False]
    assert differ(digests(changed("b", url="elsewhere"))) == [False, False, False]
    assert differ(digests(changed("d", duration=3.5))) == [False, False, True]
    assert differ(digests(changed("c", annotations=instance(0, 8)))) == [False, True, False]
    assert differ(digests(changed("a", subset="testing"))) == [True, False, True]
    (tmp_path / "blocked").write_text("a\n")
    assert differ(digests(DATABASE, exclude=str(tmp_path / "blocked"))) == [True, False, False]
    assert digests(DATABASE, exclude=str(tmp_path / "none")) == ["missing"] * 3


def test_digests_need_neither_pandas_nor_numpy() -> None:
    modules = "import sys, bsnpp.annotations.ground_truth"
    code = f"{modules}; sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
