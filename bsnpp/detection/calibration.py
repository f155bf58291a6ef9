"""Calibration of scores: make the scores of several generators comparable before their detections are joined.

A calibration is fitted on validation. It keeps the order of a
generator's detections, but may make some scores equal. To add a kind, write its function and list it in
`CALIBRATIONS`: the setting, its schema, the comparison of ensembles and the manual take it from there.
"""

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.calibration import UNCHANGED, Calibration, isotonic_calibration
from bsnpp.core.segments import Seconds, Shares, in_shares, seconds_of, temporal_iou
from bsnpp.detection.scored_segments import Detections

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = 1000
"""Number of quantiles that approximate a distribution of scores."""


def calibrated(detections: Detections, calibration: Calibration) -> Detections:
    """Replace the scores of detections by the calibrated ones."""
    if calibration is UNCHANGED:
        return detections
    return Detections(detections.segments, calibration(detections.scores), detections.labels)


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


def tiou_calibration(scores: np.ndarray, tiou: np.ndarray) -> Calibration:
    """Map a score to the mean tIoU of validation detections with this score, by isotonic regression.

    Parameters
    ----------
    scores, tiou : np.ndarray
        Score and tIoU of each detection of a generator: float (n,), n at least 1.
    """
    return isotonic_calibration(scores, tiou)


CALIBRATIONS: dict[str, Callable[[np.ndarray, np.ndarray], Calibration]] = {
    "rank": rank_calibration,
    "isotonic": tiou_calibration,
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
