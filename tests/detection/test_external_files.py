"""External submissions: what fits is read unchanged, the rest is counted; one message lists every fault."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest

from bsnpp.core.class_list import write_classes
from bsnpp.core.errors import UserError
from bsnpp.detection.external_files import read_external
from bsnpp.stores.detections import read_detections
from bsnpp.stores.tables import write_table
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


def message_of(path: Path, reading: Literal["lenient", "strict"] = "lenient") -> str:
    with pytest.raises(UserError) as caught:
        read_external(path, VIDEOS, CLASSES, reading)
    return str(caught.value)


def test_detections_are_read_in_the_order_of_the_file_and_missing_videos_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, {"b": [entry(score=2), entry("jump")], "a": []})
    table, notes = read_external(path, VIDEOS, CLASSES)
    assert notes == ["videos without an entry: 1 of 3, their instances are missed"]
    assert table.to_numpy().tolist() == [["b", "run", 2.0, 1.0, 2.0], ["b", "jump", 0.5, 1.0, 2.0]]


PUBLISHED: dict[str, Any] = {
    "a": [entry(score=0.9, segment=(1.0, 10.0001)), entry(), entry(), entry(segment=(10.5, 11.0))],
    "v_b": [],
    "c": [],
    "z": [entry()],
    "not_in_protocol": [],
}


def test_published_files_are_clipped_and_counted(tmp_path: Path) -> None:
    table, notes = read_external(written(tmp_path, PUBLISHED), VIDEOS, CLASSES)
    assert table.to_numpy().tolist() == [["a", "run", 0.9, 1.0, 10.0], ["a", "run", 0.5, 1.0, 2.0]]
    assert notes == [
        "ids that start with v_: 1, matched without it",
        "predictions outside the subset of the challenge: 1 in 1 video, left out",
        "exact duplicates: 1, dropped",
        "segments that reach outside their video: 2, clipped",
        "videos outside the subset without predictions: 1, left out",
        "empty segments: 1, dropped",
    ]


def test_the_strict_reading_refuses_what_does_not_fit(tmp_path: Path) -> None:
    message = message_of(written(tmp_path, PUBLISHED), "strict")
    for words in (
        "v_b: the id of the subset is b",
        "z: not in the subset of the challenge, 1 prediction",
        "a: run [1, 2] is listed more than once; remove the duplicate",
        "a: segment [1, 10.0001] reaches outside [0, 10]",
    ):
        assert words in message, message
    complete = {"a": [entry()], "b": [], "c": []}
    assert "extra: not a video of the challenge" in message_of(
        written(tmp_path, {**complete, "extra": []}), "strict"
    )
    empty = written(tmp_path, {**complete, "b": [entry(segment=(3.0, 3.0))]})
    assert "b: segment [3, 3] is empty" in message_of(empty, "strict")
    table, notes = read_external(written(tmp_path, complete), VIDEOS, CLASSES, "strict")
    assert len(table) == 1 and notes == []


def test_every_invalid_entry_is_reported_with_its_video(tmp_path: Path) -> None:
    results = {"a": [entry(), entry(score=float("nan"))], "b": ["nothing"], "c": {}}
    message = message_of(written(tmp_path, results))
    for words in (
        "a, entry 1: score is nan, should be a finite number",
        "b, entry 0: should be an object",
        "'c': should be a list of predictions",
    ):
        assert words in message, message
    assert "a, entry 0" not in message
    assert "label 'swim' (1 times) is not one of 2 classes" in message_of(
        written(tmp_path, {"a": [entry(), entry("swim")]})
    )
    assert "a: the score of run [1, 2] is -1, not at least 0" in message_of(
        written(tmp_path, {"a": [entry(score=-1.0)]})
    )


def test_one_message_reports_the_faults_of_both_subsets_and_nothing_is_written(tmp_path: Path) -> None:
    sources = [tmp_path / f"theirs.{subset}.json" for subset in ("validation", "testing")]
    write_table(tmp_path / "videos.tsv", VIDEOS)
    write_classes(tmp_path / "classes.txt", ["jump", "run"])
    outputs = [tmp_path / "validation.parquet", tmp_path / "testing.parquet"]

    def run(score: float, reading: str) -> subprocess.CompletedProcess[str]:
        for path in sources:
            path.write_text(json.dumps({"results": {"a": [entry(score=score, segment=(1.0, 10.0001))]}}))
        command = [sys.executable, script("import_external"), "--sources", *sources]
        command += ["--videos", *[tmp_path / "videos.tsv"] * 2, "--classes", tmp_path / "classes.txt"]
        command += ["--settings", json.dumps({"reading": reading}), "--detections", *outputs]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run([*map(str, command)], env=environment, stderr=subprocess.PIPE, text=True)

    done = run(-1, "lenient")
    assert done.returncode == 1 and done.stderr.count("error: ") == 1 and "Traceback" not in done.stderr
    for path in sources:
        assert f"{path}: invalid external submission" in done.stderr
    assert run(1, "strict").returncode == 1
    assert not any(path.exists() for path in outputs)
    done = run(1, "lenient")
    assert done.returncode == 0 and done.stderr.count("1 detection; segments that reach outside") == 2
    assert all(read_detections(path)["end"].tolist() == [10.0] for path in outputs)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"results": []}'])
def test_a_file_that_is_no_submission_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "theirs.json"
    path.write_text(content)
    assert str(path) in message_of(path)


def test_a_duplicate_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    path.write_text('{"results": {"a": [], "a": []}}')
    assert "key 'a' occurs more than once (keys 1 and 2 of 2); remove the duplicate" in message_of(path)
