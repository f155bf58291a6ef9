"""Intervals of mAP: the videos, or groups of them, are drawn again with replacement.

Matching is done within a video, so that a resample only counts its detections and instances more or less
often: nothing is matched again. Two results that are resampled by the same seed over the same units are
paired: the interval of their difference leaves out what they have in common, the ease of the videos drawn.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bsnpp.evaluation.detection import weighted_average_precision
from bsnpp.evaluation.matching import Matches


class Interval(NamedTuple):
    """Mean of a resampled difference, and the borders of its interval."""

    difference: float
    low: float
    high: float


def video_multiplicities(
    videos: list[str], resamples: int, seed: int, groups: Mapping[str, str]
) -> np.ndarray:
    """How often each video stands in each resample.

    As many units as there are, are drawn with replacement, all alike.

    Parameters
    ----------
    videos : list of str
    resamples : int
        R.
    seed : int
    groups : mapping of str to str
        The unit of every video: itself, or the person, say, whose videos are drawn together. The units are
        those of the mapping, also those without a video here.

    Returns
    -------
    np.ndarray
        int64 (R, V).

    Raises
    ------
    ValueError
        If `groups` lacks a video.
    """
    without = [video for video in videos if video not in groups]
    if without:
        raise ValueError(f"{len(without)} videos without a group, the first is {without[0]!r}")
    units = sorted(set(groups.values()))
    position = {name: index for index, name in enumerate(units)}
    unit = np.array([position[groups[video]] for video in videos], dtype=np.int64)
    drawn = np.random.default_rng(seed).multinomial(
        len(units), np.full(len(units), 1 / len(units)), size=resamples
    )
    return drawn[:, unit]


def bootstrap_map(matches: Matches, resamples: int, seed: int, groups: Mapping[str, str]) -> np.ndarray:
    """Score resampled data sets.

    Parameters
    ----------
    matches : Matches
        To pair two results, match both with the same `videos`.
    resamples : int
        R.
    seed : int
    groups : mapping of str to str
        As in `video_multiplicities`.

    Returns
    -------
    np.ndarray
        mAP at every threshold, shares in [0, 1]: float64 (R, n_thresholds). A class without an instance in a
        resample is left out of that resample's mean; a resample without any instance is NaN.
    """
    weights = video_multiplicities(matches.videos, resamples, seed, groups)
    result = np.full((resamples, len(matches.thresholds)), np.nan)
    part = max(1, (1 << 22) // max(1, len(matches.labels) * len(matches.thresholds)))
    for begin in range(0, resamples, part):
        ap = weighted_average_precision(matches, weights[begin : begin + part])
        present = ~np.isnan(ap[:, 0])  # [r, K]: the same at every threshold
        some = present.any(axis=1)
        total = np.where(present[some, None], ap[some], 0.0).sum(axis=2)
        result[begin : begin + part][some] = total / present[some].sum(axis=1)[:, None]
    return result


def paired_interval(values: np.ndarray, other: np.ndarray, level: float = 0.95) -> Interval:
    """Interval of `values - other` over paired resamples, by percentiles.

    Parameters
    ----------
    values, other : np.ndarray
        Two results of `bootstrap_map` with the same seed and units: (R, n_thresholds), averaged over the
        thresholds, or (R,). Resamples that are NaN in either are left out.
    level : float
        Share of the resamples inside the interval.

    Returns
    -------
    Interval
        In the unit of the values.

    Raises
    ------
    ValueError
        If the shapes differ, or no resample is left.
    """
    if values.shape != other.shape:
        raise ValueError(f"not paired: shapes {values.shape} and {other.shape}")
    difference = (values - other).reshape(len(values), -1).mean(axis=1)
    difference = difference[~np.isnan(difference)]
    if not difference.size:
        raise ValueError("no resample with a score")
    low, high = np.quantile(difference, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(difference.mean()), float(low), float(high))
