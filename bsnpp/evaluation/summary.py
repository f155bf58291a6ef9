"""The content of `evaluation/{variant}.{subset}.json`: one variant's scores on one subset."""

from typing import Any

from bsnpp.evaluation.detection import score_matches
from bsnpp.evaluation.matching import Matches
from bsnpp.evaluation.proposals import ProposalScores


def evaluation_summary(
    variant: str, subset: str, matches: Matches, proposals: ProposalScores
) -> dict[str, Any]:
    """Put all scores into plain numbers and lists, ready for JSON.

    Returns
    -------
    dict
        `variant`, `subset`; the counts `videos`, `instances` and `detections` (those of the ground truth's
        classes); `tiou_thresholds`; `map` at each of them and `average_map`; `ar` at AN = 1, 2, ... proposals
        a video, `ar_100` (None where fewer were asked for) and `auc`; `classes`, a list of `label`,
        `instances` and `ap` at each threshold. All scores are shares in [0, 1].
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
        "average_map": scores.average_map,
        "ar": recall,
        "ar_100": recall[99] if len(recall) >= 100 else None,
        "auc": proposals.auc,
        "classes": [
            {"label": label, "instances": int(count), "ap": ap.tolist()}
            for label, count, ap in zip(scores.labels, scores.counts, scores.ap.T, strict=True)
        ],
    }
