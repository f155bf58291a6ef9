"""The zip file is read completely, and every fault has one message."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.datasets.hapt.data import Segment
from bsnpp.datasets.hapt.recordings import read_hapt
from tests.datasets.hapt.archives import SAMPLES, members, write_zip
from tests.paths import SHARED

ACC = "RawData/acc_exp03_user03.txt"
LABELS = "RawData/labels.txt"
ROW = "3 3 1 11 60\n"
Files = dict[str, str]


def test_the_content_of_the_zip_file(tmp_path: Path) -> None:
    files = members()
    data = read_hapt(write_zip(tmp_path / "a.zip", files), 2)
    assert [recording.video for recording in data.recordings] == [
        *("exp01_user01", "exp02_user02", "exp03_user03", "exp04_user04", "exp05_user04")
    ]
    assert data.labels == ("sitting", "stand_to_sit", "walking")
    third = data.recordings[2]
    assert (third.person, third.duration) == (3, SAMPLES / 50)
    # Samples 11 to 60, from 1 and inclusive, are 50 samples after the first ten.
    assert third.segments == (Segment(0.2, 1.2, "walking"), Segment(1.2, 2.2, "stand_to_sit"))
    lines = [[float(word) for word in line.split()] for line in files[ACC].splitlines()]
    np.testing.assert_array_equal(third.streams["accelerometer"], lines)
    assert not np.array_equal(third.streams["gyroscope"], lines)


def test_the_lowest_official_training_persons_are_the_validation_subset(tmp_path: Path) -> None:
    data = read_hapt(write_zip(tmp_path / "a.zip", members()), 2)
    assert [data.split.subset_of(person) for person in (1, 2, 3, 4)] == [
        *("validation", "testing", "validation", "training")
    ]
    assert [recording.video for recording in data.subset("training")] == ["exp04_user04", "exp05_user04"]
    with pytest.raises(ValueError, match="person 5 is in no subset"):
        data.split.subset_of(5)


def test_every_person_is_left_out_once_and_never_trains_its_own_fold(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", members())
    folds = [read_hapt(path, 2, person).split for person in (1, 2, 3, 4)]
    assert [sorted(fold.testing) for fold in folds] == [[1], [2], [3], [4]]
    assert [sorted(fold.validation) for fold in folds] == [[2, 3], [3, 4], [1, 4], [1, 2]]
    for fold in folds:
        assert fold.training | fold.validation | fold.testing == {1, 2, 3, 4}
        assert len(fold.training) + len(fold.validation) + len(fold.testing) == 4


@pytest.mark.parametrize(
    ("person", "validation", "message"),
    [(9, 2, "there is no person 9, only 1, 2, 3, 4"), (1, 3, "3 persons, should be more than the 3")],
)
def test_a_person_that_cannot_be_left_out_is_a_fault(
    tmp_path: Path, person: int, validation: int, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        read_hapt(write_zip(tmp_path / "a.zip", members()), validation, person)


def test_folders_blank_lines_and_the_last_line_end_do_not_matter(tmp_path: Path) -> None:
    plain = read_hapt(write_zip(tmp_path / "a.zip", members()), 2)
    files = {f"HAPT Data Set/{name}": "\n" + content.rstrip("\n") for name, content in members().items()}
    files |= {"__MACOSX/labels.txt": "rubbish", ".": "", "HAPT Data Set/": ""}
    moved = read_hapt(write_zip(tmp_path / "b.zip", files), 2)
    for one, other in zip(plain.recordings, moved.recordings, strict=True):
        assert (one.video, one.segments) == (other.video, other.segments)
        np.testing.assert_array_equal(one.streams["gyroscope"], other.streams["gyroscope"])


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: text for key, text in files.items() if key != name}


def changed(name: str, old: str, new: str) -> Callable[[Files], Files]:
    return lambda files: files | {name: files[name].replace(old, new, 1)}


def cut(lines: int, name: str = ACC, rest: str = "") -> Callable[[Files], Files]:
    return lambda files: files | {name: "".join(files[name].splitlines(True)[:lines]) + rest}


def both_cut(files: Files) -> Files:
    return cut(100)(cut(100, ACC.replace("acc", "gyro"))(files))


FAULTS = {
    "missing stream": (without(ACC), ["acc_exp03_user03.txt is missing"]),
    "missing labels": (without(LABELS), ["labels.txt is missing"]),
    "missing test persons": (without("subject_id_test.txt"), ["subject_id_test.txt is missing"]),
    "missing activities": (without("activity_labels.txt"), ["activity_labels.txt is missing"]),
    "line cut off": (
        cut(150, rest="0.25 0.5"),
        ["acc_exp03_user03.txt: line 151 is '0.25 0.5', should be 3 numbers; is the file incomplete?"],
    ),
    "no number": (cut(10, rest="1 two 3\n"), ["acc_exp03_user03.txt: line 11 is '1 two 3'"]),
    "not finite": (cut(10, rest="1 nan 3\n"), ["acc_exp03_user03.txt: line 11 is '1 nan 3'"]),
    "empty stream": (cut(0), ["acc_exp03_user03.txt is empty"]),
    "different length": (
        cut(150),
        [
            "exp03_user03: streams of different length: 150 samples of the accelerometer and 213 samples of "
            "the gyroscope"
        ],
    ),
    "both cut off": (both_cut, ["exp03_user03 is labelled up to sample 110, but its streams end at 100"]),
    "overlap": (
        changed(LABELS, ROW, "3 3 1 11 61\n"),
        ["labels.txt: exp03_user03, samples 11 to 61 and 61 to 110 overlap"],
    ),
    "reversed": (
        changed(LABELS, ROW, "3 3 1 60 11\n"),
        ["exp03_user03, samples 60 to 11: the first sample should be at least 1 and not after the last"],
    ),
    "sample 0": (changed(LABELS, ROW, "3 3 1 0 60\n"), ["exp03_user03, samples 0 to 60: the first sample"]),
    "unknown activity": (
        changed(LABELS, ROW, "3 3 9 11 60\n"),
        ["exp03_user03, samples 11 to 60: activity 9 is not in activity_labels.txt"],
    ),
    "four numbers": (changed(LABELS, ROW, "3 3 1 11\n"), ["labels.txt: line 5 is '3 3 1 11', should be 5"]),
    "fractions": (
        changed(LABELS, ROW, "3 3 1 11.5 60\n"),
        ["labels.txt: should hold whole numbers of at most 9 digits"],
    ),
    "a number too large": (
        changed(LABELS, ROW, "3 3 1 11 1e300\n"),
        ["labels.txt: should hold whole numbers of at most 9 digits"],
    ),
    "an activity of too many digits": (
        changed("activity_labels.txt", "2 SITTING", f"{'2' * 5000} SITTING"),
        [
            "activity_labels.txt: line 2 is '22222",
        ],
    ),
    "activity twice": (
        changed("activity_labels.txt", "2 SITTING", "1 SITTING"),
        ["activity_labels.txt: line 2 is '1 SITTING', should be a new number and a name"],
    ),
    "person in both": (
        changed("subject_id_test.txt", "2\n", "4\n"),
        ["persons [4] are in both subject_id_train.txt and subject_id_test.txt"],
    ),
    "person in none": (
        changed("subject_id_train.txt", "1\n1\n", "8\n9\n"),
        ["exp01_user01: person 1 is in neither subject_id_train.txt nor subject_id_test.txt"],
    ),
    "few persons": (
        changed("subject_id_train.txt", "4\n", "3\n"),
        [
            "2 persons, should be more than the 2 of the key `validation_persons`",
            "exp04_user04: person 4 is in neither",
            "exp05_user04: person 4 is in neither",
        ],
    ),
    "no row": (
        lambda files: files | {LABELS: files[LABELS].replace("3 3 1 11 60\n3 3 3 61 110\n", "")},
        ["labels.txt: no row of exp03_user03"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_reported_once(name: str, tmp_path: Path) -> None:
    change, expected = FAULTS[name]
    path = write_zip(tmp_path / "bad.zip", change(members()))
    with pytest.raises(UserError) as caught:
        read_hapt(path, 2)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{path}: not the complete HAPT data:"
    assert len(lines[1:-1]) == len(expected), lines
    for line, text in zip(lines[1:-1], expected, strict=True):
        assert text in line
    assert "Download it again" in lines[-1]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    files = changed(LABELS, "1 1 1 11 60", "1 1 9 11 60")(without(ACC)(members()))
    with pytest.raises(UserError, match=r"activity 9 [\s\S]*acc_exp03_user03.txt is missing"):
        read_hapt(write_zip(tmp_path / "bad.zip", files), 2)


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "RawData/../../evil.txt", "..\\evil.txt", "C:\\e"]
)
def test_paths_that_lead_out_of_the_archive_are_refused(name: str, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "bad.zip", members() | {name: ""})
    with pytest.raises(UserError, match="leads out of the archive"):
        read_hapt(path, 2)


def test_two_members_of_the_same_name_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "bad.zip", members() | {"other/labels.txt": ""})
    with pytest.raises(UserError, match=r"holds both RawData/labels.txt and other/labels.txt"):
        read_hapt(path, 2)


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>"])
def test_other_files(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"bad.zip: not a complete zip file .* Download it again"):
        read_hapt(path, 2)


def test_no_file_and_an_empty_zip(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_hapt(tmp_path / "absent.zip", 2)
    with pytest.raises(UserError, match=r"labels\.txt is missing"):
        read_hapt(write_zip(tmp_path / "empty.zip", {}), 2)


def test_an_incomplete_zip_file_and_a_damaged_member(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "bad.zip", members())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="not a complete zip file"):
        read_hapt(path, 2)
    place = whole.index(b"acc_exp03_user03.txt") + 100
    path.write_bytes(whole[:place] + b"7" + whole[place + 1 :])
    assert zipfile.ZipFile(path).testzip() == ACC
    with pytest.raises(UserError, match=r"acc_exp03_user03\.txt is damaged"):
        read_hapt(path, 2)


def test_the_real_zip_file() -> None:
    """The counts are those that UCI publishes."""
    path = SHARED / "data/hapt/hapt.zip"
    if not path.exists():
        pytest.skip(f"{path} is missing; set BSNPP_SHARED to the folder above data/")
    data = read_hapt(path, 5)
    assert len(data.recordings) == 61
    assert sum(len(recording.segments) for recording in data.recordings) == 1214
    assert len(data.labels) == 12
    segments = [segment for recording in data.recordings for segment in recording.segments]
    assert {segment.label for segment in segments} == set(data.labels)
    subsets = [data.split.training, data.split.validation, data.split.testing]
    assert [len(persons) for persons in subsets] == [16, 5, 9]
    assert frozenset.union(*subsets) == frozenset(range(1, 31))  # 30 in all: none in two
    assert sorted(data.split.validation) == [1, 3, 5, 6, 7]
    assert [len(data.subset(name)) for name in ("training", "validation", "testing")] == [32, 10, 19]
    seconds = sum(recording.duration for recording in data.recordings)
    assert seconds / 3600 == pytest.approx(6.24, abs=0.005)
    labelled = sum(segment.end - segment.start for segment in segments)
    assert labelled / seconds == pytest.approx(0.726, abs=0.0005)
