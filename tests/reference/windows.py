"""Sliding windows by plain loops: one window, one segment and one snippet at a time."""

import numpy as np

from bsnpp.windows.settings import WindowSettings

NEAR = 1e-6
Segment = tuple[float, float]
Scored = tuple[float, float, float]


def windows(extent: float, settings: WindowSettings) -> list[float]:
    """Place windows step by step until one reaches the end, and move that one back to the end."""
    starts = [0.0]
    while starts[-1] + settings.length < extent - NEAR:
        starts.append(starts[-1] + settings.step)
    starts[-1] = max(min(starts[-1], extent - settings.length), 0.0)
    return starts


def cut(
    segments: list[Segment], starts: list[float], settings: WindowSettings
) -> list[tuple[int, int, Segment, tuple[bool, bool]]]:
    """Return window, segment, clipped part [s in the window] and visible edges of each segment kept."""
    kept = []
    for window, first in enumerate(starts):
        last = first + settings.length
        for number, (start, end) in enumerate(segments):
            inside = min(end, last) - max(start, first)
            if inside >= settings.keep_share * (end - start) - NEAR:
                part = max(start, first) - first, min(end, last) - first
                kept.append((window, number, part, (start >= first - NEAR, end <= last + NEAR)))
    return kept


def cell_feature(
    sequence: np.ndarray, start: float, end: float, extent: float, snippet_seconds: float
) -> np.ndarray:
    """Compute the features of one cell of a recording: float64 (C,)."""
    if start >= extent - NEAR:
        return np.zeros(sequence.shape[1])
    centres = [(k + 0.5) * snippet_seconds for k in range(len(sequence))]
    inside = [k for k, centre in enumerate(centres) if start - NEAR <= centre < end - NEAR]
    values = sequence.astype(np.float64)
    if inside:
        return sum(values[k] for k in inside) / len(inside)
    middle = (start + end) / 2
    if middle <= centres[0]:
        return values[0]
    for k in range(len(centres) - 1):
        if centres[k] <= middle <= centres[k + 1]:
            share = (middle - centres[k]) / snippet_seconds
            return (1 - share) * values[k] + share * values[k + 1]
    return values[-1]


def window_features(
    sequence: np.ndarray, starts: list[float], extent: float, settings: WindowSettings
) -> np.ndarray:
    """Compute the features of all windows: float64 (W, C, T)."""
    result = np.zeros((len(starts), sequence.shape[1], settings.cells))
    for window, first in enumerate(starts):
        for cell in range(settings.cells):
            start = first + cell * settings.cell_seconds
            end = start + settings.cell_seconds
            result[window, :, cell] = cell_feature(sequence, start, end, extent, settings.snippet_seconds)
    return result


def merge(
    parts: list[list[Scored]], starts: list[float], extent: float, settings: WindowSettings
) -> list[Scored]:
    """Merge proposals, given in shares of their window: start [s], end [s] and score, in order of time.

    The score of a merged proposal is the mean over the windows that could have proposed it; the score of a
    window that did not propose it is 0.
    """
    proposed: dict[tuple[int, int], Segment] = {}
    scores: list[dict[tuple[int, int], float]] = []
    for part, first in zip(parts, starts, strict=True):
        scores.append({})
        for left, right, score in part:
            start, end = first + left * settings.length, first + right * settings.length
            if end - settings.cell_seconds >= extent - NEAR:
                continue
            end = min(end, extent)
            scores[-1][round(start / NEAR), round(end / NEAR)] = score
            if not touches(start, end, first, extent, settings):
                proposed[round(start / NEAR), round(end / NEAR)] = start, end
    merged = []
    for key, (start, end) in sorted(proposed.items()):
        votes = [
            of_window.get(key, 0.0)
            for of_window, first in zip(scores, starts, strict=True)
            if first - NEAR <= start
            and end <= first + settings.length + NEAR
            and not touches(start, end, first, extent, settings)
            and abs((start - first) / settings.cell_seconds - round((start - first) / settings.cell_seconds))
            < NEAR
        ]
        merged.append((start, end, sum(votes) / len(votes)))
    return merged


def touches(start: float, end: float, first: float, extent: float, settings: WindowSettings) -> bool:
    """Check whether a proposal touches an edge of the window from `first` inside the recording."""
    last = first + settings.length
    return (start <= first + NEAR and first > NEAR) or (end >= last - NEAR and last < extent - NEAR)
