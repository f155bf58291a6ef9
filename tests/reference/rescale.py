"""Rescaling by plain loops: one channel, one cell and one sample at a time."""

import numpy as np


def value_at(values: list[float], centres: list[float], position: float) -> float:
    """Interpolate linearly between the snippet centres; constant beyond them."""
    if position <= centres[0]:
        return values[0]
    for k in range(len(values) - 1):
        if centres[k] <= position <= centres[k + 1]:
            share = (position - centres[k]) / (centres[k + 1] - centres[k])
            return (1 - share) * values[k] + share * values[k + 1]
    return values[-1]


def cell_value(values: list[float], centres: list[float], start: float, end: float, method: str) -> float:
    """Compute one channel of one cell, which covers the shares from `start` to `end`."""
    if method == "linear":
        return value_at(values, centres, (start + end) / 2)
    if method == "roi_align":
        quarters = [start + (end - start) * share for share in (0.25, 0.75)]
        return sum(value_at(values, centres, position) for position in quarters) / 2
    if len(values) == 1:
        return values[0]
    if end < centres[0] or start > centres[-1]:
        return 0.0
    first, last = max(start, centres[0]), min(end, centres[-1])
    return sum(value_at(values, centres, position) for position in (first, (first + last) / 2, last)) / 3


def rescale(sequence: np.ndarray, scale: int, method: str) -> np.ndarray:
    """Rescale a sequence: (t, C) to float64 (C, T)."""
    length, channels = sequence.shape
    centres = [(k + 0.5) / length for k in range(length)]
    result = np.zeros((channels, scale))
    for channel in range(channels):
        values = [float(value) for value in sequence[:, channel]]
        for cell in range(scale):
            result[channel, cell] = cell_value(values, centres, cell / scale, (cell + 1) / scale, method)
    return result
