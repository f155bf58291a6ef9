"""The whole chain on a tiny challenge: its results, and that a second run gives the same bytes."""

import csv
import json
import re
import shutil
from pathlib import Path

import h5py
import pandas as pd
import pytest

from bsnpp.stores.tables import read_table
from tests.workflow.project import Project, tiny_config

RESULTS = "results/tiny"
VARIANTS = ["baseline", "A", "B", "C", "D", "upper_bound", "bmn_baseline", "bmn", "own", "theirs"]
COLUMNS = ["variant", "subset", "map_50", "map_75", "map_95", "average_map", "ar_100", "auc"]


def table_of(project: Project) -> list[dict[str, str]]:
    with (project.folder / RESULTS / "tables/ablation.csv").open() as file:
        return list(csv.DictReader(file))


def test_the_submission_is_valid(finished_run: Project) -> None:
    results = finished_run.folder / RESULTS
    classes, videos = results / "annotations/classes.txt", results / "annotations/testing.videos.tsv"
    judged = finished_run.script(
        "validate_submission", results / "submission.json", "--videos", videos, "--classes", classes
    )
    assert judged.code == 0, judged.text
    submission = json.loads((results / "submission.json").read_text())
    assert list(submission) == ["version", "results", "external_data"]
    assert submission["external_data"] == {"used": False, "details": ""}
    assert len(submission["results"]) == 8
    detections = [entry for entries in submission["results"].values() for entry in entries]
    assert detections, "no detection at all"
    assert all(set(entry) == {"label", "score", "segment"} for entry in detections)
    assert {entry["label"] for entry in detections} <= set(classes.read_text().splitlines())


def test_the_submission_of_a_subset_has_its_videos(finished_run: Project) -> None:
    results = finished_run.folder / RESULTS
    for name, subset in (("submission", "testing"), ("submission.validation", "validation")):
        videos = list(read_table(results / f"annotations/{subset}.videos.tsv")["video"])
        submission = json.loads((results / f"{name}.json").read_text())
        assert list(submission["results"]) == videos


def test_the_table_has_a_row_for_every_variant_and_subset(finished_run: Project) -> None:
    rows = table_of(finished_run)
    assert [(row["variant"], row["subset"]) for row in rows] == [
        (variant, subset) for variant in VARIANTS for subset in ("validation", "testing")
    ]
    assert set(COLUMNS) <= set(rows[0])
    assert all(0 <= float(row[column]) <= 100 for row in rows for column in COLUMNS[2:])
    assert all((row["tuned_on"] == "True") == (row["subset"] == "validation") for row in rows)


def test_every_step_has_a_paired_interval_on_the_test_subset(finished_run: Project) -> None:
    steps = {row["variant"]: row for row in table_of(finished_run) if row["subset"] == "testing"}
    assert {name: row["step_from"] for name, row in steps.items() if row["step_from"]} == {
        "A": "baseline", "B": "A", "C": "B", "D": "C"
    }  # fmt: skip
    for name in "ABCD":
        assert float(steps[name]["step_low"]) <= float(steps[name]["step_high"])


def test_a_trained_classifier_scores_every_video(finished_run: Project) -> None:
    path = finished_run.folder / RESULTS / "classification/scores/own.testing.h5"
    with h5py.File(path) as file:
        assert file["logits"].shape == (8, 3)


def test_nothing_is_left_to_run(finished_run: Project) -> None:
    outcome = finished_run.snakemake("--dry-run")
    assert outcome.code == 0 and "Nothing to be done" in outcome.text, outcome.text


def test_every_job_writes_a_log_and_a_benchmark(finished_run: Project) -> None:
    results = finished_run.folder / RESULTS
    logs = {path.relative_to(results / "logs").with_suffix("") for path in results.glob("logs/**/*.log")}
    benchmarks = results.glob("benchmarks/**/*.tsv")
    assert {path.relative_to(results / "benchmarks").with_suffix("") for path in benchmarks} == logs
    text = (finished_run.folder.parent / "log.txt").read_text()
    (total,) = set(re.findall(r"^total +(\d+)$", text, re.M))
    assert len(logs) == int(total) - 1, "one per job except `all`"


def test_no_temporary_file_is_left(finished_run: Project) -> None:
    assert not list(finished_run.folder.glob("**/*.part"))
    assert not list(finished_run.folder.glob("**/*.checkpoint"))


@pytest.mark.slow
def test_a_second_run_gives_the_same_bytes(finished_run: Project, tmp_path: Path) -> None:
    again = Project(finished_run.code, tmp_path)
    shutil.copytree(finished_run.folder / "data", tmp_path / "data")
    for path in (*finished_run.folder.glob("*.tsv"), *finished_run.folder.glob("theirs.*.json")):
        shutil.copy2(path, tmp_path)
    shutil.copy2(finished_run.folder / "classes.txt", tmp_path)
    config = tiny_config()
    config["variants"] = {"D": {**config["variants"]["D"], "after": None}}
    again.configure(config)
    done = again.snakemake("submit", "evaluate")
    assert done.code == 0, done.text
    made = [
        "submission.json",
        "submission.validation.json",
        "models/bsnpp/sharp/pretrained/model.safetensors",
        "models/bmn/sharp/scratch/model.safetensors",
        "classification/panels/all/weights.csv",
        "fusion/bsnpp/three/weights.csv",
        "evaluation/D.testing.json",
    ]
    for name in made:
        first, second = (project.folder / RESULTS / name for project in (finished_run, again))
        assert first.read_bytes() == second.read_bytes(), name
    metrics = f"{RESULTS}/models/bsnpp/sharp/pretrained/metrics.csv"
    losses = [pd.read_csv(project.folder / metrics) for project in (finished_run, again)]
    pd.testing.assert_frame_equal(
        *(table.drop(columns="waiting_share") for table in losses), check_exact=True
    )
    rows = [row for row in table_of(finished_run) if row["variant"] == "D"]
    assert [[row[column] for column in COLUMNS] for row in rows] == [
        [row[column] for column in COLUMNS] for row in table_of(again)
    ]
