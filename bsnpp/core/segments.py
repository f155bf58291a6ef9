"""Segments in time: their units and their overlap.

A segment is a pair of start and end. Arrays of segments have the shape (n, 2); their type states their unit.
Convert with `in_seconds` and `in_shares`; the type checker refuses one unit where the other is expected.
"""

from typing import TYPE_CHECKING, NewType

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Shares = NewType("Shares", np.ndarray)
"""Segments (n, 2) in units of the time axis of a generator: the length of the video is 1, or the length of a
window where recordings are cut into windows (a merged segment of a recording may then exceed 1)."""

Seconds = NewType("Seconds", np.ndarray)
"""Segments (n, 2) in seconds from the start of the video or recording."""


def seconds_of(table: "pd.DataFrame") -> Seconds:
    """Return the columns `start` and `end` of a table of instances, proposals or detections."""
    return Seconds(table[["start", "end"]].to_numpy(dtype=np.float64))


def in_seconds(segments: Shares, length: float) -> Seconds:
    """Convert shares of a video or window of `length` seconds to seconds."""
    return Seconds(segments * length)


def in_shares(segments: Seconds, length: float) -> Shares:
    """Convert seconds to shares of a video or window of `length` seconds."""
    return Shares(segments / length)


def temporal_iou(
    start: np.ndarray, end: np.ndarray, other_start: np.ndarray, other_end: np.ndarray
) -> np.ndarray:
    """Return the temporal intersection over union (tIoU) of segments, element by element.

    Parameters
    ----------
    start, end, other_start, other_end : np.ndarray
        Segments of any shapes that broadcast, all in the same unit.

    Returns
    -------
    np.ndarray
        tIoU in [0, 1]. Two segments of zero length have tIoU 0, where the official scripts divide 0 by 0.
    """
    intersection = np.maximum(np.minimum(end, other_end) - np.maximum(start, other_start), 0.0)
    union = (end - start) + (other_end - other_start) - intersection
    return np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0.0)
