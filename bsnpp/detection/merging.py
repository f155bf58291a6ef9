"""Merge detections that several parts of an ensemble agree on: weighted boxes fusion in one dimension.

Solovyev, Wang and Gabruseva, Weighted boxes fusion, Image and Vision Computing 107, 2021.
"""

from collections.abc import Sequence

import numpy as np

from bsnpp.core.segments import Shares, temporal_iou
from bsnpp.detection.merging_settings import MergedScore, MergingSettings
from bsnpp.detection.scored_segments import Detections


def join_parts(parts: Sequence[Detections], settings: MergingSettings | None) -> Detections:
    """Merge the detections of one video from several parts; concatenate them without settings.

    The detections of a single part stay as they are.
    """
    if settings is None or len(parts) == 1:
        return Detections.concatenate(parts)
    return merge_parts(parts, settings)


def merge_parts(parts: Sequence[Detections], settings: MergingSettings) -> Detections:
    """Merge the detections of one video from several parts, each label by itself.

    By falling score, a detection joins the merged one that it overlaps most, if their tIoU is above `tiou`,
    or else starts one. The edges of a merged detection are the means over its members, weighted by score.

    Parameters
    ----------
    parts : sequence of Detections
        Detections of each generator and external submission, with comparable scores of at least 0.
    settings : MergingSettings

    Returns
    -------
    Detections
        At most as many, best first; equal scores in the order of the labels.

    Raises
    ------
    ValueError
        If there is no part.
    """
    joined = Detections.concatenate(parts)
    part = np.repeat(np.arange(len(parts)), [len(one) for one in parts])
    merged = []
    for label in np.unique(joined.labels):
        rows = np.flatnonzero(joined.labels == label)
        rows = rows[np.argsort(-joined.scores[rows], kind="stable")]
        segments, scores = _merge(
            joined.segments[rows], joined.scores[rows], part[rows], len(parts), settings
        )
        merged.append(Detections(Shares(segments), scores, np.full(len(scores), label)))
    if not merged:
        return joined
    every = Detections.concatenate(merged)
    return every.take(np.argsort(-every.scores, kind="stable"))


def _merge(
    segments: np.ndarray, scores: np.ndarray, part: np.ndarray, parts: int, settings: MergingSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Merge the detections of one label, sorted by falling score: (n, 2), (n,), (n,) to (m, 2), (m,)."""
    means = np.empty_like(segments)
    sums, weight = np.zeros_like(segments), np.zeros(len(scores))
    count, agrees = np.zeros(len(scores), dtype=np.int64), np.zeros((len(scores), parts), dtype=bool)
    best = np.zeros(len(scores))
    size = 0
    for segment, score, origin in zip(segments, scores, part, strict=True):
        overlap = temporal_iou(*segment, *means[:size].T)
        place = int(overlap.argmax()) if size else 0
        if not size or overlap[place] <= settings.tiou:
            place, means[size], best[size] = size, segment, score
            size += 1
        sums[place] += score * segment
        weight[place] += score
        count[place] += 1
        agrees[place, origin] = True
        if weight[place] > 0 and count[place] > 1:  # a score of 0 moves no edge
            means[place] = sums[place] / weight[place]
    mean = weight[:size] / count[:size]
    return means[:size], _scores(settings.score, mean, best[:size], count[:size], agrees[:size])


def _scores(
    how: MergedScore, mean: np.ndarray, best: np.ndarray, count: np.ndarray, agrees: np.ndarray
) -> np.ndarray:
    """Score merged detections: mean, best and count (m,), and the parts that agree (m, parts)."""
    if how == "max":
        return best
    parts = agrees.shape[1]
    agreeing = agrees.sum(axis=1) if how == "parts" else np.minimum(count, parts)
    return mean * agreeing / parts
