"""Summarise the runs of a system, and compare two systems, with intervals from resampled videos and runs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bsnpp.evaluation.bootstrap import Interval, bootstrap_map, centred_interval, resample_runs
from bsnpp.evaluation.detection import DetectionScores
from bsnpp.evaluation.matching import Matches
from bsnpp.evaluation.official import official_scores


def summarise_runs(
    runs: Sequence[Matches], resamples: int, seed: int, groups: Mapping[str, str]
) -> dict[str, Any]:
    """Summarise the average mAP of the runs of one system.

    Parameters
    ----------
    runs : sequence of Matches
        Matched detections of every run, all with the same videos.
    resamples : int
        Number of resamples of videos and runs, R; 0 for no interval.
    seed : int
        Seed of the random generator.
    groups : mapping of str to str
        Unit of every video, as in `video_multiplicities`.

    Returns
    -------
    dict
        `values`, the average mAP of every run; their `mean` and standard `deviation` (None for one run); and
        the 95 % `interval` of the mean (None without resamples). Shares in [0, 1].
    """
    values = [official_scores(matches).average_map for matches in runs]
    mean = float(np.mean(values))
    interval = None
    if resamples:
        low, high = centred_interval(_resampled(runs, resamples, seed, groups, 1), mean)[1:]
        interval = [low, high]
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return {"values": values, "mean": mean, "deviation": deviation, "interval": interval}


def compare_systems(
    first: Sequence[Matches], second: Sequence[Matches], resamples: int, seed: int, groups: Mapping[str, str]
) -> dict[str, Any]:
    """Compare two systems on the same videos.

    Both are scored on the same resamples of the videos, so that the interval of their difference does not
    contain the variation that they share.

    Parameters
    ----------
    first, second : sequence of Matches
        Matched detections of the runs of each system, all with the same videos and thresholds.
    resamples : int
        Number of resamples, R, at least 1.
    seed : int
        Seed of the random generator.
    groups : mapping of str to str
        Unit of every video, as in `video_multiplicities`.

    Returns
    -------
    dict
        `first` and `second`, the average mAP of each; `difference`, second minus first, with its 95 %
        `interval`; `better`, "first", "second" or None if the interval contains 0; `second_wins`, the share
        of resamples in which the second is better; and `classes`, a list of label, instances, first, second,
        difference, and contribution to the difference of average mAP, the largest first. Shares in [0, 1].
    """
    scores = [[official_scores(matches) for matches in system] for system in (first, second)]
    means = [float(np.mean([one.average_map for one in system])) for system in scores]
    difference = means[1] - means[0]
    resampled = _resampled(second, resamples, seed, groups, 2) - _resampled(first, resamples, seed, groups, 1)
    interval = centred_interval(resampled, difference)
    return {
        "first": means[0],
        "second": means[1],
        "difference": difference,
        "interval": [interval.low, interval.high],
        "better": _better(interval),
        "second_wins": float(np.mean(resampled[~np.isnan(resampled)] > 0)),
        "classes": _classes(*scores),
    }


def _resampled(
    runs: Sequence[Matches], resamples: int, seed: int, groups: Mapping[str, str], stream: int
) -> np.ndarray:
    """Compute the mean average mAP over the runs in every resample: float64 (R,)."""
    values = np.array([bootstrap_map(matches, resamples, seed, groups).mean(axis=1) for matches in runs])
    return resample_runs(values, seed + stream)


def _better(interval: Interval) -> str | None:
    if interval.low <= 0.0 <= interval.high:
        return None
    return "second" if interval.low > 0.0 else "first"


def _classes(first: Sequence[DetectionScores], second: Sequence[DetectionScores]) -> list[dict[str, Any]]:
    ap = [np.mean([one.ap.mean(axis=0) for one in system], axis=0) for system in (first, second)]
    rows = [
        {
            "label": label,
            "instances": int(count),
            "first": float(before),
            "second": float(after),
            "difference": float(after - before),
            "contribution": float(after - before) / len(first[0].labels),
        }
        for label, count, before, after in zip(first[0].labels, first[0].counts, *ap, strict=True)
    ]
    return sorted(rows, key=lambda row: -abs(row["difference"]))
