"""The submission file: it is valid as written, and the check reports every fault."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.submission.checks import validate_submission
from bsnpp.submission.writer import write_submission

VIDEOS = pd.DataFrame({"video": ["v2", "v1", "v3"], "duration": [10.0, 82.731274567, 0.00003]})
CLASSES = ["jump", "run"]
DETECTIONS = pd.DataFrame(
    {
        "video": ["v1", "v2", "v1", "v3"],
        "label": ["run", "jump", "jump", "run"],
        "score": [0.25, 1 / 3, 0.75, 0.5],
        "start": [0.0, 1.23456789, 80.0, 0.00001],
        "end": [5.0, 2.0, 82.731274567, 0.00002],
    }
)


def check(path: Path, per_video: int = 100) -> list[str]:
    return validate_submission(path, VIDEOS, CLASSES, per_video)


def write(path: Path, detections: pd.DataFrame = DETECTIONS) -> dict[str, Any]:
    write_submission(path, detections, VIDEOS, True, "Kinetics-700")
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_written_file_has_the_format_and_is_valid(tmp_path: Path) -> None:
    content = write(tmp_path / "s.json")
    assert list(content) == ["version", "results", "external_data"]
    assert content["version"] == "VERSION 1.3"
    assert content["external_data"] == {"used": True, "details": "Kinetics-700"}
    assert list(content["results"]) == ["v1", "v2", "v3"]
    assert content["results"]["v1"] == [
        {"label": "jump", "score": 0.75, "segment": [80.0, 82.731274567]},
        {"label": "run", "score": 0.25, "segment": [0.0, 5.0]},
    ]
    assert content["results"]["v2"] == [{"label": "jump", "score": 1 / 3, "segment": [1.2346, 2.0]}]
    assert content["results"]["v3"] == [{"label": "run", "score": 0.5, "segment": [0.00001, 0.00002]}]
    assert check(tmp_path / "s.json") == []


def test_a_video_without_detections_has_an_empty_list(tmp_path: Path) -> None:
    assert write(tmp_path / "s.json", DETECTIONS.iloc[:0])["results"] == {"v1": [], "v2": [], "v3": []}
    assert check(tmp_path / "s.json") == []


def test_the_order_of_the_rows_changes_no_byte(tmp_path: Path) -> None:
    write(tmp_path / "one.json")
    write(tmp_path / "two.json", DETECTIONS.iloc[[3, 1, 0, 2]])
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["v1", "v2", "v3"]),
            st.floats(-5, 90, allow_subnormal=False),
            st.floats(1e-9, 90, allow_subnormal=False),
        ),
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_times_are_clipped_to_the_video(tmp_path: Path, drawn: list) -> None:
    table = pd.DataFrame(
        {
            "video": [video for video, _, _ in drawn],
            "label": "run",
            "score": 0.5,
            "start": [start for _, start, _ in drawn],
            "end": [start + length for _, start, length in drawn],
        }
    )
    dropped = write_submission(tmp_path / "s.json", table, VIDEOS, False, "")
    assert check(tmp_path / "s.json") == []
    limit = table["video"].map(dict(zip(VIDEOS["video"], VIDEOS["duration"], strict=True)))
    inside = np.clip(table["start"], 0, limit) < np.clip(table["end"], 0, limit)
    assert dropped == (~inside).sum()


def test_detections_of_unknown_videos_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"(?s)not in the subset.*v8.*v9"):
        write(tmp_path / "s.json", DETECTIONS.assign(video=["v9", "v1", "v8", "v9"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("column", ["score", "start", "end"])
def test_values_that_are_not_finite_are_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        write(tmp_path / "s.json", DETECTIONS.assign(**{column: [0.1, np.nan, 0.3, 0.4]}))
    assert list(tmp_path.iterdir()) == []


FAULTY_ENTRIES = {
    "label": ("swim", "label 'swim' is not one of the 2 classes"),
    "score": (float("nan"), "score must be a finite number, not nan"),
    "segment": ([1.0, 11.0], "segment [1.0, 11.0] must satisfy 0 <= start < end <= 10.0"),
}


@pytest.mark.parametrize("key", FAULTY_ENTRIES)
def test_a_fault_names_video_and_entry(tmp_path: Path, key: str) -> None:
    content = write(tmp_path / "s.json")
    value, message = FAULTY_ENTRIES[key]
    good = content["results"]["v2"][0]
    content["results"]["v2"] = [good, {**good, key: value}]
    (tmp_path / "s.json").write_text(json.dumps(content))
    faults = check(tmp_path / "s.json")
    assert len(faults) == 1 and faults[0].startswith(f"v2, entry 1: {message}")


@pytest.mark.parametrize("value", ["0.5", None, True, float("inf"), 10**400, [], {}])
def test_only_finite_numbers_are_scores(tmp_path: Path, value: Any) -> None:
    content = write(tmp_path / "s.json")
    content["results"]["v2"][0]["score"] = value
    (tmp_path / "s.json").write_text(json.dumps(content))
    assert [fault.split(",")[0] for fault in check(tmp_path / "s.json")] == ["v2"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        "0-5",
        [],
        [1.0],
        [1, 2, 3],
        [None, 2],
        [True, 2],
        [2, 2],
        [3, 2],
        [-0.1, 2],
        [0, float("nan")],
        {},
    ],
)
def test_a_segment_is_two_ordered_times_inside_the_video(tmp_path: Path, value: Any) -> None:
    content = write(tmp_path / "s.json")
    content["results"]["v2"][0]["segment"] = value
    (tmp_path / "s.json").write_text(json.dumps(content))
    faults = check(tmp_path / "s.json")
    assert len(faults) == 1 and faults[0].startswith("v2, entry 0: segment")


@pytest.mark.parametrize("key", ["label", "score", "segment"])
def test_every_key_of_an_entry_is_required(tmp_path: Path, key: str) -> None:
    content = write(tmp_path / "s.json")
    del content["results"]["v2"][0][key]
    (tmp_path / "s.json").write_text(json.dumps(content))
    faults = check(tmp_path / "s.json")
    assert len(faults) == 1 and faults[0].startswith(f"v2, entry 0: {key}")


def test_ids_have_no_prefix(tmp_path: Path) -> None:
    content = write(tmp_path / "s.json")
    content["results"]["v_v1"] = content["results"].pop("v1")
    (tmp_path / "s.json").write_text(json.dumps(content))
    faults = check(tmp_path / "s.json")
    assert len(faults) == 2
    assert faults[0].startswith("v1: missing") and faults[0].endswith("remove the prefix v_ from v_v1")
    assert faults[1] == "'v_v1': not a video of the subset"


def test_more_detections_than_allowed_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "s.json")
    assert check(tmp_path / "s.json", per_video=2) == []
    assert check(tmp_path / "s.json", per_video=1) == ["v1: 2 detections; at most 1 are allowed"]


@pytest.mark.parametrize("key", ["version", "results", "external_data"])
def test_every_key_of_the_file_is_required(tmp_path: Path, key: str) -> None:
    content = write(tmp_path / "s.json")
    del content[key]
    (tmp_path / "s.json").write_text(json.dumps(content))
    assert check(tmp_path / "s.json") == [f"the key {key} is missing"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "1.3"}, "version must be"),
        ({"external_data": None}, "external_data must be an object"),
        ({"external_data": {"used": 1, "details": ""}}, "used must be true or false"),
        ({"external_data": {"used": True, "details": None}}, "details must be text"),
        ({"results": []}, "results must be an object"),
        ({"results": None}, "results must be an object"),
        ({"results": {"v1": {}, "v2": [], "v3": []}}, "v1: must be a list"),
        ({"results": {"v1": ["run"], "v2": [], "v3": []}}, "v1, entry 0: must be an object"),
    ],
)
def test_faults_of_the_structure(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    (tmp_path / "s.json").write_text(json.dumps({**write(tmp_path / "s.json"), **change}))
    faults = check(tmp_path / "s.json")
    assert len(faults) == 1 and message in faults[0]


def test_a_duplicate_video_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path / "s.json")
    text = (tmp_path / "s.json").read_text().replace('"results": {', '"results": {"v2": [],', 1)
    (tmp_path / "s.json").write_text(text)
    assert check(tmp_path / "s.json") == ["results: the key 'v2' occurs more than once; remove the duplicate"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00garbage\x80",
        b'{"version": "VERSION 1.3", "results": {"v1": [',
        b"[" * 200_000,
        b'{"results": ' * 100_000,
        b'{"score": ' + b"9" * 10_000 + b"}",
        b"[]",
        b"null",
        b'"' + b"x" * 1_000_000 + b'"',
    ],
)
def test_a_garbled_file_gives_one_short_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.json").write_bytes(content)
    faults = check(tmp_path / "s.json")
    assert len(faults) == 1 and len(faults[0]) < 200


def test_deep_and_large_values_give_short_faults(tmp_path: Path) -> None:
    content = write(tmp_path / "s.json")
    deep: Any = 1
    for _ in range(400):
        deep = [{"deeper": deep}]
    content["results"]["v2"] = [{"label": deep, "score": "s" * 10_000, "segment": list(range(10_000))}]
    (tmp_path / "s.json").write_text(json.dumps(content))
    faults = check(tmp_path / "s.json")
    assert len(faults) == 3 and all(len(fault) < 200 for fault in faults)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert len(check(tmp_path / "nowhere.json")) == 1
    assert len(check(tmp_path)) == 1
