"""The content of `evaluation/{variant}.{subset}.json`: one variant's scores on one subset."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bsnpp.evaluation.detection import DetectionScores, score_matches
from bsnpp.evaluation.matching import Matches
from bsnpp.evaluation.proposals import ProposalScores
from bsnpp.evaluation.settings import EvaluationSettings


def evaluation_summary(
    variant: str, subset: str, matches: Matches, proposals: ProposalScores, settings: EvaluationSettings
) -> dict[str, Any]:
    """Put all scores into plain numbers and lists, ready for JSON.

    Parameters
    ----------
    variant, subset : str
        What was scored.
    matches : Matches
        At `settings.all_thresholds`.
    proposals : ProposalScores
        Average recall.
    settings : EvaluationSettings
        Over which thresholds the means go.

    Returns
    -------
    dict
        `variant`, `subset`; the counts `videos`, `instances` and `detections` (those of the ground truth's
        classes); `tiou_thresholds`; `map` at each of them, `average_map`, and `further_map` (None without
        further thresholds); `ar` at AN = 1, 2, ... proposals a video, `ar_100` (None where fewer were asked
        for) and `auc`; `classes`, a list of `label`, `instances` and `ap` at each threshold. All scores are
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
    """Mean mAP over some of the thresholds that were scored; None over none."""
    if not thresholds:
        return None
    return float(scores.map[np.isin(scores.thresholds, thresholds)].mean())
