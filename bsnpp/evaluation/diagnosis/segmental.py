"""Compute the metrics of action segmentation from detections: segmental F1, edit score and frame accuracy.

Detections overlap, a segmentation does not: detections below a score are left out, and the others are made
non-overlapping (`without_overlap`). Times are continuous, so that no frame rate is needed: frame accuracy is
the share of time. Definitions: Lea et al., Temporal Convolutional Networks, CVPR 2017.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.core.segments import temporal_iou

LEVELS = (0.10, 0.25, 0.50)
"""tIoU thresholds of segmental F1: F1@{10, 25, 50}."""

Segment = tuple[str, float, float]
"""Label, start [s], end [s]."""


def without_overlap(ranked: Iterable[Segment]) -> list[Segment]:
    """Make the detections of one video non-overlapping.

    In their order, each takes the longest part of its segment that is still free, if this is at least half of
    the segment; otherwise it is dropped.

    Parameters
    ----------
    ranked : iterable of Segment
        Detections by falling score.

    Returns
    -------
    list of Segment
        Sorted by start.
    """
    segments: list[Segment] = []
    for label, start, end in ranked:
        free_start, free_end = _longest_free(start, end, segments)
        if free_end > free_start and free_end - free_start >= 0.5 * (end - start):
            segments.append((label, free_start, free_end))
    return sorted(segments, key=lambda segment: segment[1:])


def _longest_free(start: float, end: float, taken: list[Segment]) -> tuple[float, float]:
    """Return the longest part of [start, end] outside the taken segments; the earliest of equal ones."""
    gaps, at = [], start
    for _, begin, stop in sorted(taken, key=lambda segment: segment[1]):
        gaps.append((at, min(begin, end)))
        at = max(at, stop)
    gaps.append((at, end))
    return max(gaps, key=lambda gap: gap[1] - gap[0])


def segmental_scores(
    instances: pd.DataFrame, detections: pd.DataFrame, videos: pd.DataFrame, least_score: float
) -> dict[str, Any]:
    """Score detections as a segmentation.

    Parameters
    ----------
    instances : pd.DataFrame
        Columns video, start, end [s], label.
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    videos : pd.DataFrame
        Columns video, duration [s]: all evaluated videos.
    least_score : float
        Detections below this score are left out.

    Returns
    -------
    dict
        `F1@10`, `F1@25` and `F1@50` over all segments, and `accuracy`, the share of the time of all videos
        that has a correct label or correctly none, as in most papers since MS-TCN; `edit`, the mean over the
        videos; `video_means`, F1 and accuracy as means over the videos, as Lea et al. publish them; all in
        [0, 1]. And `segments`, the number of predicted segments. Where instances overlap, any of their labels
        is correct.
    """
    pairs = _segmentations(instances, detections, videos, least_score)
    durations = videos["duration"].to_numpy(dtype=np.float64)
    hits, counts = _counts(pairs)
    edits = [
        edit_score([label for label, *_ in expected], [label for label, *_ in predicted])
        for expected, predicted in pairs
    ]
    correct = [correct_time(*pair, duration) for pair, duration in zip(pairs, durations, strict=True)]
    by_video = f1(hits, counts)
    return {
        **_named(f1(hits.sum(axis=0), counts.sum(axis=0)), sum(correct) / durations.sum()),
        "edit": float(np.mean(edits)),
        "video_means": _named(by_video.mean(axis=0), float(np.mean(correct / durations))),
        "segments": int(counts[:, 1].sum()),
    }


def segment_counts(
    instances: pd.DataFrame, detections: pd.DataFrame, videos: pd.DataFrame, least_score: float
) -> tuple[np.ndarray, np.ndarray]:
    """Count the hits and the segments of every video, to pool or resample videos.

    Parameters
    ----------
    instances, detections, videos, least_score
        As in `segmental_scores`; the videos need no durations.

    Returns
    -------
    hits : np.ndarray
        Predicted segments that hit an instance at each of `LEVELS`: int64 (V, 3).
    counts : np.ndarray
        Numbers of instances and of predicted segments: int64 (V, 2).
    """
    return _counts(_segmentations(instances, detections, videos, least_score))


def f1(hits: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Compute segmental F1 = 2 hits / (instances + predicted segments); 1 without any segment.

    Parameters
    ----------
    hits, counts : np.ndarray
        As `segment_counts` returns them, or sums over videos: (..., 3) and (..., 2).

    Returns
    -------
    np.ndarray
        F1 at each of `LEVELS`, in [0, 1]: float64 (..., 3).
    """
    both = counts.sum(axis=-1)[..., None]
    return np.where(both > 0, 2 * hits / np.maximum(both, 1), 1.0)


