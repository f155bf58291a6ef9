"""Which detections are right: the matching of the ActivityNet challenge (conventions 8).

Within a class, over all videos, the detections are taken by falling score. Each takes the free instance of
its video and class that it overlaps best, if their tIoU reaches the threshold; else it is a false positive.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.evaluation.overlap import encode, pairs_of_groups, scores, seconds, video_index


@dataclass(frozen=True)
class Matches:
    """Which detections are right, at every threshold; the detections by class, then by falling score.

    Detections of classes that the ground truth lacks are left out: no mean counts their class.

    Attributes
    ----------
    thresholds : np.ndarray
        tIoU thresholds: float64 (n_thresholds,).
    labels : list of str
        The K classes of the ground truth, sorted.
    videos : list of str
        The V videos evaluated, sorted.
    class_index, video_index : np.ndarray
        Positions of each detection's class in `labels` and video in `videos`: int64 (n_detections,).
    score : np.ndarray
        float64 (n_detections,).
    true_positive : np.ndarray
        bool (n_thresholds, n_detections).
    instance_counts : np.ndarray
        Instances of every class in every video: int64 (K, V).
    """

    thresholds: np.ndarray
    labels: list[str]
    videos: list[str]
    class_index: np.ndarray
    video_index: np.ndarray
    score: np.ndarray
    true_positive: np.ndarray
    instance_counts: np.ndarray


def match_detections(
    instances: pd.DataFrame,
    detections: pd.DataFrame,
    thresholds: Sequence[float],
    videos: Sequence[str] | None = None,
) -> Matches:
    """Match detections to instances at all thresholds.

    Equal scores keep the order of the table, where the official script's order is undefined; so do instances
    that a detection overlaps equally. Duplicated and zero-length instances count as any other.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end (seconds), label.
    detections : pd.DataFrame
        Columns video, label, score, start, end (seconds).
    thresholds : sequence of float
        tIoU in (0, 1].
    videos : sequence of str, optional
        All videos evaluated: give them where results of several tables are resampled together. By default
        those of the two tables.

    Returns
    -------
    Matches

    Raises
    ------
    ValueError
        If there is no instance, a number is not finite, a segment is reversed, a threshold is not in (0, 1],
        or a table names a video that `videos` lacks.
    """
    levels = np.asarray(thresholds, dtype=np.float64)
    if instances.empty:
        raise ValueError("no instance to evaluate against")
    if not np.all((levels > 0.0) & (levels <= 1.0)):
        raise ValueError(f"tIoU thresholds must lie in (0, 1]: {list(thresholds)}")
    labels = sorted(instances["label"].unique())
    names = sorted(
        videos if videos is not None else {*instances["video"].unique(), *detections["video"].unique()}
    )
    instance_class, instance_video = encode(instances["label"], labels), video_index(instances, names)
    class_index, seen_in = encode(detections["label"], labels), video_index(detections, names)
    score = scores(detections)
    order = np.lexsort((-score, class_index))  # stable
    order = order[np.searchsorted(class_index[order], 0) :]  # without the classes that nobody asks for
    class_index, seen_in, score = class_index[order], seen_in[order], score[order]

    detection, instance = pairs_of_groups(
        class_index * len(names) + seen_in, instance_class * len(names) + instance_video
    )
    start, end = (times[order][detection] for times in seconds(detections))
    instance_start, instance_end = (times[instance] for times in seconds(instances))
    overlap = temporal_iou(start, end, instance_start, instance_end)
    counts = np.zeros((len(labels), len(names)), dtype=np.int64)
    np.add.at(counts, (instance_class, instance_video), 1)
    return Matches(
        thresholds=levels,
        labels=labels,
        videos=names,
        class_index=class_index,
        video_index=seen_in,
        score=score,
        true_positive=_true_positives(detection, instance, overlap, levels, (len(order), len(instances))),
        instance_counts=counts,
    )


def _true_positives(
    detection: np.ndarray,
    instance: np.ndarray,
    overlap: np.ndarray,
    levels: np.ndarray,
    size: tuple[int, int],
) -> np.ndarray:
    """Match pairs (p,), of `size` (detections, instances) in all: bool (n_thresholds, detections)."""
    likely = np.flatnonzero(overlap >= levels.min(initial=1.0))
    likely = likely[np.lexsort((-overlap[likely], detection[likely]))]  # best instance of a detection first
    detection, instance, overlap = detection[likely], instance[likely], overlap[likely]
    result = np.zeros((len(levels), size[0]), dtype=bool)
    for row, level in zip(result, levels, strict=True):
        enough = overlap >= level
        row[_matched(detection[enough], instance[enough], size[1])] = True
    return result


def _matched(detection: np.ndarray, instance: np.ndarray, instances: int) -> np.ndarray:
    """Give the detections that get an instance, when they choose one after the other.

    The pairs are sorted by detection, then by falling overlap. Choosing in turn is the one stable matching in
    which every instance prefers the earlier detection; so it is reached by all proposing at once: an instance
    keeps the earliest, the others go on to their next best, until no one is refused.
    """
    choice = np.flatnonzero(np.diff(detection, prepend=-1))  # the best pair of every detection that has one
    holders, last = detection[choice], np.append(choice[1:], len(detection))
    alive = np.arange(len(holders))
    while True:
        chosen = instance[choice[alive]]
        keeps = np.full(instances, len(holders))
        np.minimum.at(keeps, chosen, alive)
        refused = keeps[chosen] != alive
        if not refused.any():
            return holders[alive]
        choice[alive[refused]] += 1
        alive = alive[choice[alive] < last[alive]]
