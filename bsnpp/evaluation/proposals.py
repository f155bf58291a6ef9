"""Average recall over the average number of proposals (AR@AN), as the ActivityNet challenge defines it.

Every video keeps the same share of its proposals, the best ones, so that a video keeps AN of them on average
(conventions 8). The recall is that of all instances together; one proposal may recall several instances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.evaluation.overlap import pairs_of_groups, scores, seconds, video_index
from bsnpp.evaluation.settings import ACTIVITYNET_THRESHOLDS


class Segments(NamedTuple):
    """Segments of many videos as arrays (n,): index of the video, start and end in one unit."""

    video: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class ProposalScores:
    """Recall for each average number of proposals; everything is a share in [0, 1], not per cent.

    Attributes
    ----------
    thresholds : np.ndarray
        tIoU thresholds: float64 (n_thresholds,).
    recall : np.ndarray
        At AN = 1, 2, ... N proposals a video: float64 (n_thresholds, N).
    """

    thresholds: np.ndarray
    recall: np.ndarray

    @property
    def average_recall(self) -> np.ndarray:
        """AR, the mean over the thresholds, at AN = 1, 2, ... N: float64 (N,)."""
        return self.recall.mean(axis=0)

    def ar_at(self, number: int) -> float:
        """AR@AN for AN = `number`, 1 to N.

        Raises
        ------
        ValueError
            If the recall was not taken there.
        """
        if not 1 <= number <= self.recall.shape[1]:
            raise ValueError(
                f"the average recall is known at 1..{self.recall.shape[1]} proposals, not {number}"
            )
        return float(self.average_recall[number - 1])

    @property
    def auc(self) -> float:
        """Area under AR from AN = 1 to N (trapezoids), divided by N: (N - 1) / N if AR is 1 throughout."""
        return float(np.trapezoid(self.average_recall) / self.recall.shape[1])


def average_recall(
    instances: pd.DataFrame,
    proposals: pd.DataFrame,
    videos: Sequence[str],
    max_proposals: int = 100,
    thresholds: Sequence[float] = ACTIVITYNET_THRESHOLDS,
) -> ProposalScores:
    """Average recall of proposals, whatever the classes.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end (seconds).
    proposals : pd.DataFrame
        Columns video, score, start, end (seconds). Equal scores keep the order of the table.
    videos : sequence of str
        All videos evaluated. Each counts in the average number of proposals, with proposals or without. The
        official script takes those that have instances, which is all of ActivityNet's.
    max_proposals : int
        N, the largest average number of proposals.
    thresholds : sequence of float
        tIoU in (0, 1].

    Returns
    -------
    ProposalScores

    Raises
    ------
    ValueError
        If there is no instance, a number is not finite, a segment is reversed, a threshold is not in (0, 1],
        or a table names a video that `videos` lacks.
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
    """`average_recall` on arrays, for searches that score proposals many times.

    Parameters
    ----------
    instances, proposals : Segments
        Video indices in 0..videos-1.
    score : np.ndarray
        Of every proposal: (n_proposals,), finite.
    videos : int
        V, the number of videos evaluated.
    max_proposals, thresholds
        As in `average_recall`.

    Returns
    -------
    ProposalScores

    Raises
    ------
    ValueError
        If there is no instance, or a threshold is not in (0, 1].
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
    """Give the share of all proposals that leaves `average` a video; above 1 if there are fewer."""
    return average * float(videos) / total if total else 0.0


def _shares(counts: np.ndarray, ratio: float | np.ndarray) -> np.ndarray:
    """Cut down to whole proposals as the official script does: 100 * 0.29 is 28."""
    return (counts * ratio).astype(np.int64)


def _recall(
    instances: Segments, proposals: Segments, rank: np.ndarray, levels: np.ndarray, taken: np.ndarray
) -> np.ndarray:
    """Recall (n_thresholds, N) when the first `taken` (V, N) proposals of each video are looked at."""
    instance, proposal = pairs_of_groups(instances.video, proposals.video)
    overlap = temporal_iou(
        proposals.start[proposal], proposals.end[proposal], instances.start[instance], instances.end[instance]
    )
    near = np.flatnonzero(overlap >= levels.min(initial=1.0))
    instance, overlap, found_at = instance[near], overlap[near], rank[proposal[near]]
    looked_at = taken[instances.video]  # [n_instances, N]
    recall = np.empty((len(levels), taken.shape[1]))
    for row, level in zip(recall, levels, strict=True):
        first = np.full(len(instances.video), np.iinfo(np.int64).max)
        enough = overlap >= level
        np.minimum.at(first, instance[enough], found_at[enough])
        row[:] = np.count_nonzero(first[:, None] < looked_at, axis=0) / len(first)
    return recall
