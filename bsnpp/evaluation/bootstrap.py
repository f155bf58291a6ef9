"""Bootstrap intervals of mAP: resample videos, or groups of videos, with replacement.

Detections are matched within a video, so a resample only changes how often each video counts; nothing is
matched again. Two results that are resampled with the same seed and units are paired: the interval of their
difference does not contain the variation that both share, the difficulty of the sampled videos.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bsnpp.core.wording import counted
from bsnpp.evaluation.detection import weighted_average_precision
from bsnpp.evaluation.matching import Matches

LEVEL = 0.95
"""Share of the resamples inside an interval."""


class Interval(NamedTuple):
    """Estimate and bounds of a bootstrap interval."""

    estimate: float
    low: float
    high: float


def video_multiplicities(
    videos: list[str], resamples: int, seed: int, groups: Mapping[str, str]
) -> np.ndarray:
    """Draw how often each video occurs in each resample.

    A resample draws as many units as there are, with replacement and equal probability.

    Parameters
    ----------
    videos : list of str
        The V videos.
    resamples : int
        Number of resamples, R.
    seed : int
        Seed of the random generator.
    groups : mapping of str to str
        Unit of every video: the video itself, or for example the person whose videos are drawn together.
        Units without any of `videos` are drawn as well.

    Returns
    -------
    np.ndarray
        int64 (R, V).

    Raises
    ------
    ValueError
        If a video is missing from `groups`.
    """
    without = [video for video in videos if video not in groups]
    if without:
        raise ValueError(f"{counted(len(without), 'video')} without a group, the first is {without[0]!r}")
    units = sorted(set(groups.values()))
    position = {name: index for index, name in enumerate(units)}
    unit = np.array([position[groups[video]] for video in videos], dtype=np.int64)
    drawn = np.random.default_rng(seed).multinomial(
        len(units), np.full(len(units), 1 / len(units)), size=resamples
    )
    return drawn[:, unit]


def bootstrap_map(matches: Matches, resamples: int, seed: int, groups: Mapping[str, str]) -> np.ndarray:
    """Compute the mAP of resampled data sets.

    Parameters
    ----------
    matches : Matches
        Matched detections. Pass the same `videos` to `match_detections` to pair two results.
    resamples : int
        Number of resamples, R.
    seed : int
        Seed of the random generator.
    groups : mapping of str to str
        Unit of every video, as in `video_multiplicities`.

    Returns
    -------
    np.ndarray
        mAP at every threshold, shares in [0, 1]: float64 (R, n_thresholds). The mean of a resample skips
        classes without an instance in it; a resample without any instance is NaN.
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


def paired_interval(values: np.ndarray, other: np.ndarray) -> Interval:
    """Compute the 95 % percentile interval of `values - other` over paired resamples.

    Parameters
    ----------
    values, other : np.ndarray
        Two results of `bootstrap_map` with the same seed and units: (R, n_thresholds), averaged over the
        thresholds, or (R,). Resamples that are NaN in either are skipped.

    Returns
    -------
    Interval
        In the unit of the values.

    Raises
    ------
    ValueError
        If the shapes differ, or every resample is NaN.
    """
    if values.shape != other.shape:
        raise ValueError(f"not paired: shapes {values.shape} and {other.shape}")
    difference = (values - other).reshape(len(values), -1).mean(axis=1)
    difference = difference[~np.isnan(difference)]
    if not difference.size:
        raise ValueError("no resample with a score")
    low, high = np.quantile(difference, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(difference.mean()), float(low), float(high))


def centred_interval(values: np.ndarray, estimate: float) -> Interval:
    """Compute the 95 % interval of an estimate from its resamples.

    Drawing videos with replacement raises AP: a video that is drawn twice repeats its true positives next to
    each other. The resamples are therefore shifted so that their mean equals the estimate.

    Parameters
    ----------
    values : np.ndarray
        The estimate of every resample: (R,). NaN values are skipped.
    estimate : float
        The estimate from all videos.

    Returns
    -------
    Interval
        In the unit of the values.

    Raises
    ------
    ValueError
        If every value is NaN.
    """
    values = values[~np.isnan(values)]
    if not values.size:
        raise ValueError("no resample with a score")
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) - values.mean()
    return Interval(float(estimate), float(estimate + low), float(estimate + high))


def resample_runs(values: np.ndarray, seed: int) -> np.ndarray:
    """Average over runs, and draw the runs with replacement as well as the videos.

    The runs of a system, for example trainings with several seeds, are a sample like the videos. Of S runs,
    each resample averages S drawn ones. Their deviation from the mean of all runs is multiplied by
    sqrt(S / (S - 1)), because S drawn runs vary less than S new ones would.

    Parameters
    ----------
    values : np.ndarray
        Metric of every run in every resample of the videos, all runs with the same resamples: (S, R).
    seed : int
        Seed of the random generator.

    Returns
    -------
    np.ndarray
        float64 (R,). With a single run, its values.
    """
    runs, resamples = values.shape
    if runs == 1:
        return values[0]
    drawn = np.random.default_rng(seed).integers(runs, size=(runs, resamples))
    mean = values.mean(axis=0)
    deviation = np.take_along_axis(values, drawn, axis=0).mean(axis=0) - mean
    return mean + np.sqrt(runs / (runs - 1)) * deviation
