"""The report of a run: one HTML page with scores, figures, costs and provenance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.summary.data import data_table, flag_table
from bsnpp.summary.figures import figures_of
from bsnpp.summary.first_page import first_page, tiou_range
from bsnpp.summary.html import Section, folded, page, paragraph, preformatted, table
from bsnpp.summary.pointer import SCRIPT
from bsnpp.summary.video_files import videos_html


@dataclass(frozen=True)
class Run:
    """What a report shows.

    Attributes
    ----------
    manifest : mapping
        Manifest of the run.
    ablation : pd.DataFrame
        Result of `bsnpp.reporting.tables.ablation_table`.
    evaluations : sequence of mapping
        Scores of every variant on the last scored subset.
    submitted : sequence of mapping
        Scores of the submitted variant on every scored subset.
    resamples : sequence of np.ndarray
        mAP of every resample of each of `submitted`: float64 (R, n_thresholds).
    videos, instances : mapping of str to pd.DataFrame
        Tables of videos and of known instances by subset.
    features : mapping of str to pd.DataFrame
        Manifests of features by `encoder, subset`.
    errors : pd.DataFrame
        `bsnpp.evaluation.diagnosis.diagnose.Diagnosis.errors`.
    stages : pd.DataFrame
        Result of `bsnpp.summary.stages.stage_costs`.
    figures : sequence of Path
        PNG files, named like `bsnpp.summary.figures.FIGURES`.
    videos_shown : pd.DataFrame
        Rows of `bsnpp.summary.video_files.write_video`.
    video_folder : Path
        Folder of their figures.
    """

    manifest: Mapping[str, Any]
    ablation: pd.DataFrame
    evaluations: Sequence[Mapping[str, Any]]
    submitted: Sequence[Mapping[str, Any]]
    resamples: Sequence[np.ndarray]
    videos: Mapping[str, pd.DataFrame]
    instances: Mapping[str, pd.DataFrame]
    features: Mapping[str, pd.DataFrame]
    errors: pd.DataFrame
    stages: pd.DataFrame
    figures: Sequence[Path]
    videos_shown: pd.DataFrame
    video_folder: Path


def report_page(run: Run) -> str:
    """Return the report as HTML. Sections without content are left out.

    Raises
    ------
    UserError
        If a figure cannot be read.
    """
    flags = flag_table(run.features)
    drawn = {name: figures_of(name, run.figures) for name in SECTIONS}
    tables = {
        "data": _data(run, flags),
        "precision": _precision(run),
        "diagnosis": _errors(run.errors),
        "videos": _videos(run),
        "costs": table(run.stages, "Time and memory of the jobs of this run, by stage", decimals=1),
        "provenance": _provenance(run.manifest),
    }
    sections = [
        Section(name, title, tables.get(name, "") + drawn[name])
        for name, title in SECTIONS.items()
        if tables.get(name, "") + drawn[name]
    ]
    flagged = int(flags["flagged"].sum())
    averages = {evaluation["variant"]: evaluation["average_map"] for evaluation in run.evaluations}
    first = first_page(
        run.manifest, run.ablation, run.submitted, run.resamples, run.errors, flagged, averages
    )
    return page(f"Report: {run.manifest['challenge']}", first, sections, SCRIPT)


SECTIONS = {
    "steps": "Variants and steps",
    "data": "Data",
    "training": "Training curves",
    "sampling": "Sampling",
    "encoders": "Encoder weights",
    "maps": "Fused maps",
    "classifiers": "Classifier grid",
    "recall": "Average recall of proposals",
    "precision": "mAP by tIoU and class",
    "diagnosis": "Diagnosis",
    "videos": "Videos",
    "costs": "Time and memory",
    "provenance": "Provenance",
}
"""Title of every section by its anchor, in order."""


def _data(run: Run, flags: pd.DataFrame) -> str:
    described = table(
        data_table(run.videos, run.instances),
        "Subsets as read; empty: no known ground truth. Long ones cover at least half of their video",
        decimals=1,
    )
    listed = "Features by encoder and subset: rows (a video and a stream each), and those flagged"
    return described + (table(flags, listed) if len(flags) else "")


def _precision(run: Run) -> str:
    thresholds = run.evaluations[0]["tiou_thresholds"]
    rows = [
        {"variant": evaluation["variant"]}
        | {f"{tiou:g}": 100 * value for tiou, value in zip(thresholds, evaluation["map"], strict=True)}
        | {"average": 100 * evaluation["average_map"]}
        for evaluation in run.evaluations
    ]
    return table(
        pd.DataFrame(rows),
        f"mAP in per cent by tIoU on {run.evaluations[0]['subset']}; average over "
        + tiou_range(run.manifest["configuration"]["evaluation"]["tiou_thresholds"]),
        chosen=[row["variant"] == run.manifest["variant"] for row in rows],
    )


def _errors(errors: pd.DataFrame) -> str:
    shown = pd.DataFrame(
        {
            "type": errors["type"],
            "count": errors["count"],
            "average mAP if fixed": 100 * errors["average_map"],
            "gain": 100 * errors["gain"],
        }
    )
    return table(shown, "Error types of the submitted variant; average mAP in per cent, gains in points")


def _videos(run: Run) -> str:
    if run.videos_shown.empty:
        return ""
    subset = run.submitted[-1]["subset"]
    explained = (
        f"Videos of {subset} chosen by rule, with the mAP of each alone and its change by the last step. "
        "Darker detections have higher scores, those with a black edge match an instance at tIoU 0.5, and "
        "grey ones have a class that is not in the video. Point at segments and at confidence maps for "
        "values. The folder figures/videos has the same drawings as PNG and SVG."
    )
    return paragraph(explained) + videos_html(run.videos_shown, run.video_folder)


def _provenance(manifest: Mapping[str, Any]) -> str:
    packages = pd.DataFrame(manifest["packages"].items(), columns=["package", "version"])
    inputs = pd.DataFrame(
        [
            (name, value if isinstance(value, str) else value["sha256"])
            for name, value in manifest.get("inputs", {}).items()
        ],
        columns=["input", "SHA-256"],
    )
    files = pd.DataFrame(manifest["files"].items(), columns=["file", "SHA-256"])
    weights = pd.DataFrame(
        [
            (name, member, weight)
            for name, members in manifest["weights"].items()
            for member, weight in members.items()
        ],
        columns=["blend or panel", "member", "weight"],
    )
    details = {key: manifest[key] for key in ("configuration", "sheets")}
    return "".join(
        [
            paragraph("Command that repeats the run:"),
            preformatted(manifest["command"]),
            table(packages, "Versions"),
            table(weights, "Weights", decimals=4),
            table(inputs, "Checksums of inputs"),
            table(files, "Checksums of results"),
            folded("Resolved configuration and sample sheets", preformatted(json.dumps(details, indent=1))),
        ]
    )
