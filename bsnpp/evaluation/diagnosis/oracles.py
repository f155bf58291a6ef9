"""Correct one property of the detections with the ground truth, to see what a perfect part would gain.

true classes
    A detection gets the label of the instance that it overlaps most.
true edges
    A detection gets the segment of the instance of its label that it overlaps most, from tIoU 0.1 on.
true proposals
    A detection gets the segment of the instance that it overlaps most, and keeps its label. Detections that
    overlap no instance are removed.
true scores
    Pairs of a detection and an instance of its label are assigned by falling tIoU, each detection and each
    instance once. The score is the tIoU of the pair, and 0 for other detections.

If detections become equal in video, label and segment, the one with the highest score is kept.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.evaluation.diagnosis.error_types import BACKGROUND_TIOU
from bsnpp.evaluation.overlap import encode, pairs_of_groups, seconds

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Detection, instance and tIoU of every pair that overlaps, sorted by detection."""


def overlapping_pairs(instances: pd.DataFrame, detections: pd.DataFrame, same_label: bool) -> Pairs:
    """Pair detections and instances of one video that overlap.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    same_label : bool
        Whether both must have the same label.

    Returns
    -------
    tuple of np.ndarray
        Row of the detection, row of the instance and tIoU above 0: (p,) each, sorted by detection.
    """
    videos = sorted({*instances["video"].unique(), *detections["video"].unique()})
    left, right = encode(detections["video"], videos), encode(instances["video"], videos)
    if same_label:
        labels = sorted({*instances["label"].unique(), *detections["label"].unique()})
        left = left * len(labels) + encode(detections["label"], labels)
        right = right * len(labels) + encode(instances["label"], labels)
    detection, instance = pairs_of_groups(left, right)
    start, end = seconds(detections)
    instance_start, instance_end = seconds(instances)
    tiou = temporal_iou(start[detection], end[detection], instance_start[instance], instance_end[instance])
    near = tiou > 0.0
    return detection[near], instance[near], tiou[near]


def best_instance(pairs: Pairs, detections: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the instance that each detection overlaps most; of equal ones, the first.

    Returns
    -------
    instance : np.ndarray
        Row of the instance, or -1: int64 (n_detections,).
    tiou : np.ndarray
        Their tIoU, or 0: float64 (n_detections,).
    """
    detection, instance, tiou = pairs
    order = np.lexsort((instance, -tiou, detection))
    first = order[np.flatnonzero(np.diff(detection[order], prepend=-1))]
    best, overlap = np.full(detections, -1), np.zeros(detections)
    best[detection[first]], overlap[detection[first]] = instance[first], tiou[first]
    return best, overlap


def true_classes(instances: pd.DataFrame, detections: pd.DataFrame) -> pd.DataFrame:
    """Replace the label of each detection by that of the instance that it overlaps most."""
    best, _ = best_instance(overlapping_pairs(instances, detections, False), len(detections))
    return _best_of_equal(_copied(instances, detections, best, best >= 0, ["label"]))


def true_edges(instances: pd.DataFrame, detections: pd.DataFrame) -> pd.DataFrame:
    """Replace the segment of each detection by that of the instance of its label that it overlaps most."""
    best, tiou = best_instance(overlapping_pairs(instances, detections, True), len(detections))
    return _best_of_equal(_copied(instances, detections, best, tiou >= BACKGROUND_TIOU, ["start", "end"]))


def true_proposals(instances: pd.DataFrame, detections: pd.DataFrame) -> pd.DataFrame:
    """Replace the segment of each detection by that of the instance that it overlaps most, or drop it."""
    best, _ = best_instance(overlapping_pairs(instances, detections, False), len(detections))
    moved = _copied(instances, detections, best, best >= 0, ["start", "end"])
    return _best_of_equal(moved[best >= 0].reset_index(drop=True))


def true_scores(instances: pd.DataFrame, detections: pd.DataFrame) -> pd.DataFrame:
    """Score each detection by its tIoU with the instance that it is assigned."""
    detection, instance, tiou = overlapping_pairs(instances, detections, True)
    order = np.lexsort((instance, detection, -tiou))
    score, assigned = np.zeros(len(detections)), set()
    for row, its_instance, overlap in zip(
        detection[order].tolist(), instance[order].tolist(), tiou[order].tolist(), strict=True
    ):
        if score[row] == 0.0 and its_instance not in assigned:
            assigned.add(its_instance)
            score[row] = overlap
    return detections.assign(score=score)


ORACLES: dict[str, Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]] = {
    "true classes": true_classes,
    "true edges": true_edges,
    "true proposals": true_proposals,
    "true scores": true_scores,
}
"""Functions of instances [video, start, end, label] and detections [video, label, score, start, end]."""


def _copied(
    instances: pd.DataFrame,
    detections: pd.DataFrame,
    best: np.ndarray,
    chosen: np.ndarray,
    columns: list[str],
) -> pd.DataFrame:
    """Copy columns of the best instance to the chosen detections."""
    detections = detections.copy()
    for column in columns:
        values = detections[column].to_numpy(copy=True)
        values[chosen] = instances[column].to_numpy()[best[chosen]]
        detections[column] = values
    return detections


def _best_of_equal(detections: pd.DataFrame) -> pd.DataFrame:
    """Keep the highest score of detections that are equal in video, label and segment."""
    ranked = detections.sort_values("score", ascending=False, kind="stable")
    return ranked.drop_duplicates(["video", "label", "start", "end"]).sort_index().reset_index(drop=True)
