"""The check of a submission reports every fault with its video and entry."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.submission.submissions import check, write

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
    assert check(tmp_path / "s.json") == [
        "results: key 'v2' occurs more than once (keys 1 and 3 of 4); remove the duplicate"
    ]


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
