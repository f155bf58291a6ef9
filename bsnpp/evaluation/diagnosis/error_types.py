"""Classify detections by error type, and compute what each type costs (Alwassel et al., DETAD, ECCV 2018).

At a tIoU threshold a, a detection is the first of these that fits. tIoU is with the instances of its video.

| type | meaning |
|---|---|
| true positive | assigned an instance of its label with tIoU >= a |
| double detection | tIoU >= a with an instance of its label, which is assigned to a better detection |
| wrong label | tIoU >= a with an instance of another label |
| localization | tIoU >= 0.1 with an instance of its label |
| confusion | tIoU >= 0.1 with an instance of another label |
| background | tIoU < 0.1 with every instance |

To fix a type means to remove its detections from the ranking. To fix missed instances means to remove the
instances that no detection is assigned to.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.evaluation.matching import Matches
from bsnpp.evaluation.official import interpolated_precision
from bsnpp.evaluation.overlap import encode, pairs_of_groups, seconds

TYPES = (
    "true positive",
    "double detection",
    "wrong label",
    "localization",
    "confusion",
    "background",
)
MISSED = "missed instance"
BACKGROUND_TIOU = 0.1
"""tIoU with every instance below which a detection is background."""


class Overlaps(NamedTuple):
    """Largest tIoU of each matched detection with the instances of its video: float64 (n_detections,) each.

    Attributes
    ----------
    same, other : np.ndarray
        With instances of its label, and of other labels; 0 without any.
    """

    same: np.ndarray
    other: np.ndarray


def best_overlaps(instances: pd.DataFrame, detections: pd.DataFrame, matches: Matches) -> Overlaps:
    """Compute the largest tIoU of each detection with instances of its own label and of other labels.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    matches : Matches
        Matched detections of these tables.

    Returns
    -------
    Overlaps
        In the order of `matches`.
    """
    start, end = (times[matches.row] for times in seconds(detections))
    detection, instance = pairs_of_groups(matches.video_index, encode(instances["video"], matches.videos))
    instance_start, instance_end = seconds(instances)
    tiou = temporal_iou(start[detection], end[detection], instance_start[instance], instance_end[instance])
    same = matches.class_index[detection] == encode(instances["label"], matches.labels)[instance]
    best = np.zeros((2, len(matches.row)))
    for row, chosen in zip(best, (same, ~same), strict=True):
        np.maximum.at(row, detection[chosen], tiou[chosen])
    return Overlaps(*best)


def error_types(matches: Matches, overlaps: Overlaps) -> np.ndarray:
    """Classify every detection at every threshold.

    Parameters
    ----------
    matches : Matches
        Matched detections.
    overlaps : Overlaps
        Their largest tIoU.

    Returns
    -------
    np.ndarray
        Index in `TYPES`: int8 (n_thresholds, n_detections).
    """
    result = np.empty(matches.true_positive.shape, dtype=np.int8)
    for row, hit, threshold in zip(result, matches.true_positive, matches.thresholds, strict=True):
        conditions = [
            hit,
            overlaps.same >= threshold,
            overlaps.other >= threshold,
            overlaps.same >= BACKGROUND_TIOU,
            overlaps.other >= BACKGROUND_TIOU,
        ]
        row[:] = np.select(conditions, range(len(conditions)), default=TYPES.index("background"))
    return result


def error_impact(matches: Matches, types: np.ndarray, labels: Sequence[str] = TYPES[1:]) -> dict[str, float]:
    """Compute the average mAP if each error type were fixed.

    Parameters
    ----------
    matches : Matches
        Matched detections.
    types : np.ndarray
        Error type of every detection at every threshold, from `error_types`.
    labels : sequence of str
        Error types to fix, one at a time.

    Returns
    -------
    dict of str to float
        Average mAP for every error type and for missed instances, shares in [0, 1]. A class whose
        instances are all missed counts with AP 0.
    """
    counts = matches.instance_counts.sum(axis=1)
    borders = np.searchsorted(matches.class_index, np.arange(len(matches.labels) + 1))
    ap = {name: np.zeros((len(matches.thresholds), len(matches.labels))) for name in (*labels, MISSED)}
    for label, (begin, stop) in enumerate(pairwise(borders)):
        for level, row in enumerate(types[:, begin:stop]):
            hits = np.flatnonzero(row == 0)
            for name in labels:
                removed = np.cumsum(row == TYPES.index(name))
                ap[name][level, label] = interpolated_precision(hits - removed[hits], int(counts[label]))
            ap[MISSED][level, label] = interpolated_precision(hits, max(1, len(hits)))
    return {name: float(values.mean()) for name, values in ap.items()}


def false_positive_profile(matches: Matches, types: np.ndarray, slices: int = 10) -> np.ndarray:
    """Count the error types among the detections of each rank.

    With G instances of a class, its detections of ranks 0 to G - 1 are the slice 1G, the next G the slice 2G,
    and so on. The slices of all classes are added.

    Parameters
    ----------
    matches : Matches
        Matched detections.
    types : np.ndarray
        Error type of every detection at one threshold: (n_detections,).
    slices : int
        Number of slices.

    Returns
    -------
    np.ndarray
        Number of detections of every slice and type: int64 (slices, 6).
    """
    begin = np.searchsorted(matches.class_index, np.arange(len(matches.labels)))
    rank = np.arange(len(types)) - begin[matches.class_index]
    part = rank // matches.instance_counts.sum(axis=1)[matches.class_index]
    inside = part < slices
    table = np.zeros((slices, len(TYPES)), dtype=np.int64)
    np.add.at(table, (part[inside], types[inside]), 1)
    return table
