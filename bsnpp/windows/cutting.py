"""Sliding windows: recordings of any length become videos of one length (conventions 3; section 4.1).

A window is a video of its own to training, inference and map fusion; `bsnpp.detection.merge` takes its
proposals back to the recording.
"""

import numpy as np

from bsnpp.features.interpolation import values_at
from bsnpp.windows.settings import WindowSettings

TOLERANCE = 1e-6
"""Seconds by which two times may differ and still be the same: sums of steps and cells are rounded."""


def windows(extent: float, settings: WindowSettings) -> np.ndarray:
    """Starts of a recording's windows in seconds, rising: float64 (W,), W at least 1.

    A step apart, but the last window ends where the recording does. A recording that is no longer than a
    window has one window, from 0.
    """
    room = extent - settings.length
    if room <= TOLERANCE:
        return np.zeros(1)
    count = int(np.ceil((room - TOLERANCE) / settings.step)) + 1
    return np.minimum(np.arange(count) * settings.step, room)


def cut_segments(
    segments: np.ndarray, starts: np.ndarray, settings: WindowSettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cut a recording's segments along its windows.

    Parameters
    ----------
    segments : ndarray (M, 2)
        Seconds in the recording, inside it.
    starts : ndarray (W,)
        Starts of the windows.
    settings : WindowSettings
        Keys `cells`, `cell_seconds` and `keep_share`.

    Returns
    -------
    window, segment : ndarray (n,) int64
        What was kept: where at least `keep_share` of the segment lies inside the window. By window, then by
        segment.
    inside : ndarray (n, 2) float64
        Seconds inside the window, clipped to it.
    visible : ndarray (n, 2) bool
        Whether the start and the end lie inside.
    """
    inside = segments[None] - starts[:, None, None]  # (W, M, 2)
    clipped = np.clip(inside, 0.0, settings.length)
    overlap = np.minimum(inside[..., 1], settings.length) - np.maximum(inside[..., 0], 0.0)  # (W, M)
    wanted = settings.keep_share * (segments[:, 1] - segments[:, 0])
    # One of no length is kept where it lies inside: its overlap is 0, outside it is negative.
    window, segment = np.nonzero(overlap >= wanted - TOLERANCE)
    visible = np.abs(inside - clipped) <= TOLERANCE
    return window, segment, clipped[window, segment], visible[window, segment]


def window_features(
    sequence: np.ndarray, starts: np.ndarray, extent: float, settings: WindowSettings
) -> np.ndarray:
    """Features of a recording's windows.

    A cell is the mean of the snippets whose centres it holds (its start included); where it holds none, the
    value at its centre, linear between the snippets' centres and constant beyond them. Cells that begin at or
    past the recording's end are padding, and 0.

    Parameters
    ----------
    sequence : float32 (t, C)
        Snippets of the recording, t at least 1; snippet k is centred at (k + 0.5) * snippet_seconds.
    starts : ndarray (W,)
        Starts of the windows in seconds.
    extent : float
        The recording's seconds.
    settings : WindowSettings
        Keys `cells`, `cell_seconds` and `snippet_seconds`.

    Returns
    -------
    float32 (W, C, T)
    """
    edges = starts[:, None] + np.arange(settings.cells + 1) * settings.cell_seconds  # (W, T + 1)
    # Sums up to each edge, counted by the centres before it; the tolerance lets both sides agree on a tie.
    before = np.ceil((edges - TOLERANCE) / settings.snippet_seconds - 0.5)
    before = np.clip(before, 0, len(sequence)).astype(np.int64)
    total = np.zeros((len(sequence) + 1, sequence.shape[1]))
    np.cumsum(sequence, axis=0, dtype=np.float64, out=total[1:])
    count = np.diff(before, axis=1)  # (W, T)
    values = (np.diff(total[before], axis=1) / np.maximum(count, 1)[..., None]).astype(np.float32)
    centres = (edges[:, :-1] + edges[:, 1:]) / 2
    empty = count == 0
    values[empty] = values_at(sequence, centres[empty] / settings.snippet_seconds - 0.5)
    values[edges[:, :-1] >= extent - TOLERANCE] = 0.0
    return np.ascontiguousarray(values.transpose(0, 2, 1))
