"""Sampling of proposals by plain loops (paper section 3.4, Eq. 4)."""

import math
from fractions import Fraction


def length_bin(length: Fraction) -> int:
    """Return the bin of a length, a share of the video: [0, .3], (.3, .7] or (.7, 1]."""
    if length <= Fraction(3, 10):
        return 0
    return 1 if length <= Fraction(7, 10) else 2


def damped_ratio(ratio: float, scale_ratio: float) -> float:
    """Return r' of Eq. 4, with lambda where the paper prints t."""
    return scale_ratio * math.exp(ratio / scale_ratio - 1) if ratio <= scale_ratio else scale_ratio


def bin_probabilities(counts: list[int], scale_ratio: float) -> list[float]:
    """Return the probability of drawing each length bin; empty ones are never drawn."""
    total = sum(counts)
    damped = [damped_ratio(count / total, scale_ratio) if count else 0.0 for count in counts]
    return [value / sum(damped) for value in damped]


def expected_weights(iou: list[float], bins: list[int], scale_ratio: float) -> list[float]:
    """Return how often each proposal of a batch is expected to be drawn, by positives and negatives."""
    weights = [0.0] * len(iou)
    positive = [row for row, label in enumerate(iou) if label > 0.7]
    negative = [row for row, label in enumerate(iou) if label < 0.3]
    draws = min(len(positive), len(negative))
    for group in (positive, negative) if draws else ():
        counts = [sum(bins[row] == number for row in group) for number in range(3)]
        probabilities = bin_probabilities(counts, scale_ratio)
        for row in group:
            weights[row] = draws * probabilities[bins[row]] / counts[bins[row]]
    return weights
