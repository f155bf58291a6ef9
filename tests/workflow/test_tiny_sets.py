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


def challenge(folder: Path, database: dict[str, Any], snippets: int, **keys: Any) -> Project:
    """Write a challenge with random features, one encoder, one generator and a panel of two classifiers."""
    random = np.random.default_rng(0)
    (folder / "features").mkdir()
    for place, name in enumerate(database):
        length = snippets + place % 3
        np.save(folder / f"features/{name}.npy", random.normal(size=(length, CHANNELS)).astype(np.float32))
    (folder / "annotations.json").write_text(json.dumps({"database": database}))
    labels = sorted({row["label"] for entry in database.values() for row in entry["annotations"]})
    scores = {name: [1 / len(labels)] * len(labels) for name in database}
    (folder / "scores.json").write_text(json.dumps({"results": scores, "class": labels}))
    (folder / "encoders.tsv").write_text(f"encoder\tname\tpath\tchannels\nmine\trgb\tfeatures\t{CHANNELS}\n")
    (folder / "classifiers.tsv").write_text(
        "classifier\tsource\tscores\tvalidation\ttesting\tencoder\n"
        "linear\ttrained\t\t\t\tmine\ntheirs\toutside\tprobabilities\tscores.json\tscores.json\t\n"
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


SETS: dict[str, tuple[dict[str, Any], int, dict[str, Any], list[str]]] = {
    "one_class_and_one_video_of_each_subset": (
        {name: video(name, "run") for name in ("training", "validation", "testing")},
        1,
        {},
        ["all training videos have the class run: it is always predicted"],
    ),
    "no_labelled_validation_video": (
        {
            "a": video("training", "run", "jump"),
            "b": video("training", "jump"),
            "c": video("training"),
            "d": video("validation"),
            "e": video("testing", "run"),
        },
        2,
        {"scored_subsets": ["testing"]},
        ["no validation video has an annotation: all members get the same weight"],
    ),
    "no_test_subset": (
        {
            "a": video("training", "run"),
            "b": video("training", "jump"),
            "c": video("validation", "run", "jump", seconds=9.0),
        },
        3,
        {},
        ["no video of the subset testing: its place is taken by the subset validation"],
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
