"""Choose the videos that a report shows, by rule."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.official import official_scores

RULES = (
    ("worst", "score", True, 3),
    ("best", "score", False, 2),
    ("median", "distance", True, 1),
    ("longest", "duration", False, 1),
    ("most instances", "instances", False, 1),
    ("greatest gain of the last step", "change", False, 2),
    ("greatest loss of the last step", "change", True, 2),
)
"""Reason, column to sort by, whether ascending, and number of videos."""


class Chosen(NamedTuple):
    """A chosen video.

    Attributes
    ----------
    video : str
        Id of the video.
    reasons : str
        Why it was chosen: one or more reasons of `RULES`, separated by commas.
    duration : float
        Duration [s].
    instances : int
        Number of its instances.
    score : float
        Result of `video_scores`; NaN without instances.
    change : float
        Difference of the score to that before the last step; NaN without one.
    """

    video: str
    reasons: str
    duration: float
    instances: int
    score: float
    change: float


def video_scores(
    instances: pd.DataFrame, detections: pd.DataFrame, thresholds: Sequence[float]
) -> dict[str, float]:
    """Compute the mAP of each video alone.

    Parameters
    ----------
    instances : DataFrame[video, start, end, label]
        Ground truth [s].
    detections : DataFrame[video, label, score, start, end]
        Detections [s].
    thresholds : sequence of float
        tIoU thresholds.

    Returns
    -------
    dict of str to float
        For each video with instances, the AP of its classes within this video alone, averaged over the
        classes and the thresholds, in [0, 1].
    """
    if instances.empty:
        return {}
    truth, detected = (_by_video_and_class(table) for table in (instances, detections))
    known = detected[detected["label"].isin(truth["label"].unique())]
    scores = official_scores(match_detections(truth, known, thresholds))
    average = dict(zip(scores.labels, scores.ap.mean(axis=0), strict=True))
    groups = truth.drop_duplicates("label")
    shares = groups["label"].map(average).groupby(groups["of"], sort=False).mean()
    return {str(video): float(share) for video, share in shares.items()}


def _by_video_and_class(table: pd.DataFrame) -> pd.DataFrame:
    """Make a class of every pair of a video and a class, in one video; keep the video as the column `of`."""
    return table.assign(label=table["video"] + "\n" + table["label"], of=table["video"], video="")


def choose_videos(
    videos: pd.DataFrame,
    instances: pd.DataFrame,
    scores: dict[str, float],
    earlier: dict[str, float] | None = None,
) -> list[Chosen]:
    """Choose up to twelve videos by `RULES`.

    A video that fits several rules is shown once, with all its reasons, and does not use up the number of a
    rule. Ties go to videos with more instances, then to the order of the table. Only videos with instances
    are worst, median or best; only videos whose score changed are a gain or a loss.

    Parameters
    ----------
    videos : DataFrame[video, duration]
        All videos; duration in seconds.
    instances : DataFrame[video]
        Their instances.
    scores, earlier : dict of str to float
        Results of `video_scores` of the submitted variant, and of the one before the last step.

    Returns
    -------
    list of Chosen
        In the order of `RULES`.
    """
    table = pd.DataFrame({"duration": videos["duration"].to_numpy(float)}, index=videos["video"].astype(str))
    table["instances"] = instances["video"].value_counts().reindex(table.index, fill_value=0)
    table["score"] = pd.Series(scores, dtype=float).reindex(table.index)
    table["change"] = table["score"] - pd.Series(earlier or {}, dtype=float).reindex(table.index)
    table["distance"] = (table["score"] - table["score"].median()).abs()
    reasons: dict[str, list[str]] = {}
    for reason, column, ascending, count in RULES:
        for video in _first(table, column, ascending, reason, count, set(reasons)):
            reasons.setdefault(video, []).append(reason)
    return [
        Chosen(
            video,
            ", ".join(given),
            float(row["duration"]),
            int(row["instances"]),
            float(row["score"]),
            float(row["change"]),
        )
        for video, given in reasons.items()
        for _, row in table.loc[[video]].iterrows()
    ]


def _first(
    table: pd.DataFrame, column: str, ascending: bool, reason: str, count: int, chosen: set[str]
) -> list[str]:
    """Return the videos of one rule: the first ones, until `count` new ones are chosen."""
    rows = table.dropna(subset=[column])
    if column == "change":
        rows = rows[rows["change"] < 0] if ascending else rows[rows["change"] > 0]
    if reason == "most instances":
        rows = rows[rows["instances"] > 0]
    rows = rows.sort_values([column, "instances"], ascending=[ascending, False], kind="stable")
    names: list[str] = []
    new = 0
    for video in rows.index:
        if new == count:
            break
        if len(names) >= count and video in chosen:
            continue  # beyond the first ones, only new videos
        names.append(video)
        new += video not in chosen
    return names
