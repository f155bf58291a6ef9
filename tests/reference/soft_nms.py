"""Soft-NMS as plain loops over lists: the slow reference of bsnpp.detection.suppression.soft_nms."""

import math

import numpy as np

from bsnpp.detection.suppression.settings import NMSSettings

Segment = tuple[float, float]


def overlap(selected: Segment, other: Segment) -> float:
    """Compute the tIoU of two segments."""
    intersection = max(min(other[1], selected[1]) - max(other[0], selected[0]), 0.0)
    union = (other[1] - other[0]) + (selected[1] - selected[0]) - intersection
    return intersection / union


def decayed(score: float, selected: Segment, other: Segment, settings: NMSSettings) -> float | None:
    """Compute the score of a candidate after one selection; None if it is dropped."""
    iou = overlap(selected, other)
    threshold = settings.low + (settings.high - settings.low) * (selected[1] - selected[0])
    if settings.method == "none" or iou <= threshold:
        return score
    if settings.method == "hard":
        return None
    if settings.method == "linear":
        return score * (1.0 - iou)
    return score * math.exp(-(iou**2) / settings.sigma)


def soft_nms(
    segments: np.ndarray, scores: np.ndarray, settings: NMSSettings, keep: int
) -> tuple[list[int], list[float]]:
    """Select the best candidate, rescore all others, and so on."""
    left = _sorted_candidates(segments, scores)
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
        left = _rescored(left, selected, settings)
    return rows, values


def check_selection(
    segments: np.ndarray,
    scores: np.ndarray,
    settings: NMSSettings,
    keep: int,
    selection: tuple[list[int], list[float]],
    rounding: float,
) -> None:
    """Assert that a soft method selects the best candidate left each time, up to a relative rounding error.

    For methods whose factors are rounded differently here: of scores that are equal up to rounding, either
    may be selected first. Of identical candidates the first must be.
    """
    left = _sorted_candidates(segments, scores)
    assert len(selection[0]) == min(keep, len(left))
    for selected_row, value in zip(*selection, strict=True):
        best = max(score for score, _, _ in left)
        position = [row for _, _, row in left].index(selected_row)
        score, selected, _ = left.pop(position)
        assert (score, selected) not in [candidate[:2] for candidate in left[:position]]
        assert score >= best * (1 - rounding)
        assert math.isclose(value, score, rel_tol=rounding)
        left = _rescored(left, selected, settings)


def _sorted_candidates(segments: np.ndarray, scores: np.ndarray) -> list[tuple[float, Segment, int]]:
    """List (current score, segment, row), sorted such that ties go to the higher initial score, then row."""
    order = sorted(range(len(scores)), key=lambda row: -scores[row])
    return [(float(scores[row]), (float(segments[row][0]), float(segments[row][1])), row) for row in order]


def _rescored(
    left: list[tuple[float, Segment, int]], selected: Segment, settings: NMSSettings
) -> list[tuple[float, Segment, int]]:
    remaining = []
    for score, segment, row in left:
        changed = decayed(score, selected, segment, settings)
        if changed is not None:
            remaining.append((changed, segment, row))
    return remaining
