"""Diagnose the detections of one system: everything that explains its average mAP, as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.evaluation.detection import DetectionScores
from bsnpp.evaluation.diagnosis.characteristics import (
    BINS,
    characteristic_bins,
    missed,
    normalised_average_precision,
)
from bsnpp.evaluation.diagnosis.error_types import (
    MISSED,
    TYPES,
    best_overlaps,
    error_impact,
    error_types,
    false_positive_profile,
)
from bsnpp.evaluation.diagnosis.oracles import ORACLES
from bsnpp.evaluation.diagnosis.segmental import segmental_scores
from bsnpp.evaluation.matching import Matches, match_detections
from bsnpp.evaluation.official import official_scores

SLICES = 10
"""Slices of the false-positive profile, 1G to 10G."""


@dataclass(frozen=True)
class Diagnosis:
    """Tables that explain an average mAP; all metrics are shares in [0, 1].

    Attributes
    ----------
    scores : DetectionScores
        Average precision of every class.
    tiou : float
        The threshold of counts: one of the thresholds of `scores`.
    errors : pd.DataFrame
        Columns type, count, average_map, gain. How many detections are of each error type at `tiou`, or how
        many instances are missed; the average mAP if the type were fixed; and its difference to the average
        mAP. Detections of classes without instances are not counted.
    profile : pd.DataFrame
        Columns slice, type, count, share: the types at `tiou` among the first G detections of every class
        with G instances (slice 1), the next G (slice 2), ... and their share of the slice.
    characteristics : pd.DataFrame
        Columns characteristic, bin, instances, missed, average_missed, ap_n, average_ap_n: the share of
        missed instances and AP_N at `tiou` and averaged over the thresholds. The first row is over all
        instances. NaN for bins without instances.
    oracles : pd.DataFrame
        Columns oracle, average_map, gain: the average mAP after a correction with the ground truth.
    segmental : dict
        As `segmental_scores` returns it, and `least_score`.
    """

    scores: DetectionScores
    tiou: float
    errors: pd.DataFrame
    profile: pd.DataFrame
    characteristics: pd.DataFrame
    oracles: pd.DataFrame
    segmental: dict[str, Any]


def diagnose(
    instances: pd.DataFrame,
    detections: pd.DataFrame,
    videos: pd.DataFrame,
    thresholds: Sequence[float],
    tiou: float | None = None,
    least_score: float | None = None,
) -> Diagnosis:
    """Diagnose detections.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label; at least one row.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s]; at least one row. In videos that are not in `videos` they
        are false positives, and no part of the segmentation.
    videos : pd.DataFrame
        Columns video, duration [s]: all evaluated videos.
    thresholds : sequence of float
        tIoU thresholds in (0, 1].
    tiou : float, optional
        The threshold of counts, one of `thresholds`; by default the first.
    least_score : float, optional
        Detections below this score are no segments of the segmentation; by default, as many detections are
        segments as there are instances.

    Returns
    -------
    Diagnosis
        All tables.

    Raises
    ------
    ValueError
        If `tiou` is not one of the thresholds, or as `match_detections`.
    """
    tiou = thresholds[0] if tiou is None else tiou
    if tiou not in thresholds:
        raise ValueError(f"tIoU {tiou} is not one of the thresholds {list(thresholds)}")
    names = sorted({*videos["video"], *detections["video"].unique()})
    matches = match_detections(instances, detections, thresholds, names)
    scores = official_scores(matches)
    level = list(thresholds).index(tiou)
    types = error_types(matches, best_overlaps(instances, detections, matches))
    if least_score is None:
        ranked = np.sort(detections["score"].to_numpy())[::-1]
        least_score = float(ranked[: len(instances)][-1])
    return Diagnosis(
        scores=scores,
        tiou=tiou,
        errors=_errors(matches, types, level, scores.average_map),
        profile=_profile(matches, types[level]),
        characteristics=_characteristics(matches, instances, videos, level),
        oracles=_oracles(matches, instances, detections, scores.average_map),
        segmental=segmental_scores(instances, detections, videos, least_score) | {"least_score": least_score},
    )


def _errors(matches: Matches, types: np.ndarray, level: int, average_map: float) -> pd.DataFrame:
    counts = np.bincount(types[level], minlength=len(TYPES))
    hits = counts[0]
    rows = [(TYPES[0], int(hits), average_map)]
    for name, value in error_impact(matches, types).items():
        count = matches.instance_counts.sum() - hits if name == MISSED else counts[TYPES.index(name)]
        rows.append((name, int(count), value))
    table = pd.DataFrame(rows, columns=["type", "count", "average_map"])
    return table.assign(gain=table["average_map"] - average_map)


def _profile(matches: Matches, types: np.ndarray) -> pd.DataFrame:
    table = false_positive_profile(matches, types, SLICES)
    total = np.maximum(table.sum(axis=1), 1)
    rows = [
        (number + 1, name, int(table[number, code]), table[number, code] / total[number])
        for number in range(SLICES)
        for code, name in enumerate(TYPES)
    ]
    return pd.DataFrame(rows, columns=["slice", "type", "count", "share"])


def _characteristics(
    matches: Matches, instances: pd.DataFrame, videos: pd.DataFrame, level: int
) -> pd.DataFrame:
    misses = missed(matches, len(instances))
    bins = characteristic_bins(instances, videos)
    groups = [("all", "all", np.ones(len(instances), dtype=bool))]
    groups += [
        (name, label, bins[name].to_numpy() == index)
        for name, (labels, _) in BINS.items()
        for index, label in enumerate(labels)
    ]
    rows = []
    for name, label, chosen in groups:
        values = [np.nan] * 4
        if chosen.any():
            share = misses[:, chosen].mean(axis=1)
            ap = normalised_average_precision(matches, instances, chosen)
            values = [share[level], share.mean(), ap[level], ap.mean()]
        rows.append((name, label, int(chosen.sum()), *values))
    metrics = ["missed", "average_missed", "ap_n", "average_ap_n"]
    return pd.DataFrame(rows, columns=["characteristic", "bin", "instances", *metrics])


def _oracles(
    matches: Matches, instances: pd.DataFrame, detections: pd.DataFrame, average_map: float
) -> pd.DataFrame:
    rows = [("none", average_map)]
    for name, correct in ORACLES.items():
        corrected = match_detections(
            instances, correct(instances, detections), matches.thresholds.tolist(), matches.videos
        )
        rows.append((name, official_scores(corrected).average_map))
    table = pd.DataFrame(rows, columns=["oracle", "average_map"])
    return table.assign(gain=table["average_map"] - average_map)