def _segmentations(
    instances: pd.DataFrame, detections: pd.DataFrame, videos: pd.DataFrame, least_score: float
) -> list[tuple[list[Segment], list[Segment]]]:
    """List the instances, by start, and the non-overlapping detections of every video."""
    truth = _by_video(instances.sort_values(["start", "end"], kind="stable"))
    kept = detections[detections["score"] >= least_score]
    ranked = _by_video(kept.sort_values("score", ascending=False, kind="stable"))
    return [(truth.get(video, []), without_overlap(ranked.get(video, []))) for video in videos["video"]]


def _counts(pairs: list[tuple[list[Segment], list[Segment]]]) -> tuple[np.ndarray, np.ndarray]:
    """Count hits (V, 3) and segments (V, 2)."""
    hits = [[true_positives(*pair, level) for level in LEVELS] for pair in pairs]
    counts = [[len(expected), len(predicted)] for expected, predicted in pairs]
    return np.array(hits).reshape(-1, len(LEVELS)), np.array(counts).reshape(-1, 2)


def _named(scores: np.ndarray, accuracy: float) -> dict[str, float]:
    names = [f"F1@{100 * level:.0f}" for level in LEVELS]
    return {**dict(zip(names, scores.tolist(), strict=True)), "accuracy": float(accuracy)}


def _by_video(table: pd.DataFrame) -> dict[str, list[Segment]]:
    """List the segments of every video, in the order of the table."""
    segments: dict[str, list[Segment]] = {}
    columns = (table[name].tolist() for name in ("video", "label", "start", "end"))
    for video, label, start, end in zip(*columns, strict=True):
        segments.setdefault(video, []).append((label, start, end))
    return segments


def true_positives(expected: list[Segment], predicted: list[Segment], level: float) -> int:
    """Count the predicted segments that hit one of the expected segments.

    In order of time, each hits the expected segment of its label that it overlaps most, if their tIoU reaches
    the level and none has hit it before.
    """
    labels = np.array([label for label, *_ in expected], dtype=object)
    start, end = np.array([segment[1:] for segment in expected], dtype=np.float64).reshape(-1, 2).T
    hit: set[int] = set()
    for label, predicted_start, predicted_end in predicted:
        both = np.array([predicted_start, predicted_end])
        tiou = np.where(labels == label, temporal_iou(both[:1], both[1:], start, end), -1.0)
        if len(tiou) and tiou.max() >= level:
            hit.add(int(tiou.argmax()))
    return len(hit)


def edit_score(expected: list[str], predicted: list[str]) -> float:
    """Compute 1 - d / n with the Levenshtein distance d of two sequences and the length n of the longer.

    Two empty sequences have 1.

    Examples
    --------
    >>> edit_score(["run", "sit", "run"], ["run", "run"])
    0.6666666666666667
    """
    if not expected and not predicted:
        return 1.0
    distances = list(range(len(predicted) + 1))
    for row, label in enumerate(expected, start=1):
        before, distances[0] = distances[0], row
        for column, other in enumerate(predicted, start=1):
            diagonal, before = before, distances[column]
            distances[column] = min(before + 1, distances[column - 1] + 1, diagonal + (label != other))
    return 1.0 - distances[-1] / max(len(expected), len(predicted))


def correct_time(expected: list[Segment], predicted: list[Segment], duration: float) -> float:
    """Sum the time [s] in [0, duration] in which the prediction is correct.

    It is correct where its label is that of an expected segment, and where neither has a segment.
    """
    edges = {0.0, duration}
    for _, start, end in (*expected, *predicted):
        edges |= {min(max(start, 0.0), duration), min(max(end, 0.0), duration)}
    bounds = sorted(edges)
    correct = 0.0
    for begin, stop in pairwise(bounds):
        middle = (begin + stop) / 2
        expected_labels = {label for label, start, end in expected if start <= middle < end}
        predicted_labels = {label for label, start, end in predicted if start <= middle < end}
        if predicted_labels & expected_labels or not (predicted_labels or expected_labels):
            correct += stop - begin
    return correct
