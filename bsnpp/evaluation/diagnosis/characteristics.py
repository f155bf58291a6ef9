"""Measure misses and normalised AP by characteristics of the instances (DETAD; Hoiem et al., ECCV 2012)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bsnpp.evaluation.matching import Matches
from bsnpp.evaluation.overlap import encode

BINS: Mapping[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "coverage": (("XS", "S", "M", "L", "XL"), (0.2, 0.4, 0.6, 0.8)),
    "length": (("XS", "S", "M", "L", "XL"), (30.0, 60.0, 120.0, 180.0)),
    "instances": (("XS", "S", "M", "L"), (1.0, 4.0, 8.0)),
}
"""Names of the bins of every characteristic, and their upper bounds, which are inside; the last has none.

`coverage` is the length of an instance as a share of its video, `length` its length [s], and `instances` the
number of instances of its class in its video. The bins are those of DETAD.
"""


def characteristic_bins(instances: pd.DataFrame, videos: pd.DataFrame) -> pd.DataFrame:
    """Sort the instances into bins.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label.
    videos : pd.DataFrame
        Columns video, duration [s].

    Returns
    -------
    pd.DataFrame
        A column for every characteristic with the index of the bin of each instance.
    """
    length = (instances["end"] - instances["start"]).to_numpy(dtype=np.float64)
    duration = instances["video"].map(videos.set_index("video")["duration"]).to_numpy(dtype=np.float64)
    number = instances.groupby(["video", "label"])["start"].transform("size").to_numpy(dtype=np.float64)
    values = {"coverage": length / duration, "length": length, "instances": number}
    return pd.DataFrame(
        {name: np.searchsorted(bounds, values[name], side="left") for name, (_, bounds) in BINS.items()}
    )


def missed(matches: Matches, instances: int) -> np.ndarray:
    """Mark the instances that no detection is assigned to.

    Parameters
    ----------
    matches : Matches
        Matched detections.
    instances : int
        Number of instances, n.

    Returns
    -------
    np.ndarray
        bool (n_thresholds, n).
    """
    result = np.ones((len(matches.thresholds), instances), dtype=bool)
    for row, assigned in zip(result, matches.assigned, strict=True):
        row[assigned[assigned >= 0]] = False
    return result


def normalised_average_precision(matches: Matches, instances: pd.DataFrame, chosen: np.ndarray) -> np.ndarray:
    """Compute AP_N, the average precision of some instances as if every class had equally many.

    Precision is N R / (N R + F), with the recall R of the chosen instances, the number F of false positives
    so far, and the mean number N of instances per class. Detections that are assigned other instances are
    ignored. This makes values of subsets of different sizes comparable.

    Parameters
    ----------
    matches : Matches
        Matched detections.
    instances : pd.DataFrame
        Table of the instances, with column label.
    chosen : np.ndarray
        Whether each instance is chosen: bool (n_instances,).

    Returns
    -------
    np.ndarray
        Mean over the classes with chosen instances, shares in [0, 1]: float64 (n_thresholds,). NaN if no
        instance is chosen.
    """
    number = len(instances) / len(matches.labels)
    counts = np.bincount(encode(instances["label"], matches.labels)[chosen], minlength=len(matches.labels))
    borders = np.searchsorted(matches.class_index, np.arange(len(matches.labels) + 1))
    ap = np.full((len(matches.thresholds), len(matches.labels)), np.nan)
    for label in np.flatnonzero(counts):
        of_class = slice(borders[label], borders[label + 1])
        for level, assigned in enumerate(matches.assigned[:, of_class]):
            false_positives = np.cumsum(assigned < 0)
            hits = np.flatnonzero((assigned >= 0) & chosen[assigned])
            weight = number * np.arange(1, len(hits) + 1) / counts[label]  # N R
            precision = weight / (weight + false_positives[hits])
            ap[level, label] = np.maximum.accumulate(precision[::-1]).sum() / counts[label]
    return ap[:, counts > 0].mean(axis=1) if chosen.any() else np.full(len(ap), np.nan)
