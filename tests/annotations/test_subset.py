import json
from pathlib import Path
from typing import Any

import pytest

from bsnpp.annotations.subset import SubsetTruth, read_subset
from bsnpp.core.errors import UserError

RUN = {"segment": [0, 4], "label": "run"}
SIT = {"segment": [1.5, 12], "label": "sit"}
DATABASE = {
    "a": {"subset": "training", "duration": 9, "annotations": [{"segment": [0, 1], "label": "fly"}]},
    "c": {"subset": "Validation", "duration": 8.5, "annotations": [RUN, RUN]},
    "b": {"subset": "validation", "duration": 10, "annotations": [SIT]},
    "d": {"subset": "validation", "duration": 10, "annotations": []},
    "e": {"subset": "testing", "duration": 10},
}


def read(folder: Path, database: Any, subset: str = "validation") -> SubsetTruth:
    """Read a subset of a database."""
    path = folder / "annotations.json"
    path.write_text(json.dumps({"database": database}))
    return read_subset(str(path), subset)


def test_a_subset_is_read_with_the_classes_of_the_whole_file(tmp_path: Path) -> None:
    truth = read(tmp_path, DATABASE, "Validation")
    assert truth.videos.to_numpy().tolist() == [["b", 10.0], ["c", 8.5], ["d", 10.0]]
    assert truth.instances.to_numpy().tolist() == [
        ["b", 1.5, 12.0, "sit"],
        ["c", 0.0, 4.0, "run"],
        ["c", 0.0, 4.0, "run"],
    ]
    assert truth.classes == ["fly", "run", "sit"]
    assert len(truth.without_duplicates().instances) == 2


def test_a_testing_subset_needs_no_annotations(tmp_path: Path) -> None:
    truth = read(tmp_path, DATABASE, "testing")
    assert (len(truth.videos), len(truth.instances)) == (1, 0)
    assert truth.instances["start"].dtype == float


def test_some_videos_can_be_kept(tmp_path: Path) -> None:
    truth = read(tmp_path, DATABASE).only(["v_c", "a", "stranger"])
    assert list(truth.videos["video"]) == ["c"]
    assert list(truth.instances["video"]) == ["c", "c"]
    with pytest.raises(UserError, match="the subset validation has none of the chosen videos: a, stranger"):
        read(tmp_path, DATABASE).only(["stranger", "a"])


def test_a_misspelt_subset_lists_the_subsets_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        read(tmp_path, DATABASE, "val")
    assert str(error.value).endswith(
        "no video of the subset 'val'; the file has testing (1 video), training (1 video), "
        "validation (3 videos); did you mean 'validation'?"
    )
    with pytest.raises(UserError, match=r"no video of the subset 'val'; the file has \(none\) \(1 video\)$"):
        read(tmp_path, {"a": {"duration": 1, "annotations": []}}, "val")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"duration": 10, "annotations": [{"segment": [2, 1], "label": "run"}]}, "x, annotation 1: ends at"),
        ({"duration": 0, "annotations": []}, "x: duration is 0"),
        ({"duration": 10}, "x: no list `annotations`"),
        ({"duration": 10, "annotations": [{"segment": [200, 300], "label": "run"}] * 9}, "are these frames"),
    ],
)
def test_invalid_annotations_of_the_subset_are_refused(tmp_path: Path, entry: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, DATABASE | {"x": {"subset": "validation", **entry}})


def test_faults_of_other_subsets_are_ignored(tmp_path: Path) -> None:
    assert len(read(tmp_path, DATABASE | {"x": {"subset": "training"}}).videos) == 3
