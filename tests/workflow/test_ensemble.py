"""External detections, calibration, the upper bound and the sweep in the tiny challenge."""

import csv
import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import yaml
from matplotlib.image import imread

from tests.workflow.project import Jobs, Project, tiny_config

RESULTS = Path("results/tiny")


def rows_of(project: Project, table: str) -> list[dict[str, str]]:
    with (project.folder / RESULTS / table).open() as file:
        return list(csv.DictReader(file))


def test_correct_external_detections_raise_the_map(finished_run: Project) -> None:
    average = {
        (row["variant"], row["subset"]): float(row["average_map"])
        for row in rows_of(finished_run, "tables/ablation.csv")
    }
    for subset in ("validation", "testing"):
        assert average["theirs", subset] > average["own", subset] + 10
    log = (finished_run.folder / RESULTS / "logs/external/theirs.log").read_text()
    assert log.count("videos without an entry: 4 of 8") == 2


def test_calibrations_are_compared_for_variants_of_several_sources(finished_run: Project) -> None:
    tables = sorted((finished_run.folder / RESULTS / "tables").glob("ensemble.*.csv"))
    assert [path.stem for path in tables] == ["ensemble.D", "ensemble.theirs"]
    ablation = {
        (row["variant"], row["subset"]): row["average_map"]
        for row in rows_of(finished_run, "tables/ablation.csv")
    }
    for variant in ("D", "theirs"):
        rows = rows_of(finished_run, f"tables/ensemble.{variant}.csv")
        assert [(row["way"], row["subset"]) for row in rows] == [
            (way, subset)
            for way in ("concatenate", "rank", "isotonic")
            for subset in ("validation", "testing")
        ]
        for row in rows[:2]:  # the variant itself
            assert row["average_map"] == ablation[variant, row["subset"]] and not row["gain"]


def test_the_upper_bound_has_the_true_classes(finished_run: Project) -> None:
    entries = finished_run.read_annotations()["database"]
    with h5py.File(finished_run.folder / RESULTS / "classification/ground_truth/testing.h5") as file:
        videos, classes = (list(file[name].asstr()[:]) for name in ("video", "label"))
        probability = file["probability"][:]
    for video, row in zip(videos, probability, strict=True):
        true = {instance["label"] for instance in entries[video]["annotations"]}
        assert {classes[place] for place in np.flatnonzero(row)} == true


def test_a_sweep_is_sorted_and_its_choice_is_a_layer(finished: Project) -> None:
    done = finished.snakemake("sweep")
    assert done.code == 0, done.text
    rows = rows_of(finished, "sweep/table.csv")
    averages = [float(row["average_map"]) for row in rows]
    assert averages == sorted(averages, reverse=True)
    assert {row["class_fusion"] for row in rows} == {"product", "sqrt"}
    assert "narrow" in {row["nms"] for row in rows}
    (used,) = (row for row in rows if row["in_use"] == "True")
    ablation = {(row["variant"], row["subset"]): row for row in rows_of(finished, "tables/ablation.csv")}
    assert used["average_map"] == ablation["D", "validation"]["average_map"]
    assert min(imread(finished.folder / RESULTS / "sweep/table.png").shape[:2]) > 100
    chosen = yaml.safe_load((finished.folder / RESULTS / "sweep/chosen.yaml").read_text())
    assert chosen["detection"]["class_fusion"] == rows[0]["class_fusion"]
    jobs = finished.jobs(f"tiny.yaml {RESULTS}/sweep/chosen.yaml")
    assert ("detect" in jobs.rules) == (rows[0] is not used) and "train_generator" not in jobs.rules
    assert not jobs.rules & {"weigh_encoders", "fuse_maps"}, "the layer changes the swept maps"


def test_the_best_rule_of_scales_gives_its_score(finished: Project) -> None:
    finished.configure({**tiny_config(), "scale_search": {"scales": [6], "bounds": [30, 60]}})
    done = finished.snakemake("scales")
    assert done.code == 0, done.text
    rows = rows_of(finished, "sweep/scales.csv")
    assert [row["in_use"] for row in rows].count("True") == [row["chosen"] for row in rows].count("True") == 1
    (used,) = (row for row in rows if row["in_use"] == "True")
    stored = json.loads((finished.folder / RESULTS / "evaluation/D.validation.json").read_text())
    assert float(used["average_map"]) == pytest.approx(100 * stored["average_map"], abs=1e-3)
    assert min(imread(finished.folder / RESULTS / "sweep/scales.png").shape[:2]) > 100
    (chosen,) = (row for row in rows if row["chosen"] == "True")
    layer = yaml.safe_load((finished.folder / RESULTS / "sweep/scales.yaml").read_text())
    assert len(layer["scales"]["regimes"]) == int(chosen["ranges"])
    assert layer["variants"] == {"D": {"scales": "by_duration"}}


def test_the_choice_of_a_sweep_gives_its_score(finished: Project) -> None:
    settings = {"weight_search": {"metric": "average_map"}, "detection": {"nms": "hard"}}
    finished.configure({**tiny_config(), **settings})
    done = finished.snakemake("sweep")
    assert done.code == 0, done.text
    best = rows_of(finished, "sweep/table.csv")[0]
    assert best["in_use"] == "False", "the settings in use are the best already: change this test"
    scores, layers = RESULTS / "evaluation/D.validation.json", f"tiny.yaml {RESULTS}/sweep/chosen.yaml"
    planned = Jobs(finished.snakemake("--dry-run", str(scores), config=layers))
    assert "detect" in planned.rules and not planned.rules & {"weigh_encoders", "weigh_classifiers"}
    done = finished.snakemake(str(scores), config=layers)
    assert done.code == 0, done.text
    average = json.loads((finished.folder / scores).read_text())["average_map"]
    assert f"{100 * average:.4f}" == best["average_map"]


def test_faults_of_external_detections_are_reported_together(finished: Project) -> None:
    path = finished.folder / "theirs.testing.json"
    content = json.loads(path.read_text())
    video = next(video for video, entries in content["results"].items() if entries)
    content["results"][video][0]["label"] = "Nothing"
    path.write_text(json.dumps(content))
    outcome = finished.snakemake()
    assert outcome.code == 1 and "Traceback" not in outcome.text
    log = (finished.folder / RESULTS / "logs/external/theirs.log").read_text()
    for words in ("theirs.testing.json", "label 'Nothing' (1 times) is not one of"):
        assert words in log, log
