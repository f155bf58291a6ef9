"""Data sets that are tiny or odd still end with a submission, and the log says what was done instead."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workflow.project import MATCHING, ROOT, Project

CHANNELS = 4


def video(subset: str, *labels: str, seconds: float = 4.0) -> dict[str, Any]:
    """Return a video with an instance per label, one after the other."""
    length = seconds / max(len(labels), 1)
    segments = [[place * length, (place + 0.5) * length] for place in range(len(labels))]
    pairs = zip(segments, labels, strict=True)
    annotations = [{"segment": segment, "label": label} for segment, label in pairs]
    return {"subset": subset, "duration": seconds, "annotations": annotations}


def whole(subset: str, label: str) -> dict[str, Any]:
    """Return a video that one instance fills."""
    return video(subset) | {"annotations": [{"segment": [0.0, 4.0], "label": label}]}


def instant(subset: str, label: str) -> dict[str, Any]:
    """Return a video with an instance that is too short for any proposal."""
    return video(subset) | {"annotations": [{"segment": [1.0, 1.01], "label": label}]}


def write_tables(folder: Path, database: dict[str, Any]) -> None:
    """Write a table of segments for each subset, and a table of the durations."""
    lines: dict[str, list[str]] = {}
    for name, entry in database.items():
        rows = [[name, *row["segment"], row["label"]] for row in entry["annotations"]] or [[name, "", "", ""]]
        lines.setdefault(entry["subset"], []).extend(",".join(map(str, row)) for row in rows)
    for subset, texts in lines.items():
        (folder / f"{subset}.csv").write_text("\n".join(["video,start,end,label", *texts]) + "\n")
    durations = [f"{name},{entry['duration']}" for name, entry in database.items()]
    (folder / "videos.csv").write_text("\n".join(["video,duration", *durations]) + "\n")


def challenge(folder: Path, database: dict[str, Any], snippets: int, **keys: Any) -> Project:
    """Write a challenge with random features, one encoder, one generator and a panel of two classifiers."""
    random = np.random.default_rng(0)
    (folder / "features").mkdir()
    for place, name in enumerate(database):
        length = snippets + place % 3
        np.save(folder / f"features/{name}.npy", random.normal(size=(length, CHANNELS)).astype(np.float32))
    (folder / "annotations.json").write_text(json.dumps({"database": database}))
    write_tables(folder, database)
    labels = sorted({row["label"] for entry in database.values() for row in entry["annotations"]})
    scores = {name: [1 / len(labels)] * len(labels) for name in database}
    (folder / "scores.json").write_text(json.dumps({"results": scores, "class": labels}))
    (folder / "encoders.tsv").write_text(f"encoder\tname\tpath\tchannels\nmine\trgb\tfeatures\t{CHANNELS}\n")
    (folder / "classifiers.tsv").write_text(
        "classifier\tsource\tscores\tvalidation\ttesting\tencoder\n"
        "linear\ttrained\t\t\t\tmine\ntheirs\toutside\tprobabilities\tscores.json\tscores.json\t\n"
        "first\tsnippets\t\t\t\t\nsecond\tsnippets\t\t\t\t\n"
    )
    model = {"architecture": "bsnpp", "base_channels": 4, "boundary_channels": 4, "relation_channels": 4}
    stages = [{"epochs": 1, "learning_rate": 0.001}]
    generator = {"model": {**model, "matching": MATCHING}, "training": {"batch_size": 2, "stages": stages}}
    config = {
        "challenge": "tiny",
        "annotations": {"layout": "activitynet", "path": "annotations.json"},
        "encoders": "encoders.tsv",
        "classifiers": "classifiers.tsv",
        "scales": {"training": 8, "regimes": [{"scale": 8}]},
        "generators": {"bsnpp": generator},
        "blends": {"single": ["mine/scratch"]},
        "panels": {"both": ["linear", "theirs"]},
        "variants": {"baseline": {"generators": {"bsnpp": "single"}, "panel": "both"}},
        "submission": {"variant": "baseline"},
        "evaluation": {"bootstrap_resamples": 5},
        **keys,
    }
    project = Project(ROOT, folder)
    project.configure(config)
    return project


def logs(project: Project) -> str:
    """Return all logs of the run."""
    return "\n".join(path.read_text() for path in sorted(project.folder.glob("results/tiny/logs/**/*.log")))


RECORDINGS = {
    "windows": {"snippet_seconds": 0.5, "cells": 8, "cell_seconds": 0.5},
    "panels": {"both": ["first", "second"]},
    "recognition": {
        "panel": "both",
        "estimator": {"trees": 2, "hidden_units": 2, "epochs": 1},
        "candidates": {"refine": [False, True]},
    },
    "variants": {
        "runs": {"control": "runs", "panel": "both"},
        "baseline": {"generators": {"bsnpp": "single"}, "panel": "both"},
        "recognised": {"recognises": "baseline"},
    },
    "submission": {"variant": "recognised"},
}

TABLES = {
    "layout": "csv",
    "path": {"training": "training.csv", "validation": "validation.csv"},
    "video_table": "videos.csv",
}

# By name: the database, snippets of the shortest video, further keys, and warnings in the logs.
SETS: dict[str, tuple[dict[str, Any], int, dict[str, Any], list[str]]] = {
    "one_class_one_video_of_each_subset_no_test_subset_and_no_instance_met": (
        {"a": video("training", "run"), "b": instant("validation", "run")},
        1,
        {"annotations": TABLES},
        [
            "all training videos have the class run: it is always predicted",
            "no proposal of any member matches an annotated instance of validation: all members get the same",
            "no video of the subset testing: its place is taken by the subset validation",
        ],
    ),
    "no_labelled_validation_video_and_a_training_video_without_annotations": (
        {
            "a": video("training", "run", "jump"),
            "b": video("training", "jump"),
            "c": video("training"),
            "d": video("validation"),
            "e": video("testing", "run", seconds=9.0),
        },
        2,
        {"scored_subsets": ["testing"]},
        ["no validation video has an annotation: all members get the same weight"],
    ),
    "one_recording_that_one_instance_fills_in_windows": (
        {name: whole(name, "run") for name in ("training", "validation", "testing")},
        8,
        RECORDINGS,
        [
            "all training snippets have the class run: it is always predicted",
            "its only recording is trained on, too",
            "fewer than two folds of training recordings have instances",
        ],
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_the_chain_ends_with_a_submission(tmp_path: Path, name: str) -> None:
    database, snippets, keys, warnings = SETS[name]
    project = challenge(tmp_path, database, snippets, **keys)
    done = project.snakemake()
    assert done.code == 0, done.text
    results = tmp_path / "results/tiny"
    assert "valid, " in (results / "submission.valid.txt").read_text()
    videos = set(json.loads((results / "submission.json").read_text())["results"])
    last = "testing" if any(entry["subset"] == "testing" for entry in database.values()) else "validation"
    assert videos == {key for key, entry in database.items() if entry["subset"] == last}
    for warning in warnings:
        assert warning in logs(project)
