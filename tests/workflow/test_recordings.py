"""Windows, snippets and the recogniser: config/hapt on a tiny archive, with hostile paths."""

import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from bsnpp.stores.snippet_scores import read_snippet_scores
from tests.datasets.hapt.archives import stream, write_zip
from tests.workflow.conftest import copy_of
from tests.workflow.project import MATCHING, ROOT, STAGES, Project, copy_code
from tests.workflow.test_paths import HOSTILE

RESULTS = Path("results") / HOSTILE
RATE, SECONDS = 50, 40
PERSONS = {experiment: 1 + (experiment - 1) // 2 for experiment in range(1, 13)}
TEST_PERSONS = (2, 5)
CONTROLS = ["runs", "hidden_markov_model", "semi_markov", "dense"]
VARIANTS = [*CONTROLS, "baseline", "A", "B", "D", "recognised", "bmn", "upper_bound"]


def tiny_archive(path: Path, other_test_persons: bool = False) -> Path:
    """Write twelve recordings of six persons with one frequency per activity.

    With `other_test_persons`, those of the test persons differ: they run backwards, and end earlier.
    """
    random = np.random.default_rng(0)
    time = np.arange(RATE * SECONDS) / RATE
    files = {"activity_labels.txt": "1 WALKING\n2 SITTING\n3 STAND_TO_SIT\n", "RawData/labels.txt": ""}
    for part in ("train", "test"):
        chosen = [p for p in sorted(set(PERSONS.values())) if (p in TEST_PERSONS) == (part == "test")]
        files[f"subject_id_{part}.txt"] = "".join(f"{person}\n" for person in chosen)
    for experiment, person in PERSONS.items():
        signal = random.normal(scale=0.1, size=(len(time), 3))
        for activity in (1, 2, 3, 1):
            begin = 100 + 450 * len(
                [
                    line
                    for line in files["RawData/labels.txt"].splitlines()
                    if line.startswith(f"{experiment} ")
                ]
            )
            end = begin + int(random.integers(150, 300))
            signal[begin:end, 0] += np.sin(2 * np.pi * 2 * activity * time[begin:end])
            changed = other_test_persons and person in TEST_PERSONS
            end -= 50 if changed else 0
            files["RawData/labels.txt"] += f"{experiment} {person} {activity} {begin + 1} {end}\n"
        signal = 3 * signal[::-1] if changed else signal
        text = "".join(f"{x!r} {y!r} {z!r}\n" for x, y, z in signal.tolist())
        files[f"RawData/acc_exp{experiment:02d}_user{person:02d}.txt"] = text
        files[f"RawData/gyro_exp{experiment:02d}_user{person:02d}.txt"] = stream(random, len(time))
    return write_zip(path, files)


def tiny_hapt() -> dict[str, Any]:
    """Return a small version of config/hapt."""
    config = yaml.safe_load((ROOT / "config/hapt/config.yaml").read_text())
    config |= {"results": str(RESULTS)}  # covers the quoting of every rule for windows and snippets
    config |= {"archive": "hapt.zip", "hapt": {"validation_persons": 1, "kernels": 32, "components": 4}}
    config |= {"encoders": "encoders.tsv", "classifiers": "classifiers.tsv"}
    config["windows"] |= {"cells": 16}
    config["scales"] = {"training": 16, "regimes": [{"scale": 16}]}
    training = {"batch_size": 8, "stages": STAGES}
    bsnpp = {"architecture": "bsnpp", "base_channels": 8, "boundary_channels": 8, "relation_channels": 8}
    bmn = {"architecture": "bmn", "base_channels": 8, "confidence_channels": 8}
    config["generators"] = {
        "bsnpp": {"model": {**bsnpp, "matching": MATCHING}, "training": training},
        "bmn": {"model": {**bmn, "matching": MATCHING}, "training": training},
    }
    single, seeds = ["statistics/scratch"], ["statistics/scratch", "statistics/scratch_seed1"]
    three = {"members": seeds, "calibrated": True}
    config["blends"] = {"single": single, "three": three, "three_bmn": single}
    estimator = {"trees": 5, "hidden_units": 8, "epochs": 2}
    config["panels"] = {"single": ["logistic"], "all": ["logistic", "trees"]}
    config["snippet_classifier"] = {"estimator": estimator, "folds": 2}
    config["recognition"] |= {"estimator": estimator, "copies": 1, "windows": 2, "refined": 50, "folds": 2}
    config["recognition"]["calibrated"] = True
    config["components"] |= {"seeds": [1, 2]}
    config["components"]["rows"] = {"forward_pass_only": {"model": {"bidirectional": False}}, "all": {}}
    config["sweep"] = {"score": ["own"], "class_fusion": ["product"]}
    config["evaluation"]["bootstrap_resamples"] = 20
    return config


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished run of the tiny archive."""
    base = tmp_path_factory.mktemp("recordings")
    project = Project(copy_code(base / "code"), base / "run")
    project.folder.mkdir()
    tiny_archive(project.folder / "hapt.zip")
    sheets = ROOT / "config/hapt"
    rows = (sheets / "encoders.tsv").read_text().splitlines(keepends=True)
    chosen = [row for row in rows if row.startswith(("encoder", "statistics"))]
    (project.folder / "encoders.tsv").write_text("".join(chosen))
    (project.folder / "classifiers.tsv").write_text((sheets / "classifiers.tsv").read_text())
    project.configure(tiny_hapt())
    outcome = project.snakemake()
    assert outcome.code == 0, outcome.text
    return project


def test_every_variant_is_scored_and_nothing_is_left_to_run(recordings: Project) -> None:
    table = pd.read_csv(recordings.folder / RESULTS / "tables/ablation.csv")
    assert sorted(table["variant"].unique()) == sorted(VARIANTS)
    assert table["average_map"].between(0, 100).all() and table["further_map"].between(0, 100).all()
    assert (recordings.folder / RESULTS / "submission.valid.txt").exists()
    assert not recordings.jobs().count


def test_every_person_is_in_one_subset(recordings: Project) -> None:
    folder = recordings.folder / RESULTS
    persons = pd.read_csv(folder / "prepared/persons.tsv", sep="\t").set_index("video")["person"]
    subsets = {
        name: set(persons[pd.read_csv(folder / f"annotations/{name}.videos.tsv", sep="\t")["video"]])
        for name in ("training", "validation", "testing")
    }
    assert subsets == {"training": {3, 4, 6}, "validation": {1}, "testing": set(TEST_PERSONS)}


def fitted(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of all that is fitted, and of all results of training and validation persons."""
    known = [path for path in folder.rglob("*") if path.is_file() and "testing" not in path.name]
    kept = [
        path
        for path in known
        if re.search(r"training|validation", path.name)
        or path.name in ("weights.csv", "grid.csv", "recogniser_cv.csv", "calibrations.json")
        or path.name.endswith((".calibration.json", "chosen.json", ".safetensors"))
    ]
    chosen = [path for path in kept if path.relative_to(folder).parts[0] not in ("logs", "benchmarks")]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in chosen}


