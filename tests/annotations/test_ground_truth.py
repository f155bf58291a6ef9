"""Every layout gives the same tables."""

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bsnpp.annotations.ground_truth import check_scored, read_annotations, subset_digest
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.errors import UserError
from tests.annotations.database import DATABASE, changed, fault_of, flat, instance, settings_for
from tests.paths import ROOT


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
        AnnotationSettings(layout="thumos", path="x", subset_table="y")


def test_own_subset_names(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, changed("a", subset="VAL"), subsets={"validation": "val"})
    assert "c: unknown subset 'validation'; known: testing, training, val" in fault_of(settings)
    database = {"a": {**DATABASE["a"], "subset": "VAL"}, "b": DATABASE["b"]}
    annotations = read_annotations(settings_for(tmp_path, database, subsets={"validation": "val"}))
    assert annotations.subset("validation")[0]["video"].tolist() == ["a"]
    named = settings_for(tmp_path, database, subsets={"validation": "val", "testing": "testing"})
    with pytest.raises(UserError, match=r"no video of the subset testing.*which has training, val"):
        read_annotations(named).subset("testing")


def test_validation_takes_the_place_of_an_absent_test_subset(tmp_path: Path) -> None:
    database = {name: video for name, video in DATABASE.items() if name != "d"}
    settings = settings_for(tmp_path, database)
    annotations = read_annotations(settings)
    assert annotations.subset("testing")[0]["video"].tolist() == ["c"]
    assert "no video of the subset testing: its place is taken by the subset valid" in annotations.test_note
    assert subset_digest(settings, "testing") == subset_digest(settings, "validation")
    check_scored(settings, "testing")
    assert not read_annotations(settings_for(tmp_path)).test_note


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
