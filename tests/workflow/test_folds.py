"""A cross-validation runs each fold once, goes on after an interruption, and scores all folds together."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from bsnpp.datasets.salads.settings import LABELS
from tests.datasets.salads.repositories import ACTIONS, write_repository
from tests.workflow.project import ROOT, Project, copy_code

FOLDER = Path("results/cross validation")


def tiny_salads() -> dict[str, Any]:
    """Return config/salads with two controls and without generators that run."""
    config = yaml.safe_load((ROOT / "config/salads/config.yaml").read_text())
    config |= {"archive": "data", "encoders": "encoders.tsv"}
    config["windows"] |= {"cells": 8}
    config["scales"] = {"training": 8, "regimes": [{"scale": 8}]}
    config["panels"] = {"single": ["dilated"], "all": ["dilated", "edtcn"]}
    config["variants"] = {
        "one": {"control": "runs", "panel": "single"},
        "two": {"control": "runs", "panel": "all", "after": "one"},
    }
    config["recognition"] = {}
    config["submission"] = {"variant": "two"}
    config["evaluation"]["bootstrap_resamples"] = 20
    return config


def test_folds_run_once_and_are_scored_together(tmp_path: Path) -> None:
    code = copy_code(tmp_path / "code")
    project = Project(code, code)  # as from a clone, where Snakemake finds its Snakefile
    write_repository(project.folder / "data")
    for path in (project.folder / "data" / LABELS / "sequences").iterdir():  # the third action occurs, too
        path.write_text(f"{path.read_text()}12500000 16000000 peel_core\n")
    sheet = (ROOT / "config/salads/encoders.tsv").read_text()
    (project.folder / "encoders.tsv").write_text(sheet.replace("\t18", f"\t{len(ACTIONS) + 1}"))
    project.configure(tiny_salads())
    folds = {f"fold_{fold}": {"salads": {"test_fold": fold, "validation_fold": 5}} for fold in (1, 2)}
    project.configure({"minutes": 1, "note": "read this", "folds": folds}, "folds.yaml")
    inputs = ["--config", "tiny.yaml", "--folds", "folds.yaml", "--folder", FOLDER]

    part = project.script("run_folds", *inputs, "--only", "fold_2")
    assert part.code == 0, part.text
    assert (
        "note: read this" in part.text and "0 of 1 folds finished, about 1 min left; now fold_2" in part.text
    )
    early = project.script("score_folds", *inputs)
    assert early.code == 1 and "fold_1/annotations/testing.videos.tsv: no such file" in early.text
    table = project.folder / FOLDER / "fold_2/tables/ablation.csv"
    before = table.stat().st_mtime_ns

    rest = project.script("run_folds", *inputs)
    assert rest.code == 0, rest.text
    assert "1 of 2 folds finished, about 1 min left; now fold_2" in rest.text
    assert table.stat().st_mtime_ns == before, "a finished fold is not repeated"
    scored = project.script("score_folds", *inputs)
    assert scored.code == 0, scored.text
    assert "4 test videos of 2 groups. read this" in scored.text
    pooled = pd.read_csv(project.folder / FOLDER / "pooled.csv").set_index("variant")
    assert list(pooled.index) == ["one", "two"] and pooled.loc["two", "step_from"] == "one"
    assert pooled[["map", "ap_n", "f1_10", "f1_25", "f1_50"]].stack().between(0, 100).all()
