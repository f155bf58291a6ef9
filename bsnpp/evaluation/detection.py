"""Compute mean average precision (mAP) as the ActivityNet challenge defines it (conventions 8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from bsnpp.evaluation.matching import Matches, match_detections

_BLOCK = 1 << 22  # values cumulated at a time (32 MB per array): bounds the memory of many resamples


@dataclass(frozen=True)
class DetectionScores:
    """Average precision of every class at every threshold.

    Attributes
    ----------
    thresholds : np.ndarray
        tIoU thresholds: float64 (n_thresholds,).
    labels : list of str
        The K classes of the ground truth, sorted.
    counts : np.ndarray
        Number of instances of every class: int64 (K,).
    ap : np.ndarray
        Average precision, shares in [0, 1]: float64 (n_thresholds, K).
    """

    thresholds: np.ndarray
    labels: list[str]
    counts: np.ndarray
    ap: np.ndarray

    @property
    def map(self) -> np.ndarray:
        """Mean of the average precision over the classes at every threshold: float64 (n_thresholds,)."""
        return self.ap.mean(axis=1)

    @property
    def average_map(self) -> float:
        """Mean of the mAP over the thresholds, the metric of the challenge."""
        return float(self.map.mean())


def weighted_average_precision(matches: Matches, weights: np.ndarray) -> np.ndarray:
    """Compute the average precision of data sets that contain each video as often as its weight.

    Detections are matched within a video, so repeating a video repeats its detections and instances and
    changes nothing else. The precision is interpolated: made monotone from the right.

    Parameters
    ----------
    matches : Matches
        Matched detections of V videos and K classes.
    weights : np.ndarray
        Weight of each video in each data set, 0 or more: (R, V).

    Returns
    -------
    np.ndarray
        Shares in [0, 1]: float64 (R, n_thresholds, K). NaN where a class has no instance in a data set, 0
        where it has instances but no true positive.
    """
    weights = np.asarray(weights, dtype=np.float64)
    positives = weights @ matches.instance_counts.T.astype(np.float64)  # [R, K]
    result = np.zeros((len(weights), len(matches.thresholds), len(matches.labels)))
    borders = np.searchsorted(matches.class_index, np.arange(len(matches.labels) + 1))
    for label, (begin, stop) in enumerate(pairwise(borders)):
        hits_at = [np.flatnonzero(row[begin:stop]) for row in matches.true_positive]
        videos = matches.video_index[begin:stop]
        for part in _parts(len(weights), stop - begin):
            multiplicity = weights[part].take(videos, axis=1)  # [r, n]
            retrieved = np.cumsum(multiplicity, axis=1)
            for level, hits in enumerate(hits_at):
                # take keeps rows contiguous, so that the sum of a row does not depend on the number of rows
                at_hits = multiplicity.take(hits, axis=1), retrieved.take(hits, axis=1)
                result[part, level, label] = _precision_sum(*at_hits)
    with np.errstate(invalid="ignore"):
        return np.where(positives[:, None] > 0.0, result / positives[:, None], np.nan)


def _parts(rows: int, columns: int) -> Iterator[slice]:
    size = max(1, _BLOCK // max(1, int(columns)))
    return (slice(begin, begin + size) for begin in range(0, rows, size))


def _precision_sum(multiplicity: np.ndarray, retrieved: np.ndarray) -> np.ndarray:
    """Sum the interpolated precision over the true positives: (r, hits) twice to (r,).

    Precision rises only at true positives, so its maximum from the right needs no other detection.
    """
    positives = np.cumsum(multiplicity, axis=1)
    precision = np.divide(positives, retrieved, out=np.zeros_like(positives), where=retrieved > 0.0)
    interpolated = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    return (multiplicity * interpolated).sum(axis=1)


def average_precision(matches: Matches) -> np.ndarray:
    """Compute the interpolated average precision.

    Parameters
    ----------
    matches : Matches
        Matched detections.

    Returns
    -------
    np.ndarray
        Shares in [0, 1]: float64 (n_thresholds, K). A class with instances but no detection has 0.
    """
    return weighted_average_precision(matches, np.ones((1, len(matches.videos))))[0]


def score_matches(matches: Matches) -> DetectionScores:
    """Compute the scores of detections that are already matched.

    Parameters
    ----------
    matches : Matches
        Matched detections.

    Returns
    -------
    DetectionScores
        Average precision of every class at every threshold.
    """
    return DetectionScores(
        matches.thresholds, matches.labels, matches.instance_counts.sum(axis=1), average_precision(matches)
    )


def evaluate_detections(
    instances: pd.DataFrame, detections: pd.DataFrame, thresholds: Sequence[float]
) -> DetectionScores:
    """Match detections to instances and compute their average precision.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    thresholds : sequence of float
        tIoU thresholds in (0, 1].

    Returns
    -------
    DetectionScores
        Average precision of every class at every threshold.

    Raises
    ------
    ValueError
        As `match_detections`.

    Examples
    --------
    >>> instances = pd.DataFrame({"video": ["a"], "start": [0.0], "end": [10.0], "label": ["run"]})
    >>> detections = instances.assign(score=[0.9], end=[8.0])
    >>> evaluate_detections(instances, detections, [0.75, 0.95]).map
    array([1., 0.])
    """
    return score_matches(match_detections(instances, detections, thresholds))
