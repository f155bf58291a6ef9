"""Compute average recall at AN proposals per video (AR@AN) as the ActivityNet challenge defines it.

Every video keeps the same share of its proposals, those with the highest scores, so that a video keeps AN of
them on average (conventions 8). Recall is over the instances of all videos; one proposal may recall several
instances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.evaluation.overlap import pairs_of_groups, scores, seconds, video_index
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS


class Segments(NamedTuple):
    """Segments of many videos: index of the video, start and end in one unit, arrays (n,) each."""

    video: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class ProposalScores:
    """Recall at each average number of proposals, as shares in [0, 1].

    Attributes
    ----------
    thresholds : np.ndarray
        tIoU thresholds: float64 (n_thresholds,).
    recall : np.ndarray
        Recall at AN = 1, 2, ... N proposals per video: float64 (n_thresholds, N).
    """

    thresholds: np.ndarray
    recall: np.ndarray

    @property
    def average_recall(self) -> np.ndarray:
        """Mean of the recall over the thresholds (AR) at AN = 1, 2, ... N: float64 (N,)."""
        return self.recall.mean(axis=0)

    def ar_at(self, number: int) -> float:
        """Return AR@AN.

        Parameters
        ----------
        number : int
            AN, 1 to N.

        Returns
        -------
        float
            Share in [0, 1].

        Raises
        ------
        ValueError
            If `number` is outside 1 to N.
        """
        if not 1 <= number <= self.recall.shape[1]:
            raise ValueError(
                f"average recall was computed at 1..{self.recall.shape[1]} proposals, not at {number}"
            )
        return float(self.average_recall[number - 1])

    @property
    def auc(self) -> float:
        """Area under AR from AN = 1 to N (trapezoids) divided by N: (N - 1) / N for an AR of 1."""
        return float(np.trapezoid(self.average_recall) / self.recall.shape[1])


def average_recall(
    instances: pd.DataFrame,
    proposals: pd.DataFrame,
    videos: Sequence[str],
    max_proposals: int = 100,
    thresholds: Sequence[float] = ACTIVITYNET_THRESHOLDS,
) -> ProposalScores:
    """Compute the average recall of proposals, regardless of classes.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s].
    proposals : pd.DataFrame
        Columns video, score, start, end [s]. Proposals of equal score keep the order of the table.
    videos : sequence of str
        All evaluated videos. Each counts in the average number of proposals, with or without proposals. The
        official script counts the videos that have instances, which in ActivityNet is every video.
    max_proposals : int
        Largest average number of proposals, N.
    thresholds : sequence of float
        tIoU thresholds in (0, 1].

    Returns
    -------
    ProposalScores
        Recall at every threshold and number of proposals.

    Raises
    ------
    ValueError
        If there is no instance, a number is not finite, a segment ends before it starts, a threshold is
        outside (0, 1], or a video is missing from `videos`.
    """
    return packed_average_recall(
        Segments(video_index(instances, videos), *seconds(instances)),
        Segments(video_index(proposals, videos), *seconds(proposals)),
        scores(proposals),
        len(videos),
        max_proposals,
        thresholds,
    )


def packed_average_recall(
    instances: Segments,
    proposals: Segments,
    score: np.ndarray,
    videos: int,
    max_proposals: int = 100,
    thresholds: Sequence[float] = ACTIVITYNET_THRESHOLDS,
) -> ProposalScores:
    """Compute the average recall from arrays, for searches that evaluate proposals many times.

    Parameters
    ----------
    instances, proposals : Segments
        Segments with video indices in 0..videos-1.
    score : np.ndarray
        Finite score of every proposal: (n_proposals,).
    videos : int
        Number of evaluated videos, V.
    max_proposals : int
        Largest average number of proposals, N.
    thresholds : sequence of float
        tIoU thresholds in (0, 1].

    Returns
    -------
    ProposalScores
        Recall at every threshold and number of proposals.

    Raises
    ------
    ValueError
        If there is no instance, or a threshold is outside (0, 1].
    """
    levels = np.asarray(thresholds, dtype=np.float64)
    if not len(instances.video):
        raise ValueError("no instance to evaluate against")
    if not np.all((levels > 0.0) & (levels <= 1.0)):
        raise ValueError(f"tIoU thresholds must lie in (0, 1]: {list(thresholds)}")
    order = np.lexsort((-np.asarray(score, dtype=np.float64), proposals.video))  # stable
    counts = np.bincount(proposals.video, minlength=videos)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)

    kept = np.minimum(_shares(counts, _ratio(max_proposals, videos, counts.sum())), counts)
    inside = rank < kept[proposals.video[order]]
    best = Segments(*(column[order[inside]] for column in proposals))
    shares = np.arange(1, max_proposals + 1) / max_proposals * _ratio(max_proposals, videos, kept.sum())
    taken = np.minimum(_shares(kept[:, None], shares), kept[:, None])  # [V, N]
    return ProposalScores(levels, _recall(instances, best, rank[inside], levels, taken))


def _ratio(average: int, videos: int, total: int) -> float:
    """Return the share of all proposals that leaves `average` per video; above 1 if there are fewer."""
    return average * float(videos) / total if total else 0.0


def _shares(counts: np.ndarray, ratio: float | np.ndarray) -> np.ndarray:
    """Truncate to whole proposals as the official script does: 100 * 0.29 becomes 28."""
    return (counts * ratio).astype(np.int64)


def _recall(
    instances: Segments, proposals: Segments, rank: np.ndarray, levels: np.ndarray, taken: np.ndarray
) -> np.ndarray:
    """Compute the recall (n_thresholds, N) of the first `taken` (V, N) proposals of each video."""
    instance, proposal = pairs_of_groups(instances.video, proposals.video)
    overlap = temporal_iou(
        proposals.start[proposal], proposals.end[proposal], instances.start[instance], instances.end[instance]
    )
    near = np.flatnonzero(overlap >= levels.min(initial=1.0))
    instance, overlap, hit_rank = instance[near], overlap[near], rank[proposal[near]]
    available = taken[instances.video]  # [n_instances, N]
    recall = np.empty((len(levels), taken.shape[1]))
    for row, level in zip(recall, levels, strict=True):
        first = np.full(len(instances.video), np.iinfo(np.int64).max)
        enough = overlap >= level
        np.minimum.at(first, instance[enough], hit_rank[enough])
        row[:] = np.count_nonzero(first[:, None] < available, axis=0) / len(first)
    return recall
