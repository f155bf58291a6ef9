"""External submissions: detections are read unchanged, and one message lists every fault."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.stores.tables import write_table
from bsnpp.submission.external import read_external
from tests.paths import ROOT, script

VIDEOS = pd.DataFrame({"video": ["a", "b", "c"], "duration": [10.0, 20.0, 30.0]})
CLASSES = ["jump", "run"]


def entry(
    label: str = "run", score: float = 0.5, segment: tuple[float, float] = (1.0, 2.0)
) -> dict[str, Any]:
    return {"label": label, "score": score, "segment": list(segment)}


def written(folder: Path, results: Any) -> Path:
    path = folder / "theirs.json"
    path.write_text(json.dumps({"version": "their own", "results": results}))
    return path


def message_of(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_external(path, VIDEOS, CLASSES)
    return str(caught.value)


def test_detections_are_read_in_the_order_of_the_file_and_missing_videos_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, {"b": [entry(score=2), entry("jump")], "a": []})
    table, missing = read_external(path, VIDEOS, CLASSES)
    assert missing == ["c"]
    assert table.to_numpy().tolist() == [["b", "run", 2.0, 1.0, 2.0], ["b", "jump", 0.5, 1.0, 2.0]]


def test_every_fault_is_reported_with_its_video_and_entry(tmp_path: Path) -> None:
    results = {
        "a": [
            entry(),
            entry("swim"),
            entry(segment=(5.0, 11.0)),
            entry(score=float("nan")),
            entry(score=0.7),
        ],
        "b": [entry(score=-1.0), entry(segment=(3.0, 3.0)), "nothing"],
        "z": [],
        "c": {},
    }
    message = message_of(written(tmp_path, results))
    for words in (
        "a, entry 1: label 'swim' is not one of the 2 classes",
        "a, entry 2: segment [5.0, 11.0] must satisfy 0 <= start < end <= 10.0",
        "a, entry 3: score must be a finite number, not nan",
        "a, entry 4: has the same label and segment as entry 0; remove the duplicate",
        "b, entry 0: score must be at least 0, not -1.0",
        "b, entry 1: segment [3.0, 3.0]",
        "b, entry 2: must be an object",
        "'z': not a video of the subset",
        "c: must be a list of detections",
    ):
        assert words in message, message
    assert "a, entry 0" not in message


def test_one_message_reports_the_faults_of_both_subsets_and_nothing_is_written(tmp_path: Path) -> None:
    sources = [tmp_path / f"theirs.{subset}.json" for subset in ("validation", "testing")]
    for path in sources:
        path.write_text(json.dumps({"results": {path.suffixes[0]: []}}))
    write_table(tmp_path / "videos.tsv", VIDEOS)
    (tmp_path / "classes.txt").write_text("jump\nrun\n")
    outputs = [tmp_path / "validation.parquet", tmp_path / "testing.parquet"]
    command = [sys.executable, script("import_external"), "--sources", *sources]
    command += ["--videos", *[tmp_path / "videos.tsv"] * 2, "--classes", tmp_path / "classes.txt"]
    done = subprocess.run(
        [*map(str, command), "--detections", *map(str, outputs)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.count("error: ") == 1 and "Traceback" not in done.stderr
    for path in sources:
        assert f"{path}: invalid external submission" in done.stderr
        assert f"'{path.suffixes[0]}': not a video" in done.stderr
    assert not any(path.exists() for path in outputs)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"results": []}'])
def test_a_file_that_is_no_submission_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "theirs.json"
    path.write_text(content)
    assert str(path) in message_of(path)


def test_a_duplicate_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    path.write_text('{"results": {"a": [], "a": []}}')
    assert "the key 'a' occurs more than once; remove the duplicate" in message_of(path)
