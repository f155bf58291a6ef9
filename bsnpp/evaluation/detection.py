"""Mean average precision of detections, as the ActivityNet challenge defines it (conventions 8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from bsnpp.evaluation.matching import Matches, match_detections

__all__ = [
    "DetectionScores",
    "Matches",
    "average_precision",
    "evaluate_detections",
    "match_detections",
    "score_matches",
    "weighted_average_precision",
]

_CUMULATED = 1 << 22  # numbers cumulated at a time (32 MB each array): bounds the memory of many resamples


@dataclass(frozen=True)
class DetectionScores:
    """Average precision of every class at every threshold, as shares in [0, 1].

    Attributes
    ----------
    thresholds : np.ndarray
        tIoU thresholds: float64 (n_thresholds,).
    labels : list of str
        The K classes of the ground truth, sorted.
    counts : np.ndarray
        Instances of every class: int64 (K,).
    ap : np.ndarray
        float64 (n_thresholds, K).
    """

    thresholds: np.ndarray
    labels: list[str]
    counts: np.ndarray
    ap: np.ndarray

    @property
    def map(self) -> np.ndarray:
        """Mean over the classes at every threshold: float64 (n_thresholds,)."""
        return self.ap.mean(axis=1)

    @property
    def average_map(self) -> float:
        """Mean over the thresholds: the challenge's ranking number."""
        return float(self.map.mean())


def weighted_average_precision(matches: Matches, weights: np.ndarray) -> np.ndarray:
    """Average precision of data sets in which every video stands as often as its weight says.

    Matching stays within a video, so that repeating a video repeats its detections and instances, and nothing
    else changes. The precision is interpolated: made monotone from the right.

    Parameters
    ----------
    matches : Matches
    weights : np.ndarray
        How often each video stands in each data set, 0 or more: (R, V).

    Returns
    -------
    np.ndarray
        float64 (R, n_thresholds, K); NaN where a class has no instance in a data set, 0 where it has
        instances and no right detection.
    """
    weights = np.asarray(weights, dtype=np.float64)
    positives = weights @ matches.instance_counts.T.astype(np.float64)  # [R, K]
    result = np.zeros((len(weights), len(matches.thresholds), len(matches.labels)))
    borders = np.searchsorted(matches.class_index, np.arange(len(matches.labels) + 1))
    for label, (begin, stop) in enumerate(pairwise(borders)):
        right = [np.flatnonzero(row[begin:stop]) for row in matches.true_positive]
        videos = matches.video_index[begin:stop]
        for part in _parts(len(weights), stop - begin):
            multiplicity = weights[part].take(videos, axis=1)  # [r, n]
            retrieved = np.cumsum(multiplicity, axis=1)
            for level, hits in enumerate(right):
                # take keeps rows contiguous: a row's sum must not depend on how many rows there are
                taken = multiplicity.take(hits, axis=1), retrieved.take(hits, axis=1)
                result[part, level, label] = _precision_sum(*taken)
    with np.errstate(invalid="ignore"):
        return np.where(positives[:, None] > 0.0, result / positives[:, None], np.nan)


def _parts(rows: int, columns: int) -> Iterator[slice]:
    size = max(1, _CUMULATED // max(1, int(columns)))
    return (slice(begin, begin + size) for begin in range(0, rows, size))


def _precision_sum(multiplicity: np.ndarray, retrieved: np.ndarray) -> np.ndarray:
    """Sum the interpolated precision over right detections: (r, hits) twice to (r,).

    Precision rises at right detections only, so that its maximum from the right is taken over them alone.
    """
    found = np.cumsum(multiplicity, axis=1)
    precision = np.divide(found, retrieved, out=np.zeros_like(found), where=retrieved > 0.0)
    interpolated = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    return (multiplicity * interpolated).sum(axis=1)


def average_precision(matches: Matches) -> np.ndarray:
    """Interpolated average precision: float64 (n_thresholds, K), shares in [0, 1].

    A class with instances and no detection has 0.
    """
    return weighted_average_precision(matches, np.ones((1, len(matches.videos))))[0]


def score_matches(matches: Matches) -> DetectionScores:
    """Score detections that are matched already."""
    return DetectionScores(
        matches.thresholds, matches.labels, matches.instance_counts.sum(axis=1), average_precision(matches)
    )


def evaluate_detections(
    instances: pd.DataFrame, detections: pd.DataFrame, thresholds: Sequence[float]
) -> DetectionScores:
    """Match and score: see `match_detections` and `average_precision`.

    Examples
    --------
    >>> instances = pd.DataFrame({"video": ["a"], "start": [0.0], "end": [10.0], "label": ["run"]})
    >>> detections = instances.assign(score=[0.9], end=[8.0])
    >>> evaluate_detections(instances, detections, [0.75, 0.95]).map
    array([1., 0.])
    """
    return score_matches(match_detections(instances, detections, thresholds))
