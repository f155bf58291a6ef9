"""Tables of THUMOS14 and EPIC-Kitchens are read as they are published."""

from pathlib import Path

import pytest

from bsnpp.annotations.ground_truth import check_scored, read_annotations
from bsnpp.annotations.settings import AnnotationSettings
from bsnpp.core.errors import UserError
from tests.annotations.database import fault_of
from tests.annotations.tables import rows, settings, subsets, written

GTAD = """video,type,type_idx,start,end,startFrame,endFrame
video_validation_0000051,Billiards,12,67.5,75.9,2025,2277
video_validation_0000051,Ambiguous,0,85.9,90.6,2577,2718
video_validation_0000052,Billiards,12,24.3,24.8,729,744
"""
NUMBERED = """video-name,t-init,t-end,f-init,f-end,video-duration,frame-rate,video-frames,label-idx
video_test_0000278,0.0,1.4,0,42,215.166667,30.0,6455,-1
video_test_0000324,49.2,53.5,1476,1605,149.0,30.0,4470,0
"""
EPIC_HEADER = (
    "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,"
    "stop_frame,narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes\n"
)
EPIC_TRAIN = (
    EPIC_HEADER + "P03_02_0,P03,P03_02,00:00:04.310,00:00:03.29,00:01:04.26,197,3851,put lunch box,put,1,"
    "box:lunch,23,['box:lunch'],[23]\n"
)
EPIC_VALIDATION = EPIC_HEADER + (
    'P04_01_15,P04,P04_01,00:00:24.900,00:00:23.79,00:00:24.60,1427,1476,put in the bin,put-in,1,rubbish,0,"'
    "['rubbish', 'bin']\",\"[0, 36]\"\n"
)
EPIC_TEST = EPIC_HEADER.split(",narration,")[0] + "\nP05_01_0,P05,P05_01,,00:00:01.0,00:00:02.0,60,120\n"
EPIC_VIDEOS = """video_id,duration,fps,resolution
P03_02,426.609517,59.9400599400599,1920x1080
P04_01,1154.7726,59.9400599400599,1920x1080
P05_01,365.7654,59.9400599400599,1920x1080
P06_01,90.44035,59.9400599400599,1920x1080
"""


def epic(folder: Path, **keys: object) -> AnnotationSettings:
    files = written(folder, train=EPIC_TRAIN, validation=EPIC_VALIDATION, test=EPIC_TEST, info=EPIC_VIDEOS)
    path = {"training": files["train"], "validation": files["validation"], "testing": files["test"]}
    (folder / "classes.txt").write_text("verb 1\nput\nnoun 0\nnoun 23\nbin\nlunch\nput bin\nput lunch\n")
    classes = str(folder / "classes.txt")
    return settings(path=path, video_table=files["info"], classes=classes, **keys)


def test_tables_of_thumos_by_gtad(tmp_path: Path) -> None:
    test = GTAD.replace("validation", "test")
    table = "video,duration\n" + "".join(
        f"video_{part}_00000{number},100\n" for part in ("validation", "test") for number in (51, 52)
    )
    files = written(tmp_path, val=GTAD, test=test, videos=table)
    path = {"training": files["val"], "validation": files["test"]}
    annotations = read_annotations(
        settings(path=path, video_table=files["videos"], subsets={"testing": "validation"})
    )
    assert rows(annotations)[2:] == [
        ["video_validation_0000051", 67.5, 75.9, "Billiards"],
        ["video_validation_0000052", 24.3, 24.8, "Billiards"],
    ]
    assert annotations.subset("testing")[0]["video"].tolist() == ["video_test_0000051", "video_test_0000052"]
    assert (
        "video_validation_0000051: 1 segment of the label 'Ambiguous' left out (key `ignored_labels`)"
        in annotations.notes
    )


def test_numbered_labels_of_thumos(tmp_path: Path) -> None:
    files = written(tmp_path, test=NUMBERED, names="7 BaseballPitch\n0 Basketball\n")
    path = {"training": files["test"]}
    assert "label is the number 0; write the name of the class, or name the numbers by" in fault_of(
        settings(path=path, ignored_labels=["-1"])
    )
    annotations = read_annotations(
        settings(path=path, ignored_labels=["-1"], class_names=[files["names"]], subsets={})
    )
    assert rows(annotations) == [["video_test_0000324", 49.2, 53.5, "Basketball"]]
    assert annotations.videos["duration"].tolist() == [215.166667, 149.0]


@pytest.mark.parametrize(
    ("label", "named", "expected"),
    [
        ("verb", False, ["verb 1", "verb 1"]),
        ("noun", False, ["noun 23", "noun 0"]),
        ("verb", True, ["put", "put"]),
        ("noun", True, ["lunch", "bin"]),
        ("action", True, ["put lunch", "put bin"]),
    ],
)
def test_epic_kitchens(tmp_path: Path, label: str, named: bool, expected: list[str]) -> None:
    names = written(tmp_path, verbs="id,key,instances\n1,put,\"['put', 'put-in']\"\n")
    names |= written(tmp_path, nouns="id,key,instances,category\n0,bin,['bin'],x\n23,lunch,['box'],x\n")
    chosen = {"verb": ["verbs"], "noun": ["nouns"], "action": ["verbs", "nouns"]}[label]
    given = epic(tmp_path, label=label, class_names=[names[name] for name in chosen] if named else [])
    annotations = read_annotations(given)
    assert [row[:3] for row in rows(annotations)] == [["P03_02", 3.29, 64.26], ["P04_01", 23.79, 24.6]]
    assert [row[3] for row in rows(annotations)] == expected
    assert subsets(annotations) == {"P03_02": "training", "P04_01": "validation", "P05_01": "testing"}
    assert annotations.videos["duration"].tolist() == [426.609517, 1154.7726, 365.7654]
    assert annotations.notes == [
        f"{tmp_path}/info.csv: 1 video without subset and segment left out, for example P06_01"
    ]
    with pytest.raises(UserError, match="testing has no annotations to score"):
        check_scored(given, "testing")


def test_epic_kitchens_asks_for_the_label(tmp_path: Path) -> None:
    assert "set the key `label` to verb, noun or action" in fault_of(epic(tmp_path))
