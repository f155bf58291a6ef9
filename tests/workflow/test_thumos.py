"""config/thumos14 on a few simulated recordings: two subsets, overlapping clips, windows, no groups."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.workflow.project import MATCHING, ROOT, STAGES, Project, copy_code

CHANNELS = 8
CLASSES = ["BaseballPitch", "CliffDiving", "Diving"]
RESULTS = "results/thumos14"


def write_recordings(folder: Path) -> None:
    """Write instances of four seconds; features are the share of each class in a clip, plus noise."""
    random = np.random.default_rng(0)
    database = {}
    features = folder / "data/thumos14/i3d_features"
    features.mkdir(parents=True)
    for subset, count in (("validation", 10), ("test", 4)):
        for number in range(count):
            seconds = 30.0 + 4 * number
            starts = np.arange(4.0, seconds - 8, 10.0) + random.uniform(-2, 2)
            labels = random.integers(len(CLASSES), size=len(starts))
            fps = 25.0 if number == 3 else 30.0
            clips = (np.arange(0, seconds * fps - 15, 4)[:, None] + [0, 16]) / fps  # 16 frames every 4
            rows = random.normal(scale=0.05, size=(len(clips), CHANNELS))
            for start, label in zip(starts, labels, strict=True):
                inside = np.minimum(clips[:, 1], start + 4) - np.maximum(clips[:, 0], start)
                rows[:, label] += np.clip(inside, 0, None) * fps / 16
            name = f"video_{subset}_{number:07d}"
            np.save(features / f"{name}.npy", rows.astype(np.float32))
            database[name] = {
                "subset": "Validation" if subset == "validation" else "Test",
                "duration": seconds,
                "fps": fps,
                "annotations": [
                    {"label": CLASSES[label], "segment": [start, start + 4], "label_id": int(label)}
                    for start, label in zip(starts, labels, strict=True)
                ],
            }
    path = folder / "data/thumos14/annotations/thumos14.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"version": "Thumos14", "database": database}))


@pytest.fixture(scope="module")
def thumos(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished run of the configuration with narrow networks."""
    base = tmp_path_factory.mktemp("thumos")
    project = Project(copy_code(base / "code"), base / "run")
    write_recordings(project.folder)
    recipe = ROOT / "config/thumos14"
    config = yaml.safe_load((recipe / "config.yaml").read_text())
    config |= {"encoders": "encoders.tsv", "classifiers": "classifiers.tsv", "compute": {"device": "cpu"}}
    config["windows"] |= {"cells": 32}
    config["scales"] = {"training": 32, "regimes": [{"scale": 32}]}
    narrow = {"base_channels": 8, "matching": MATCHING}
    config["generators"]["bsnpp"]["model"] |= {**narrow, "boundary_channels": 8, "relation_channels": 8}
    config["generators"]["bmn"]["model"] |= {**narrow, "confidence_channels": 8}
    for generator in config["generators"].values():
        generator["training"] = {**generator["training"], "batch_size": 8, "stages": STAGES}
    config["evaluation"]["bootstrap_resamples"] = 20
    for sheet in ("encoders.tsv", "classifiers.tsv"):
        text = (recipe / sheet).read_text().replace("\t2048\t", f"\t{CHANNELS}\t")
        (project.folder / sheet).write_text(text)
    project.configure(config)
    outcome = project.snakemake()
    assert outcome.code == 0, outcome.text
    return project


def test_every_variant_is_scored_only_on_the_test_videos(thumos: Project) -> None:
    table = pd.read_csv(thumos.folder / RESULTS / "tables/ablation.csv")
    assert table["variant"].tolist() == ["runs", "bsnpp", "bmn", "both", "upper_bound"]
    assert set(table["subset"]) == {"testing"} and table["average_map"].between(0, 100).all()
    assert table.set_index("variant")["average_map"]["runs"] > 80  # the classes are easy to recognise
    assert not thumos.jobs().count


def test_a_missing_table_of_groups_is_reported(thumos: Project) -> None:
    config = yaml.safe_load((thumos.folder / "tiny.yaml").read_text()) | {"groups": "matches.tsv"}
    outcome = thumos.snakemake("--dry-run", config=thumos.configure(config, "groups.yaml"))
    assert outcome.code == 1 and "matches.tsv: table of video and group" in outcome.text
