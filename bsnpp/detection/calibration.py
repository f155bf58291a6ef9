"""Calibration of scores: make the scores of several generators comparable before their detections are joined.

A calibration is a non-decreasing function of the score, fitted on validation. It keeps the order of a
generator's detections, but may make some scores equal. To add a kind, write its function and list it in
`CALIBRATIONS`: the setting, its schema, the comparison of ensembles and the manual take it from there.
"""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.segments import Seconds, Shares, in_shares, seconds_of, temporal_iou
from bsnpp.detection.scored_segments import Detections

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = 1000
"""Number of quantiles that approximate a distribution of scores."""

ROUNDING = 1e-12
"""Blocks of an isotonic regression that differ by less are one block: their difference is rounding."""


@dataclass(frozen=True)
class Calibration:
    """Non-decreasing, piecewise linear function of the score.

    Below the first knot and above the last one it is proportional to the score, or parallel to it if that
    knot is at score 0.

    Attributes
    ----------
    knots : np.ndarray
        Scores, strictly increasing: float64 (m,), at least 0.
    values : np.ndarray
        Calibrated score at each knot, non-decreasing: float64 (m,), at least 0.
    """

    knots: np.ndarray
    values: np.ndarray

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """Calibrate scores: float (n,), at least 0, to float64 (n,), at least 0."""
        nearest = np.where(scores < self.knots[0], 0, -1)
        knot, value = self.knots[nearest], self.values[nearest]
        outside = np.where(knot > 0, scores / np.where(knot > 0, knot, 1.0) * value, value + scores)
        inside = (scores >= self.knots[0]) & (scores <= self.knots[-1])
        return np.where(inside, np.interp(scores, self.knots, self.values), outside)

    def apply(self, detections: Detections) -> Detections:
        """Replace the scores of detections by the calibrated ones."""
        if self is UNCHANGED:
            return detections
        return Detections(detections.segments, self(detections.scores), detections.labels)


UNCHANGED = Calibration(np.ones(1), np.ones(1))
"""Keeps every score."""


def rank_calibration(scores: np.ndarray, tiou: np.ndarray) -> Calibration:
    """Map a score to the share of the validation scores that are at most as high.

    Parameters
    ----------
    scores, tiou : np.ndarray
        Score and tIoU of each detection of a generator: float (n,), n at least 1. The tIoU is not used.
    """
    levels = np.arange(1, QUANTILES + 1) / QUANTILES
    quantiles = np.quantile(scores, levels, method="inverted_cdf")
    last = np.append(np.diff(quantiles) > 0, True)  # of equal quantiles the highest level
    return Calibration(quantiles[last], levels[last])


def isotonic_calibration(scores: np.ndarray, tiou: np.ndarray) -> Calibration:
    """Map a score to the mean tIoU of validation detections with this score, by isotonic regression.

    The knots are the centres of the blocks of equal values. Interpolation between them keeps the order of
    scores that the regression itself would make equal.

    Parameters
    ----------
    scores, tiou : np.ndarray
        Score and tIoU of each detection of a generator: float (n,), n at least 1.
    """
    from sklearn.isotonic import isotonic_regression  # slow to import, and needed only here

    distinct, group, counts = np.unique(scores, return_inverse=True, return_counts=True)
    fitted = isotonic_regression(np.bincount(group, tiou) / counts, sample_weight=counts)
    first = np.flatnonzero(np.append(True, np.diff(fitted) > ROUNDING))
    weights = np.add.reduceat(counts, first)
    return Calibration(np.add.reduceat(distinct * counts, first) / weights, fitted[first])


CALIBRATIONS: dict[str, Callable[[np.ndarray, np.ndarray], Calibration]] = {
    "rank": rank_calibration,
    "isotonic": isotonic_calibration,
}
"""Calibrations by name: functions of the scores of a generator's detections on validation, float (n,), and of
their tIoU with the instances of their label, float (n,); n at least 1."""


def label_overlap(detections: Detections, segments: Shares, labels: np.ndarray) -> np.ndarray:
    """Compute the highest tIoU of each detection with an instance of its label.

    Parameters
    ----------
    detections : Detections
        n detections of one video.
    segments : Shares
        Start and end of the m instances of the video, in the unit of the detections: float (m, 2).
    labels : np.ndarray
        Their labels: int (m,).

    Returns
    -------
    np.ndarray
        float64 (n,), 0 where the video has no instance of the label.
    """
    detected = detections.segments[:, :, None]
    tiou = temporal_iou(detected[:, 0], detected[:, 1], segments[:, 0], segments[:, 1])  # (n, m)
    same = detections.labels[:, None] == labels
    return np.where(same, tiou, 0.0).max(axis=1, initial=0.0)


def fit_calibrations(
    how: str,
    videos: Iterable[tuple[str, float, Sequence[Detections]]],
    instances: "pd.DataFrame",
    classes: Sequence[str],
) -> list[Calibration]:
    """Fit a calibration to each part of an ensemble on validation.

    Parameters
    ----------
    how : str
        Name of the calibration, a key of `CALIBRATIONS`.
    videos : iterable of (str, float, sequence of Detections)
        For each video its id, the unit of its segments in seconds, and the detections of each part.
    instances : DataFrame[video, start, end, label]
        Ground truth of validation; start and end in seconds.
    classes : sequence of str
        The K class names in canonical order.

    Returns
    -------
    list of Calibration
        One per part. If no detection overlaps an instance of its label, they are ranks, with a warning.
    """
    index = {name: number for number, name in enumerate(classes)}
    truth = {
        video: (seconds_of(rows), rows["label"].map(index).to_numpy())
        for video, rows in instances.groupby("video")
    }
    none = Seconds(np.empty((0, 2))), np.empty(0, dtype=np.int64)
    samples: list[list[tuple[np.ndarray, np.ndarray]]] = []
    for video, unit, detections in videos:
        segments, labels = truth.get(video, none)
        shares = in_shares(segments, unit)
        samples.append([(part.scores, label_overlap(part, shares, labels)) for part in detections])
    parts = [tuple(map(np.concatenate, zip(*part, strict=True))) for part in zip(*samples, strict=True)]
    if how != "rank" and not any(tiou.any() for _, tiou in parts):
        warnings.warn(
            f"no detection overlaps an annotated instance of validation: scores are ranks, not {how}",
            stacklevel=2,
        )
        how = "rank"
    return [CALIBRATIONS[how](scores, tiou) if len(scores) else UNCHANGED for scores, tiou in parts]
