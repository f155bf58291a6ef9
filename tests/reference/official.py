"""Evaluate detections like the official ActivityNet script, with its quirks (docs/evaluation.md).

Written from the description of the algorithm. Instances are (video, start, end, label), detections (video,
label, score, start, end), both in the order of their files. Classes are visited in sorted order; the script
visits them in the order of its file, which changes the last bit of a mean at most.
"""

import numpy as np

from tests.reference.evaluation import Detection, Instance


def overlaps(start: float, end: float, segments: np.ndarray) -> np.ndarray:
    """Compute the tIoU with every segment (n, 2); 0 / 0 gives NaN."""
    intersection = np.minimum(end, segments[:, 1]) - np.maximum(start, segments[:, 0])
    intersection = intersection.clip(0)
    union = (segments[:, 1] - segments[:, 0]) + (end - start) - intersection
    with np.errstate(invalid="ignore"):
        return intersection / union


def class_hits(
    instances: list[Instance], detections: list[Detection], thresholds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Match the detections of one class.

    Returns the order in which the detections are visited, and whether each is a true positive at every
    threshold: (n,) and (n_thresholds, n).
    """
    order = np.array([detection[2] for detection in detections]).argsort()[::-1]  # not stable
    by_video: dict[str, list[int]] = {}
    for index, instance in enumerate(instances):
        by_video.setdefault(instance[0], []).append(index)
    locked = np.zeros((len(thresholds), len(instances)), dtype=bool)
    hits = np.zeros((len(thresholds), len(detections)), dtype=bool)
    for rank, index in enumerate(order):
        video, _, _, start, end = detections[index]
        if video not in by_video:
            continue  # a false positive
        candidates = np.array(by_video[video])
        tiou = overlaps(start, end, np.array([instances[index][1:3] for index in candidates]))
        for level, threshold in enumerate(thresholds):
            for candidate in tiou.argsort()[::-1]:  # NaN sorts last, so it comes first here
                if tiou[candidate] < threshold:
                    break
                if not locked[level, candidates[candidate]]:
                    locked[level, candidates[candidate]] = hits[level, rank] = True
                    break
    return order, hits


def class_ap(hits: np.ndarray, instances: int) -> float:
    """Integrate the interpolated precision of one class at one threshold."""
    if not len(hits):
        return 0.0
    positives, negatives = np.cumsum(hits).astype(float), np.cumsum(~hits).astype(float)
    precision = np.hstack([[0], positives / (positives + negatives), [0]])
    recall = np.hstack([[0], positives / float(instances), [1]])
    for index in range(len(precision) - 1)[::-1]:
        precision[index] = max(precision[index], precision[index + 1])
    steps = np.where(recall[1:] != recall[:-1])[0] + 1
    return float(np.sum((recall[steps] - recall[steps - 1]) * precision[steps]))


def official_ap(
    instances: list[Instance], detections: list[Detection], thresholds: np.ndarray
) -> dict[str, list[float]]:
    """Compute the average precision of every class at every threshold."""
    result = {}
    for label in sorted({instance[3] for instance in instances}):
        of_class = [instance for instance in instances if instance[3] == label]
        ranked = [detection for detection in detections if detection[1] == label]
        _, hits = class_hits(of_class, ranked, thresholds)
        result[label] = [class_ap(row, len(of_class)) for row in hits]
    return result
