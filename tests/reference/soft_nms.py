"""Soft-NMS as plain loops over lists: the slow twin of bsnpp.detection.suppression.soft_nms."""

import numpy as np

from bsnpp.detection.settings import NMSSettings
from bsnpp.detection.suppression.decay import CUBIC, STEPS, decay_table


def overlap(selected: tuple[float, float], other: tuple[float, float]) -> float:
    """Intersection over union of two segments."""
    intersection = max(min(other[1], selected[1]) - max(other[0], selected[0]), 0.0)
    union = (other[1] - other[0]) + (selected[1] - selected[0]) - intersection
    return intersection / union


def gaussian(iou: float, sigma: float) -> float:
    """exp(-iou^2 / sigma)."""
    exponent = iou * iou * (STEPS / sigma)
    node = round(exponent)
    rest = node - exponent
    factor = ((rest * CUBIC[0] + CUBIC[1]) * rest + CUBIC[2]) * rest + 1.0
    return factor * float(decay_table(sigma)[node])


def decayed(score: float, iou: float, threshold: float, settings: NMSSettings) -> float | None:
    """The score of a candidate after one selection; None if it is dropped."""
    if settings.method == "none" or iou <= threshold:
        return score
    if settings.method == "hard":
        return None
    if settings.method == "linear":
        return score * (1.0 - iou)
    return score * gaussian(iou, settings.sigma)


def soft_nms(
    segments: np.ndarray, scores: np.ndarray, settings: NMSSettings, keep: int
) -> tuple[list[int], list[float]]:
    """Select the best candidate, rescore all others, and so on."""
    # (score now, segment, row), sorted once so that ties fall to the better at entry, then to the earlier.
    order = sorted(range(len(scores)), key=lambda row: -scores[row])
    left = [(float(scores[row]), (float(segments[row][0]), float(segments[row][1])), row) for row in order]
    rows: list[int] = []
    values: list[float] = []
    while left and len(rows) < keep:
        best = 0
        for position in range(1, len(left)):
            if left[position][0] > left[best][0]:
                best = position
        score, selected, row = left.pop(best)
        rows.append(row)
        values.append(score)
        threshold = settings.low + (settings.high - settings.low) * (selected[1] - selected[0])
        remaining = []
        for other_score, other, other_row in left:
            changed = decayed(other_score, overlap(selected, other), threshold, settings)
            if changed is not None:
                remaining.append((changed, other, other_row))
        left = remaining
    return rows, values
