"""Summarise the scores of one variant on one subset, the content of `evaluation/{variant}.{subset}.json`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.detection import DetectionScores, score_matches
from bsnpp.evaluation.matching import Matches, match_detections
from bsnpp.evaluation.proposals import ProposalScores, average_recall
from bsnpp.evaluation.settings import EvaluationSettings


def evaluate_variant(
    name: tuple[str, str],
    instances: pd.DataFrame,
    detections: pd.DataFrame,
    proposals: pd.DataFrame,
    groups: Mapping[str, str],
    settings: EvaluationSettings,
    seed: int,
) -> tuple[dict[str, Any], np.ndarray]:
    """Evaluate the detections and proposals of one variant on one subset.

    Parameters
    ----------
    name : tuple of str
        Names of the variant and the subset.
    instances : pd.DataFrame
        Columns video, start, end [s], label; at least one row.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    proposals : pd.DataFrame
        Columns video, score, start, end [s].
    groups : mapping of str to str
        Unit of every video of the subset for the bootstrap, as in `video_multiplicities`.
    settings : EvaluationSettings
        Thresholds, number of proposals and number of resamples.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    evaluation : dict
        As `evaluation_summary`.
    resamples : np.ndarray
        mAP of every resample at `settings.tiou_thresholds`: float64 (R, n_thresholds).

    Raises
    ------
    ValueError
        As `match_detections`.
    """
    videos = list(groups)
    matches = match_detections(instances, detections, settings.all_thresholds, videos)
    recall = average_recall(
        instances, proposals, videos, settings.proposals_per_video, settings.tiou_thresholds
    )
    resamples = bootstrap_map(matches, settings.bootstrap_resamples, seed, groups)
    evaluation = evaluation_summary(*name, matches, recall, settings)
    return evaluation, resamples[:, np.isin(matches.thresholds, settings.tiou_thresholds)]


def evaluation_summary(
    variant: str, subset: str, matches: Matches, proposals: ProposalScores, settings: EvaluationSettings
) -> dict[str, Any]:
    """Convert all scores to plain numbers and lists for JSON.

    Parameters
    ----------
    variant, subset : str
        Names of the variant and the subset.
    matches : Matches
        Detections matched at `settings.all_thresholds`.
    proposals : ProposalScores
        Average recall of the proposals.
    settings : EvaluationSettings
        Thresholds of the two means.

    Returns
    -------
    dict
        `variant`, `subset`; the counts `videos`, `instances` and `detections` (of classes that have
        instances); `tiou_thresholds`; `map` at each threshold, `average_map`, and `further_map` (None without
        further thresholds); `ar` at AN = 1, 2, ... proposals per video, `ar_100` (None if AN stays below
        100) and `auc`; `classes`, a list of `label`, `instances` and `ap` at each threshold. All scores are
        shares in [0, 1].
    """
    scores = score_matches(matches)
    recall = proposals.average_recall.tolist()
    return {
        "variant": variant,
        "subset": subset,
        "videos": len(matches.videos),
        "instances": int(scores.counts.sum()),
        "detections": len(matches.score),
        "tiou_thresholds": scores.thresholds.tolist(),
        "map": scores.map.tolist(),
        "average_map": _mean_over(scores, settings.tiou_thresholds),
        "further_map": _mean_over(scores, settings.further_thresholds),
        "ar": recall,
        "ar_100": recall[99] if len(recall) >= 100 else None,
        "auc": proposals.auc,
        "classes": [
            {"label": label, "instances": int(count), "ap": ap.tolist()}
            for label, count, ap in zip(scores.labels, scores.counts, scores.ap.T, strict=True)
        ],
    }


def _mean_over(scores: DetectionScores, thresholds: Sequence[float]) -> float | None:
    """Average the mAP over some of the evaluated thresholds; None if `thresholds` is empty."""
    if not thresholds:
        return None
    return float(scores.map[np.isin(scores.thresholds, thresholds)].mean())