def test_test_persons_change_nothing_that_is_fitted(recordings: Project, tmp_path: Path) -> None:
    """Their recordings and their labels reach no fit, no choice, and no number of the validation persons."""
    other = copy_of(recordings, tmp_path)
    tiny_archive(other.folder / "hapt.zip", other_test_persons=True)
    done = other.snakemake("evaluate")
    assert done.code == 0, done.text
    before, after = fitted(recordings.folder / RESULTS), fitted(other.folder / RESULTS)
    assert {name for name in after if before[name] != after[name]} == set()
    stages = {Path(name).parts[0] for name in after}
    assert stages >= {"detections", "evaluation", "fusion", "models", "recogniser", "snippets", "tables"}
    for name in ("D", "recognised", "runs"):
        old, new = (
            (project.folder / RESULTS / f"evaluation/{name}.testing.json").read_text()
            for project in (recordings, other)
        )
        assert old != new, "the test persons did change"


def test_recognised_detections_beat_chance(recordings: Project) -> None:
    table = pd.read_csv(recordings.folder / RESULTS / "tables/ablation.csv")
    testing = table[table["subset"] == "testing"].set_index("variant")["average_map"]
    assert testing["recognised"] > 20  # the frequencies are easy to recognise


def test_components_run_on_demand_and_stay_out_of_the_ablation(recordings: Project) -> None:
    outcome = recordings.snakemake("components")
    assert outcome.code == 0, outcome.text
    table = pd.read_csv(recordings.folder / RESULTS / "tables/components.csv")
    assert table["component"].tolist() == ["forward_pass_only"] * 2 + ["all"] * 2
    assert (table["seeds"] == 2).all() and table["auc"].between(0, 100).all()
    assert not recordings.jobs().count  # and the ablation, which has its own variants, is as it was


