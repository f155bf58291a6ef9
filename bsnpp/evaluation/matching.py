"""Match detections to instances as the ActivityNet challenge does (conventions 8).

The detections of a class are visited by falling score, over all videos. Each is assigned the unassigned
instance of its video and class with the highest tIoU, if that tIoU reaches the threshold; otherwise it is a
false positive.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou
from bsnpp.evaluation.overlap import encode, pairs_of_groups, scores, seconds, video_index


@dataclass(frozen=True)
class Matches:
    """True positives at every threshold; the detections are sorted by class, then by falling score.

    Detections of classes without an instance are left out, because no mean contains their class.

    Attributes
    ----------
    thresholds : np.ndarray
        tIoU thresholds: float64 (n_thresholds,).
    labels : list of str
        The K classes of the ground truth, sorted.
    videos : list of str
        The V evaluated videos, sorted.
    class_index, video_index : np.ndarray
        Index of each detection's class in `labels` and of its video in `videos`: int64 (n_detections,).
    score : np.ndarray
        Score of each detection: float64 (n_detections,).
    true_positive : np.ndarray
        Whether each detection is a true positive: bool (n_thresholds, n_detections).
    instance_counts : np.ndarray
        Number of instances of every class in every video: int64 (K, V).
    row : np.ndarray
        Row of each detection in its table: int64 (n_detections,).
    assigned : np.ndarray
        Row of the instance that each detection is assigned in the table of instances, or -1: int32
        (n_thresholds, n_detections).
    """

    thresholds: np.ndarray
    labels: list[str]
    videos: list[str]
    class_index: np.ndarray
    video_index: np.ndarray
    score: np.ndarray
    true_positive: np.ndarray
    instance_counts: np.ndarray
    row: np.ndarray
    assigned: np.ndarray


def match_detections(
    instances: pd.DataFrame,
    detections: pd.DataFrame,
    thresholds: Sequence[float],
    videos: Sequence[str] | None = None,
) -> Matches:
    """Match detections to instances at all thresholds.

    Detections of equal score, and instances of equal tIoU, keep the order of their table; in the official
    script their order is undefined. Duplicate and zero-length instances count like any other instance.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    thresholds : sequence of float
        tIoU thresholds in (0, 1].
    videos : sequence of str, optional
        All evaluated videos; required to resample several results together. By default the videos of the two
        tables.

    Returns
    -------
    Matches
        True positives at every threshold.

    Raises
    ------
    ValueError
        If there is no instance, a number is not finite, a segment ends before it starts, a threshold is
        outside (0, 1], or a video is missing from `videos`.
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
    class_index, detection_video = encode(detections["label"], labels), video_index(detections, names)
    score = scores(detections)
    order = _by_class_then_score(class_index, score, len(labels))
    class_index, detection_video, score = class_index[order], detection_video[order], score[order]

    counts = np.zeros((len(labels), len(names)), dtype=np.int64)
    np.add.at(counts, (instance_class, instance_video), 1)
    near = np.flatnonzero(counts[class_index, detection_video])  # with an instance in their video
    detection, instance = pairs_of_groups(
        class_index[near] * len(names) + detection_video[near], instance_class * len(names) + instance_video
    )
    detection = near[detection]
    start, end = (times[order[detection]] for times in seconds(detections))
    instance_start, instance_end = (times[instance] for times in seconds(instances))
    overlap = temporal_iou(start, end, instance_start, instance_end)
    assigned = _assigned(detection, instance, overlap, levels, (len(order), len(instances)))
    return Matches(
        thresholds=levels,
        labels=labels,
        videos=names,
        class_index=class_index,
        video_index=detection_video,
        score=score,
        true_positive=assigned >= 0,
        instance_counts=counts,
        row=order,
        assigned=assigned,
    )


def _by_class_then_score(class_index: np.ndarray, score: np.ndarray, classes: int) -> np.ndarray:
    """Sort by class, then by falling score, stably; leave out the class -1."""
    order = np.argsort(-score, kind="stable")
    order = order[class_index[order] >= 0]
    narrow = np.int16 if classes <= np.iinfo(np.int16).max else np.int64  # NumPy sorts int16 by radix
    return order[np.argsort(class_index[order].astype(narrow), kind="stable")]


def _assigned(
    detection: np.ndarray,
    instance: np.ndarray,
    overlap: np.ndarray,
    levels: np.ndarray,
    size: tuple[int, int],
) -> np.ndarray:
    """Assign instances to detections; `size` = (detections, instances): int32 (n_thresholds, detections).

    The pairs (p,) of a detection and an instance of its video and class are given with their tIoU.
    """
    near = np.flatnonzero(overlap >= levels.min(initial=1.0))
    near = near[np.lexsort((-overlap[near], detection[near]))]  # best instance of a detection first
    detection, instance, overlap = detection[near], instance[near], overlap[near]
    result = np.full((len(levels), size[0]), -1, dtype=np.int32)
    for row, level in zip(result, levels, strict=True):
        enough = overlap >= level
        matched, its_instance = _matched(detection[enough], instance[enough], size[1])
        row[matched] = its_instance
    return result


def _matched(detection: np.ndarray, instance: np.ndarray, instances: int) -> tuple[np.ndarray, np.ndarray]:
    """List the detections that are assigned an instance, and that instance.

    The pairs are sorted by detection, then by falling tIoU. Assigning one detection after the other gives the
    stable matching in which every instance prefers the earlier detection. Deferred acceptance reaches it in a
    few array operations: all detections propose at once, an instance keeps the earliest, and the others go on
    to their next best instance until no proposal is refused.
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
            return holders[alive], chosen
        choice[alive[refused]] += 1
        alive = alive[choice[alive] < last[alive]]
