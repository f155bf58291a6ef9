"""Score the test videos of all folds of a cross-validation together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.errors import Faults
from bsnpp.evaluation.bootstrap import bootstrap_map, centred_interval, paired_interval, video_multiplicities
from bsnpp.evaluation.detection import score_matches
from bsnpp.evaluation.diagnosis.characteristics import normalised_average_precision
from bsnpp.evaluation.diagnosis.segmental import LEVELS, f1, segment_counts
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.settings import EvaluationSettings

CANDIDATES = 40
"""Number of scores that are tried as the least score of a segmentation."""


@dataclass(frozen=True)
class Part:
    """The videos of one subset of a fold, with the detections of one variant.

    Attributes
    ----------
    videos, instances, detections : pd.DataFrame
        Columns video; video, start, end [s], label; and video, label, score, start, end [s].
    """

    videos: pd.DataFrame
    instances: pd.DataFrame
    detections: pd.DataFrame


@dataclass(frozen=True)
class PooledScores:
    """Scores of one variant on the test videos of all folds.

    Attributes
    ----------
    row : dict of str to float
        Numbers in per cent; see `pooled_table`.
    resamples : np.ndarray
        Average mAP of every resample, shares: float64 (R,).
    """

    row: dict[str, float]
    resamples: np.ndarray


def best_least_score(part: Part) -> float:
    """Choose the score below which detections do not enter a segmentation.

    Parameters
    ----------
    part : Part
        Validation videos of a fold; test videos must not choose it.

    Returns
    -------
    float
        Of 40 quantiles of the scores, that with the highest mean of F1@{10, 25, 50}; the lowest of equal
        ones. 0 without detections.
    """
    if part.detections.empty:
        return 0.0
    shares = np.linspace(0.0, 1.0, CANDIDATES)
    scores = np.quantile(part.detections["score"], shares, method="lower")
    means = [_pooled_f1(part, score).mean() for score in scores]
    return float(scores[int(np.argmax(means))])


def _pooled_f1(part: Part, least_score: float) -> np.ndarray:
    hits, counts = segment_counts(part.instances, part.detections, part.videos, least_score)
    return f1(hits.sum(axis=0), counts.sum(axis=0))


def pool(parts: Sequence[Part]) -> Part:
    """Join the test videos of all folds.

    Raises
    ------
    UserError
        If a video is tested by more than one fold.
    """
    videos = pd.concat([part.videos for part in parts], ignore_index=True)
    counts = videos["video"].value_counts()
    faults = Faults("videos that more than one fold tests")
    faults.extend(f"{video}: {count} folds" for video, count in counts.items() if count > 1)
    faults.raise_if_any()
    return Part(
        videos,
        pd.concat([part.instances for part in parts], ignore_index=True),
        pd.concat([part.detections for part in parts], ignore_index=True),
    )


def pooled_scores(
    tests: Sequence[Part],
    validations: Sequence[Part],
    groups: Mapping[str, str],
    settings: EvaluationSettings,
    seed: int,
    cut: float | None,
) -> PooledScores:
    """Score one variant on the test videos of all folds together.

    Parameters
    ----------
    tests, validations : sequence of Part
        Test and validation videos of every fold. The validation videos only choose the least score of the
        segmentation of their fold.
    groups : mapping of str to str
        Unit of every test video for the bootstrap, such as the person.
    settings : EvaluationSettings
        Thresholds and number of resamples.
    seed : int
        Seed of the bootstrap.
    cut : float, optional
        Score below which detections are dropped for the columns `cut_map` and `cut_ap_n`.

    Returns
    -------
    PooledScores

    Raises
    ------
    UserError
        If a video is tested by more than one fold.
    """
    whole = pool(tests)
    names = whole.videos["video"].tolist()
    row: dict[str, float] = {}
    resamples = np.array([])
    for prefix, least in (("", None), ("cut_", cut)):
        if prefix and least is None:
            continue
        kept = whole.detections if least is None else whole.detections[whole.detections["score"] >= least]
        matches = match_detections(whole.instances, kept, settings.tiou_thresholds, names)
        every = np.ones(len(whole.instances), dtype=bool)
        row[f"{prefix}map"] = 100 * score_matches(matches).average_map
        row[f"{prefix}ap_n"] = 100 * normalised_average_precision(matches, whole.instances, every).mean()
        if not prefix:
            resamples = bootstrap_map(matches, settings.bootstrap_resamples, seed, groups).mean(axis=1)
            interval = centred_interval(100 * resamples, row["map"])
            row |= {"map_low": interval.low, "map_high": interval.high}
    counted = [
        segment_counts(test.instances, test.detections, test.videos, best_least_score(validation))
        for test, validation in zip(tests, validations, strict=True)
    ]
    hits, counts = (np.concatenate(arrays) for arrays in zip(*counted, strict=True))
    row |= _f1_columns(hits, counts, video_multiplicities(names, settings.bootstrap_resamples, seed, groups))
    return PooledScores(row, resamples)


def _f1_columns(hits: np.ndarray, counts: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Return F1 at each level with its interval; `weights` (R, V) as from `video_multiplicities`."""
    values, resampled = f1(hits.sum(axis=0), counts.sum(axis=0)), f1(weights @ hits, weights @ counts)
    columns: dict[str, float] = {}
    for level, value, column in zip(LEVELS, values, resampled.T, strict=True):
        interval = centred_interval(100 * column, 100 * float(value))
        name = f"f1_{100 * level:.0f}"
        columns |= {name: interval.estimate, f"{name}_low": interval.low, f"{name}_high": interval.high}
    return columns


def pooled_table(scores: Mapping[str, PooledScores], after: Mapping[str, str | None]) -> pd.DataFrame:
    """Tabulate all variants.

    Parameters
    ----------
    scores : mapping of str to PooledScores
        Scores by variant, all with the same videos, seed and units.
    after : mapping of str to (str or None)
        Variant that each variant is a step from.

    Returns
    -------
    pd.DataFrame
        A row per variant, in per cent: `map`, averaged over the thresholds, with the 95 % interval `map_low`
        to `map_high`; `ap_n`, the same with AP_N; `cut_map` and `cut_ap_n` without the detections below the
        cut, if there is one; `f1_10`, `f1_25` and `f1_50` with their intervals; and `step_from`, `step_gain`
        in `map`, and its paired interval.
    """
    rows = []
    for name, one in scores.items():
        row: dict[str, float | str] = {"variant": name, **one.row}
        before = after.get(name)
        if before is not None and before in scores:
            gain = paired_interval(100 * one.resamples, 100 * scores[before].resamples)
            row |= {"step_from": before, "step_gain": one.row["map"] - scores[before].row["map"]}
            row |= {"step_low": gain.low, "step_high": gain.high}
        rows.append(row)
    return pd.DataFrame(rows)
