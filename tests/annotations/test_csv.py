"""Tables of segments are read like JSON annotations, in the forms of several publications."""

import gzip
from pathlib import Path

import pytest

from bsnpp.annotations.ground_truth import read_annotations, subset_digest
from bsnpp.annotations.segments_csv import timestamp
from bsnpp.annotations.source import source_of
from bsnpp.annotations.subset import read_subset
from tests.annotations.database import fault_of
from tests.annotations.tables import rows, settings, subsets, written

PLAIN = """video,start,end,label,subset,duration
v_b,5,7.5,run,training,10
v_b,1.0,2.0,jump,training,10
a,,,,training,4.5
c,0,8,run,Validation,8.0
d,,,,testing,3
"""


def test_a_plain_table(tmp_path: Path) -> None:
    path = written(tmp_path, a=PLAIN)["a"]
    annotations = read_annotations(settings(path=path))
    videos, instances = annotations.subset("training")
    assert videos.to_dict("list") == {"video": ["a", "b"], "duration": [4.5, 10.0], "extent": [4.5, 10.0]}
    assert instances.to_numpy().tolist() == [["b", 1.0, 2.0, "jump"], ["b", 5.0, 7.5, "run"]]
    assert annotations.subset("validation")[0]["video"].tolist() == ["c"]
    assert annotations.subset("testing")[1].empty and annotations.classes == ["jump", "run"]
    truth = read_subset(path, "validation")
    assert truth.instances.to_numpy().tolist() == [["c", 0.0, 8.0, "run"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiter_byte_order_mark_and_compression(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(("\ufeff" + PLAIN.replace(",", delimiter)).encode()))
    assert len(read_annotations(settings(path=str(path))).instances) == 3


def test_subsets_by_lists_and_durations_by_a_table(tmp_path: Path) -> None:
    segments = "video,start,end,label\none,1,2,run\ntwo,3,4,run\n"
    videos = "video,numFrame,seconds,fps\nv_one,300,10,30\nv_two,600,20,30\nv_four,600,20,30\n"
    files = written(tmp_path, a=segments, v=videos, train="v_one\n", val='["two", "four"]')
    lists = {"training": files["train"], "validation": files["val"]}
    subsets_key = {"testing": "validation"}
    given = settings(path=files["a"], video_table=files["v"], video_lists=lists, subsets=subsets_key)
    annotations = read_annotations(given)
    assert subsets(annotations) == {"one": "training", "two": "validation", "four": "validation"}
    assert annotations.subset("testing")[0]["duration"].tolist() == [20.0, 20.0]


def test_frames_are_divided_by_the_frame_rate(tmp_path: Path) -> None:
    text = "video,start_frame,end_frame,label,fps,num_frames\none,50,100,run,25,250\n"
    path = {"training": written(tmp_path, a=text)["a"]}
    annotations = read_annotations(settings(path=path))
    assert rows(annotations) == [["one", 2.0, 4.0, "run"]]
    assert annotations.videos["duration"].tolist() == [10.0]
    written(tmp_path, a="video,start_frame,end_frame,label\none,50,100,run\n")
    assert "line 2: one: times in frames need the frame rate: a column `fps`" in fault_of(settings(path=path))


FAULTS = [
    ("video,from,to,label\n", "no column for the start [s] or [frames] (start or start_timestamp"),
    ("video,start,end\na,1,2\n", "no column for the label (label or type"),
    ("video,start,end,label\na,1,x,run\n", "line 2: a: could not convert string to float: 'x'"),
    ("video,start,end,label\na,1,2\n", "line 2: 3 cells, but the header has 4"),
    ("video,start,end,label,duration\na,1,2,run,9\na,1,2,run,8\n", "line 3: a has 8, but 9 on another line"),
    ("video,start,end,label,subset\na,1,2,run,training\na,1,2,run,testing\n", "line 3: a is in the subset"),
    ("video,start,end,label,subset\na,1,2,run,training\n", "a: no duration: neither a column nor in"),
    ("video,start,end,label,duration\na,1,2,run,9\n", "a: no subset in the table, `video_lists` or"),
    ("video,start,end,label,subset,duration\na,2,1,run,training,9\n", "a, line 2: ends at 1.0 s, before its"),
    (
        "video,start,end,label\nv_a,1,2,run\na,3,4,run\n",
        "line 3: a, but v_a on other lines; write one of them",
    ),
    ("video,start,end,label,duration\na,1,2,run,-9\n", "line 2: duration is '-9', expected a number above 0"),
    ("", "empty; it should contain a CSV table of segments"),
    ('{"database": {}}', "looks like JSON; it should contain a CSV table of segments"),
    ("one 1 2 run\n", "no column for the video (video or video_id or video_name) in the first line: one 1 2"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[message[:40] for _, message in FAULTS])
def test_faults(tmp_path: Path, text: str, message: str) -> None:
    fault = fault_of(settings(path=written(tmp_path, a=text)["a"]))
    assert message in fault and "a.csv" in fault
    assert "layout: bmn" not in fault and "complete?" not in fault


def test_reversed_segments_can_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, a=PLAIN + "v_b,9,8,run,training,10\n")["a"]
    assert "b, line 7: ends at 8.0 s, before its start at 9.0 s; `reversed_segments: drop`" in fault_of(
        settings(path=path)
    )
    annotations = read_annotations(settings(path=path, reversed_segments="drop"))
    assert len(annotations.instances) == 3
    assert annotations.notes == ["b: line 7: left out, ends at 8.0 s, before its start at 9.0 s"]


def test_a_digest_depends_on_durations_and_names(tmp_path: Path) -> None:
    segments = "video,start,end,label\none,1,2,0\ntwo,3,4,0\n"
    files = written(tmp_path, a=segments, b=segments.replace("o", "x"), v="video,duration\none,10\ntwo,20\n")
    names = written(tmp_path, names="run\n")["names"]
    given = settings(path={"training": files["a"]}, video_table=files["v"], class_names=[names])
    first = subset_digest(given, "training")
    Path(names).write_text("jump\n")
    second = subset_digest(given, "training")
    Path(files["v"]).write_text("video,duration\none,10\ntwo,21\n")
    assert len({first, second, subset_digest(given, "training")}) == 3


@pytest.mark.parametrize(("text", "seconds"), [("62.5", 62.5), ("1:02.5", 62.5), ("01:00:00.25", 3600.25)])
def test_timestamps(text: str, seconds: float) -> None:
    assert timestamp(text) == seconds


@pytest.mark.parametrize("text", ["", "1:2:3:4", "x", "1:-2", "nan", "inf"])
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(ValueError):
        timestamp(text)


@pytest.mark.parametrize(
    "keys",
    [
        {"layout": "activitynet", "path": "x", "video_table": "y"},
        {"layout": "thumos", "path": "x", "label": "verb"},
        {"path": {"training": "x"}, "video_lists": {"training": "y"}},
        {"path": {}},
        {"path": "x", "class_names": ["a", "b"]},
        {"path": "x", "label": "action", "class_names": ["a"]},
    ],
)
def test_keys_that_do_not_belong_together(keys: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"only for|one file|at least one"):
        settings(**keys)


def test_a_single_table_without_subsets_is_read_as_a_whole(tmp_path: Path) -> None:
    path = written(tmp_path, a="video,start,end,label,duration\none,1,2,run,9\n")["a"]
    assert read_subset(source_of(path), "validation").videos["video"].tolist() == ["one"]
