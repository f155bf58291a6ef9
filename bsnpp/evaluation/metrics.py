"""Report the metrics of one file of predictions, ready for JSON."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.evaluation.detection import DetectionScores, weighted_average_precision
from bsnpp.evaluation.matching import Matches
from bsnpp.evaluation.proposals import ProposalScores
from bsnpp.evaluation.protocols import protocol_name

AGNOSTIC = "action"
"""The label of everything in a class-agnostic evaluation."""


def class_agnostic(table: pd.DataFrame) -> pd.DataFrame:
    """Give all rows one label. Of detections of one segment only the one with the highest score is kept.

    Parameters
    ----------
    table : pd.DataFrame
        Detections, with columns video, label, score, start, end; or instances, without score.

    Returns
    -------
    pd.DataFrame
        The same columns, in the order of the table.
    """
    table = table.assign(label=AGNOSTIC)
    if "score" not in table:
        return table
    best = table.sort_values("score", ascending=False, kind="stable")
    return best.drop_duplicates(["video", "start", "end"]).sort_index().reset_index(drop=True)


def detection_metrics(scores: DetectionScores) -> dict[str, Any]:
    """Report average precision.

    Parameters
    ----------
    scores : DetectionScores
        Average precision of every class at every threshold.

    Returns
    -------
    dict
        `average_mAP`; `mAP` by tIoU; `AP` by class: its number of `instances`, its `average` over the
        thresholds, and its values `by_tiou`. Shares in [0, 1]; thresholds are keys such as "0.55".
    """
    names = [f"{threshold:.12g}" for threshold in scores.thresholds]
    return {
        "average_mAP": scores.average_map,
        "mAP": dict(zip(names, scores.map.tolist(), strict=True)),
        "AP": {
            label: {
                "instances": int(count),
                "average": float(ap.mean()),
                "by_tiou": dict(zip(names, ap.tolist(), strict=True)),
            }
            for label, count, ap in zip(scores.labels, scores.counts, scores.ap.T, strict=True)
        },
    }


def denominators(
    matches: Matches, subset: str, videos: Sequence[str], listed: Collection[str]
) -> list[dict[str, Any]]:
    """Report the average mAP over all evaluated videos, and over those that the file lists if they are fewer.

    Parameters
    ----------
    matches : Matches
        Matched detections.
    subset : str
        Name of the subset in lower case.
    videos : sequence of str
        Videos of the subset.
    listed : collection of str
        Videos with an entry in the file of predictions, perhaps an empty one.

    Returns
    -------
    list of dict
        `protocol`, its `videos` and `instances`, and `average_mAP`, a share in [0, 1].
    """
    missing = set(videos) - set(listed)
    rows = []
    for left_out in [set(), missing] if missing else [set()]:
        weights = np.array([float(video not in left_out) for video in matches.videos])
        count = len(videos) - len(left_out)
        ap = weighted_average_precision(matches, weights[None])[0]
        present = ~np.isnan(ap[0])
        rows.append(
            {
                "protocol": protocol_name(subset, count),
                "videos": count,
                "instances": int(matches.instance_counts.sum(axis=0) @ weights),
                "average_mAP": float(ap[:, present].mean()) if present.any() else None,
            }
        )
    return rows


def proposal_metrics(scores: ProposalScores) -> dict[str, Any]:
    """Report average recall.

    Parameters
    ----------
    scores : ProposalScores
        Recall at every threshold and number of proposals.

    Returns
    -------
    dict
        `AUC`, in [0, 1]; `AR` by AN, the average number of proposals per video; `recall` by tIoU at the
        largest AN. Shares in [0, 1].
    """
    recall = scores.average_recall.tolist()
    names = [f"{threshold:.12g}" for threshold in scores.thresholds]
    return {
        "AUC": scores.auc,
        "AR": {str(number): value for number, value in enumerate(recall, start=1)},
        "recall": dict(zip(names, scores.recall[:, -1].tolist(), strict=True)),
    }
