"""Decoding as plain loops over map cells: the slow reference of bsnpp.detection.decode."""

import math

import numpy as np

from bsnpp.detection.decoding_settings import DecodingSettings


def is_candidate(probability: np.ndarray, cell: int, always: int) -> bool:
    """Return whether one cell is a candidate boundary of its sequence."""
    values = [float(value) for value in probability]
    before = values[cell - 1] if cell > 0 else -math.inf
    after = values[cell + 1] if cell + 1 < len(values) else -math.inf
    peak = values[cell] > before and values[cell] > after
    return cell == always or peak or values[cell] > 0.5 * max(values)


def score(boundary: float, classification: float, regression: float, name: str) -> float:
    """Score one proposal."""
    return {
        "paper": boundary * math.sqrt(classification * regression),
        "recall": boundary * (classification * regression),
        "detection": classification * regression,
    }[name]


def decode(
    boundary: np.ndarray, maps: np.ndarray, scale: int, durations: int, settings: DecodingSettings
) -> list[tuple[float, float, float]]:
    """Return (start, end, score) of the best candidates. `maps` are dense: (3, D, T)."""
    proposals = []
    for duration in range(durations):
        for start in range(scale - duration):
            end = start + duration
            if settings.candidates == "peaks" and not (
                is_candidate(boundary[0], start, 0) and is_candidate(boundary[1], end, scale - 1)
            ):
                continue
            first, second, third = (float(value) for value in maps[:, duration, start])
            proposals.append((start / scale, (end + 1) / scale, score(first, second, third, settings.score)))
    proposals.sort(key=lambda proposal: -proposal[2])  # stable: ties stay in the order of the cells
    return proposals[: settings.top_candidates]
