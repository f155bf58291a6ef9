"""Scores of several generators, brought to one scale before their detections are concatenated.

Every generator's scores go through a function that is fitted on validation and never falls: to their ranks,
or to the tIoU that they mean. One generator's detections keep their order, but may become equal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.detection.labelling import Detections

RANKS = 1000
"""Quantiles that stand for a distribution of scores."""

ROUNDING = 1e-12
"""By how much two blocks of a regression differ at least: by less they are one, but for rounding."""


@dataclass(frozen=True)
class ScoreScale:
    """A rising function: linear between knots; outside them proportional, or parallel beyond a knot at 0.

    Attributes
    ----------
    given, meant : np.ndarray
        Knots: float64 (m,) each, at least 0; `given` strictly rises, `meant` does not fall.
    """

    given: np.ndarray
    meant: np.ndarray

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """Scores on the common scale: float64 (n,), at least 0."""
        nearest = np.where(scores < self.given[0], 0, -1)
        given, meant = self.given[nearest], self.meant[nearest]
        outside = np.where(given > 0, scores / np.where(given > 0, given, 1.0) * meant, meant + scores)
        inside = (scores >= self.given[0]) & (scores <= self.given[-1])
        return np.where(inside, np.interp(scores, self.given, self.meant), outside)

    def applied(self, detections: Detections) -> Detections:
        """The same detections with scores on the common scale."""
        if self is UNCHANGED:
            return detections
        return Detections(detections.segments, self(detections.scores), detections.labels)


UNCHANGED = ScoreScale(np.ones(1), np.ones(1))


def rank_scale(scores: np.ndarray) -> ScoreScale:
    """From a score to the share of these scores that are at most as high: float (n,), n at least 1."""
    levels = np.arange(1, RANKS + 1) / RANKS
    quantiles = np.quantile(scores, levels, method="inverted_cdf")
    last = np.append(np.diff(quantiles) > 0, True)  # of equal quantiles the highest level
    return ScoreScale(quantiles[last], levels[last])


def isotonic_scale(scores: np.ndarray, tiou: np.ndarray) -> ScoreScale:
    """From a score to the mean tIoU of detections that score so, by isotonic regression.

    The knots are the centres of its blocks: between them equal values would tie what was ordered.

    Parameters
    ----------
    scores, tiou : np.ndarray
        Of every detection: float (n,), n at least 1.
    """
    from sklearn.isotonic import isotonic_regression  # slow to load, and needed by this alone

    given, block, counts = np.unique(scores, return_inverse=True, return_counts=True)
    fitted = isotonic_regression(np.bincount(block, tiou) / counts, sample_weight=counts)
    first = np.flatnonzero(np.append(True, np.diff(fitted) > ROUNDING))
    weights = np.add.reduceat(counts, first)
    return ScoreScale(np.add.reduceat(given * counts, first) / weights, fitted[first])


def label_overlap(detections: Detections, segments: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Greatest tIoU of each detection with an instance of its label: float64 (n,), 0 where there is none.

    Parameters
    ----------
    detections : Detections
        n detections of one video.
    segments, labels : np.ndarray
        Its m instances in the unit of the detections: (m, 2), and (m,).
    """
    found = detections.segments[:, :, None]
    tiou = temporal_iou(found[:, 0], found[:, 1], segments[:, 0], segments[:, 1])  # (n, m)
    same = detections.labels[:, None] == labels
    return np.where(same, tiou, 0.0).max(axis=1, initial=0.0)


def fit_scales(
    how: Literal["rank", "isotonic"],
    parts: Iterable[tuple[str, float, Sequence[Detections]]],
    instances: pd.DataFrame,
    classes: Sequence[str],
) -> list[ScoreScale]:
    """The scale of each part of an ensemble, from validation.

    Parameters
    ----------
    how : {"rank", "isotonic"}
    parts : iterable of (video, unit, detections)
        Of each video: the seconds that 1 stands for in a segment, and the detections of each part.
    instances : DataFrame[video, start, end, label]
        Ground truth of validation, in seconds.
    classes : sequence of str
        What labels index.
    """
    place = {name: index for index, name in enumerate(classes)}
    truth = {
        video: (rows[["start", "end"]].to_numpy(np.float64), rows["label"].map(place).to_numpy())
        for video, rows in instances.groupby("video")
    }
    none = np.empty((0, 2)), np.empty(0, dtype=np.int64)
    samples: list[list[tuple[np.ndarray, np.ndarray]]] = []
    for video, unit, detections in parts:
        segments, labels = truth.get(video, none)
        samples.append([(one.scores, label_overlap(one, segments / unit, labels)) for one in detections])
    return [_fit(how, *map(np.concatenate, zip(*part, strict=True))) for part in zip(*samples, strict=True)]


def _fit(how: Literal["rank", "isotonic"], scores: np.ndarray, tiou: np.ndarray) -> ScoreScale:
    if not len(scores):
        return UNCHANGED
    return rank_scale(scores) if how == "rank" else isotonic_scale(scores, tiou)
