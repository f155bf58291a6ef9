"""Manifests are written by default, list what was read, and trigger no other job."""

import csv
import hashlib
import json
import re
from pathlib import Path

import numpy as np

from bsnpp.core.checksums import write_checked_text
from tests.workflow.project import ANNOTATIONS, ROOT, Jobs, Project

MANIFEST = "results/tiny/features/{}/manifest.{}.csv"
SUBSETS = {"training": 16, "validation": 8, "testing": 8}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_script_lists_and_flags_videos(tmp_path: Path) -> None:
    seconds = {f"v{index}": 10.0 * (index + 1) for index in range(10)}
    table = "".join(f"{video}\t{duration}\t{duration}\n" for video, duration in seconds.items())
    write_checked_text(tmp_path / "videos.tsv", f"video\tduration\textent\n{table}")
    for stream in ("rgb", "fixed"):
        (tmp_path / stream).mkdir()
        for video, duration in seconds.items():
            length = 100 if stream == "fixed" else int(2 * duration)
            np.save(tmp_path / stream / f"{video}.npy", np.zeros((length, 3), np.float32))
    np.save(tmp_path / "rgb/v9.npy", np.zeros((150, 3), np.float32))
    np.save(tmp_path / "rgb/v8.npy", np.zeros((1, 3), np.float32))
    (tmp_path / "fixed/v7.npy").unlink()
    streams = [{"name": name, "path": name, "channels": 3} for name in ("rgb", "fixed")]
    outcome = Project(ROOT, tmp_path).script(
        *["list_features", "--videos", "videos.tsv", "--manifest", "manifest.csv"],
        *["--settings", json.dumps({"streams": streams})],
    )
    assert outcome.code == 0, outcome.text
    rows = rows_of(tmp_path / "manifest.csv")
    assert [(row["stream"], row["video"]) for row in rows] == [
        (stream, video) for stream in ("rgb", "fixed") for video in seconds
    ]
    assert {(row["stream"], row["video"]): row["flag"] for row in rows if row["flag"]} == {
        ("rgb", "v8"): "one snippet", ("rgb", "v9"): "short", ("fixed", "v7"): "missing"
    }  # fmt: skip
    for words in (
        "rgb: median of 2 snippets per second, the rate of 89 % of the videos; it is steady, so lengths are",
        "warning: rgb: one snippet: 1 of 10 videos:\n  v8: 1 snippet in 90 s\n",
        "warning: rgb: short: 1 of 10 videos:\n  v9: 150 snippets in 100 s\n",
        "it is not steady",
        "warning: fixed: missing: 1 of 10 videos:\n  v7: 0 snippets in 80 s\n",
    ):
        assert words in outcome.text


def test_a_manifest_has_a_row_for_every_video_and_stream(finished_run: Project) -> None:
    made = {path.relative_to(finished_run.folder) for path in finished_run.folder.glob("**/manifest.*.csv")}
    expected = [(encoder, subset) for encoder in ("sharp", "smooth") for subset in SUBSETS]
    assert made == {Path(MANIFEST.format(*pair)) for pair in [*expected, ("sharp", "pretraining")]}
    for encoder, subset in expected:
        rows = rows_of(finished_run.folder / MANIFEST.format(encoder, subset))
        assert len({(row["video"], row["stream"]) for row in rows}) == len(rows) == 2 * SUBSETS[subset]
        assert {row["flag"] for row in rows} == {""}
        assert all(1.8 < float(row["snippets_per_second"]) < 2.2 for row in rows)
    for row in rows_of(finished_run.folder / MANIFEST.format("sharp", "testing")):
        content = (finished_run.folder / row["file"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(content).hexdigest()


def test_only_the_summary_depends_on_a_manifest(finished: Project) -> None:
    manifests = list(finished.folder.glob("**/manifest.*.csv"))
    before = [path.read_bytes() for path in manifests]
    for path in manifests:
        path.unlink()
    assert finished.jobs().count == {"list_features": 7, "write_manifest": 1, "write_report": 1}
    done = finished.snakemake()
    assert done.code == 0, done.text
    assert [path.read_bytes() for path in manifests] == before
    assert not finished.jobs().count


def test_an_edit_of_its_code_reruns_only_manifests_and_the_summary(finished: Project) -> None:
    finished.edit("bsnpp/features/manifest.py", "\nimport ", "\nimport json\nimport ")
    assert finished.jobs().count == {"list_features": 7, "write_manifest": 1, "write_report": 1}


def test_an_edited_duration_triggers_nothing_through_manifests(finished: Project) -> None:
    content = finished.read_annotations()
    entries = content["database"].values()
    next(entry for entry in entries if entry["subset"] == "testing")["duration"] += 0.5
    finished.write_annotations(content)
    jobs = finished.jobs()
    without = Jobs(finished.snakemake("--dry-run", "submit", "evaluate", "draw"))
    assert jobs.count - without.count == {
        "list_features": 2,  # test videos of two encoders
        "draw_videos": 1,  # part of the report, and reads the table of videos
        "write_manifest": 1,
        "write_report": 1,
    }
    assert not [line for line in re.findall(r"^Reason: .*", without.text, re.M) if "manifest." in line]


def test_a_shortened_video_is_flagged(finished: Project) -> None:
    target = MANIFEST.format("sharp", "testing")
    row = max(rows_of(finished.folder / target), key=lambda row: int(row["snippets"]))
    path = finished.folder / row["file"]
    np.save(path, np.load(path)[: int(row["snippets"]) // 2])
    done = finished.snakemake(target)
    assert done.code == 0, done.text
    flagged = [
        (one["video"], one["stream"], one["flag"]) for one in rows_of(finished.folder / target) if one["flag"]
    ]
    assert flagged == [(row["video"], row["stream"], "short")]
    log = (finished.folder / "results/tiny/logs/features/sharp/manifest.testing.log").read_text()
    assert f"warning: {row['stream']}: short: 1 of 8 videos:\n  {row['video']}: " in log


def test_the_manifest_of_the_run_has_checksums_of_its_inputs(finished_run: Project) -> None:
    folder = finished_run.folder
    inputs = json.loads((folder / "results/tiny/manifest.json").read_text())["inputs"]
    features = {use: value for use, value in inputs.items() if isinstance(value, dict)}
    assert features.keys() == {
        MANIFEST.format(*pair).removeprefix("results/tiny/")
        for pair in [(encoder, subset) for encoder in ("sharp", "smooth") for subset in SUBSETS]
        + [("sharp", "pretraining")]
    }
    assert features["features/sharp/manifest.training.csv"]["rows"] == 2 * SUBSETS["training"]
    layout = "the annotations as JSON, in the layout activitynet"
    files = {
        f"annotations 1: {layout}": ANNOTATIONS,
        "annotations 2: the classes, one per line": "classes.txt",
        f"pretraining 1: {layout}": "data/simulated/pretraining.json",
        "classifier alpha: validation": "data/simulated/classifiers/alpha.json",
        "classifier alpha: testing": "data/simulated/classifiers/alpha.json",
        "classifier beta: validation": "data/simulated/classifiers/beta.json",
        "classifier beta: testing": "data/simulated/classifiers/beta.json",
        "external theirs: validation": "theirs.validation.json",
        "external theirs: testing": "theirs.testing.json",
    }
    sums = {use: hashlib.sha256((folder / path).read_bytes()).hexdigest() for use, path in files.items()}
    assert {use: value for use, value in inputs.items() if use not in features} == sums
