"""Re-sampling by plain loops (paper section 3.4, Eq. 4)."""

import math
from fractions import Fraction


def scale_region(length: Fraction) -> int:
    """Region of a proposal by its length as a share of the video: [0, .3], (.3, .7], (.7, 1]."""
    if length <= Fraction(3, 10):
        return 0
    return 1 if length <= Fraction(7, 10) else 2


def damped_ratio(ratio: float, scale_ratio: float) -> float:
    """r' of Eq. 4, with lambda where the paper prints t."""
    return scale_ratio * math.exp(ratio / scale_ratio - 1) if ratio <= scale_ratio else scale_ratio


def region_probabilities(counts: list[int], scale_ratio: float) -> list[float]:
    """Probability of drawing each region; empty ones are never drawn."""
    total = sum(counts)
    damped = [damped_ratio(count / total, scale_ratio) if count else 0.0 for count in counts]
    return [value / sum(damped) for value in damped]


def expected_weights(iou: list[float], regions: list[int], scale_ratio: float) -> list[float]:
    """How often each proposal of a batch is expected to be drawn, positives and negatives apart."""
    weights = [0.0] * len(iou)
    positive = [row for row, label in enumerate(iou) if label > 0.7]
    negative = [row for row, label in enumerate(iou) if label < 0.3]
    draws = min(len(positive), len(negative))
    for group in (positive, negative) if draws else ():
        counts = [sum(regions[row] == region for row in group) for region in range(3)]
        probabilities = region_probabilities(counts, scale_ratio)
        for row in group:
            weights[row] = draws * probabilities[regions[row]] / counts[regions[row]]
    return weights