def test_the_recogniser_is_chosen_on_training_persons(recordings: Project) -> None:
    folder = recordings.folder / RESULTS
    table = pd.read_csv(folder / "tables/recogniser_cv.csv")
    (chosen,) = table[table["chosen"]].to_dict("records")
    written = json.loads((folder / "recogniser/chosen.json").read_text())
    assert {key: written[key] for key in ("refine", "panel_weight", "tiou_power", "nms_sigma")} == {
        key: chosen[key] for key in ("refine", "panel_weight", "tiou_power", "nms_sigma")
    }
    assert table["mean"].between(0, 100).all() and (table["spread"] >= 0).all()


def test_the_upper_bound_knows_the_class_of_every_snippet(recordings: Project) -> None:
    folder = recordings.folder / RESULTS
    scores = read_snippet_scores(folder / "snippets/ground_truth/testing.h5")
    instances = pd.read_csv(folder / "annotations/testing.instances.tsv", sep="\t")
    assert len(instances)
    for row in instances.itertuples():
        middle = int((row.start + row.end) / 2 / scores.snippet_seconds)
        probabilities = scores.probability_of(str(row.video))[middle]
        assert scores.classes[probabilities.argmax()] == row.label and probabilities.max() > 0.99


def test_the_proposer_of_a_recognised_variant_is_swept(recordings: Project) -> None:
    done = recordings.snakemake("sweep")
    assert done.code == 0, done.text
    results = recordings.folder / RESULTS
    table, ablation = pd.read_csv(results / "sweep/table.csv"), pd.read_csv(results / "tables/ablation.csv")
    (used,) = table.loc[table["in_use"], "average_map"]
    rows = ablation[(ablation["variant"] == "D") & (ablation["subset"] == "validation")]
    assert [used] == rows["average_map"].tolist()


def test_a_bundle_gives_the_bytes_of_the_submission(recordings: Project) -> None:
    done = recordings.snakemake("submit", "bundle")
    assert done.code == 0, done.text
    results = recordings.folder / RESULTS
    header, *_, last = (results / "annotations/testing.videos.tsv").read_text().strip().splitlines()
    (recordings.folder / "one.tsv").write_text(f"{header}\n{last}\n")
    for table, output in ((results / "annotations/testing.videos.tsv", "all.json"), ("one.tsv", "one.json")):
        done = recordings.run(
            *(sys.executable, "-m", "bsnpp.cli.main", "predict", results / "bundle.zip"),
            *("--features", results / "prepared/features", "--durations", table, "--output", output),
        )
        assert done.code == 0, done.text
    submission = results / "submission.json"
    assert (recordings.folder / "all.json").read_bytes() == submission.read_bytes()
    video = last.split("\t")[0]
    alone = json.loads((recordings.folder / "one.json").read_text())["results"][video]
    among = json.loads(submission.read_text())["results"][video]
    assert len(alone) == len(among)
    scores = [[one["score"] for one in detections] for detections in (alone, among)]
    np.testing.assert_allclose(*scores, rtol=1e-4)  # batches of another size round differently
