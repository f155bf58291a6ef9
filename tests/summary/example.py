"""A tiny run to report."""

from pathlib import Path

import numpy as np
import pandas as pd

from bsnpp.summary.report import Run

THRESHOLDS = [0.5, 0.75, 0.95]
SCORES = {"baseline": 0.30, "A": 0.36, "C": 0.33}


def evaluation(variant: str, subset: str) -> dict[str, object]:
    """Return the scores of a variant."""
    score = SCORES[variant]
    shared: dict[str, object] = {"variant": variant, "subset": subset, "videos": 4, "instances": 6}
    shared |= {"tiou_thresholds": THRESHOLDS, "map": [score + 0.1, score, score - 0.1]}
    return shared | {"average_map": score, "ar_100": None, "auc": 0.6}


def ablation() -> pd.DataFrame:
    """Return the ablation table: A is a clear gain, C a clear loss."""
    rows = [
        ("baseline", "validation", 31.0, None, np.nan, np.nan, np.nan),
        ("baseline", "testing", 30.0, None, np.nan, np.nan, np.nan),
        ("A", "testing", 36.0, "baseline", 6.0, 2.0, 9.0),
        ("C", "validation", 38.0, "A", 1.0, -1.0, 2.0),
        ("C", "testing", 33.0, "A", -3.0, -5.0, -1.0),
    ]
    scores = ["average_map", "step_from", "step_gain", "step_low", "step_high"]
    return pd.DataFrame(rows, columns=["variant", "subset", *scores])


def errors() -> pd.DataFrame:
    """Return error types of the submitted variant."""
    rows = [("true positive", 5, 0.33, 0.0), ("background", 9, 0.35, 0.02), ("localization", 3, 0.4, 0.07)]
    return pd.DataFrame(rows, columns=["type", "count", "average_map", "gain"])


def manifest() -> dict[str, object]:
    """Return the manifest of the run."""
    return {
        "challenge": "tiny",
        "variant": "C",
        "command": "snakemake --configfile <mine>.yaml",
        "packages": {"numpy": "2.0"},
        "files": {"submission.json": "abc"},
        "weights": {"fusion/bsnpp/three": {"sharp/scratch": 0.25}},
        "configuration": {
            "challenge": "tiny",
            "evaluation": {"tiou_thresholds": THRESHOLDS, "further_thresholds": []},
        },
        "sheets": {"encoders": []},
    }


def tiny_run(figures: list[Path]) -> Run:
    """Return a run with the given figures."""
    videos = pd.DataFrame({"video": ["a", "b"], "duration": [3600.0, 1800.0]})
    instances = pd.DataFrame({"video": ["a"], "start": [0.0], "end": [1800.0], "label": ["run & jump"]})
    subsets = ["validation", "testing"]
    return Run(
        manifest=manifest(),
        ablation=ablation(),
        evaluations=[evaluation(name, "testing") for name in SCORES],
        submitted=[evaluation("C", subset) for subset in subsets],
        resamples=[np.linspace(0.2, 0.4, 41)[:, None] + np.zeros(3)] * 2,
        videos={"validation": videos, "testing": videos},
        instances={"validation": instances},
        features={"sharp, testing": pd.DataFrame({"flag": ["short", None, "short"]})},
        errors=errors(),
        stages=pd.DataFrame({"stage": ["training"], "jobs": [2], "total [s]": [12.5]}),
        figures=figures,
        videos_shown=pd.DataFrame(),
        video_folder=Path(),
    )
