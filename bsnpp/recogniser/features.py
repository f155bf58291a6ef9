"""Features of segments and of their edges."""

import numpy as np

from bsnpp.core.segments import Seconds
from bsnpp.snippets.segment_pooler import SegmentPooler

SEGMENT_PARTS = 4
"""Number of equal parts of a segment that are pooled separately."""
SHORTEST = 1e-3
"""Shorter segments are pooled as if they had this length [s]."""


def segment_features(pooler: SegmentPooler, segments: Seconds, context: float) -> np.ndarray:
    """Compute the features of segments: means of four parts and of the context, and the log length.

    Parameters
    ----------
    pooler : SegmentPooler
        Pooler of the recording.
    segments : Seconds
        Starts and ends [s], float (n, 2).
    context : float
        Length of the context before and after a segment [s], above 0.

    Returns
    -------
    np.ndarray
        Before, the parts in order, after, and the logarithm of the length: float32 (n, 6 C + 1).
    """
    start, length = segments[:, 0], np.maximum(segments[:, 1] - segments[:, 0], SHORTEST)
    inside = start[:, None] + length[:, None] * np.arange(SEGMENT_PARTS + 1) / SEGMENT_PARTS  # (n, 5)
    borders = np.column_stack([start - context, inside, inside[:, -1] + context])
    pooled = pooler.means(borders).reshape(len(segments), -1)
    return np.column_stack([pooled, np.log(length).astype(np.float32)])


def segment_width(channels: int) -> int:
    """Return the number of `segment_features` of sequences with so many channels."""
    return (SEGMENT_PARTS + 2) * channels + 1


def edge_features(pooler: SegmentPooler, segments: Seconds, context: float, reach: int) -> np.ndarray:
    """Compute the features for edge regression: those of the segment, and the snippets around both edges.

    The features of the segment show which activity begins or ends; without them the errors of the offsets
    are a quarter larger.

    Parameters
    ----------
    pooler : SegmentPooler
        Pooler of the recording.
    segments : Seconds
        Starts and ends [s], float (n, 2).
    context : float
        Length of the context before and after a segment [s], above 0.
    reach : int
        Number of snippets on each side of an edge.

    Returns
    -------
    np.ndarray
        `segment_features`, snippets around the start, snippets around the end:
        float32 (n, (6 + 4 reach) C + 1).
    """
    steps = np.arange(-reach, reach + 1) * pooler.snippet_seconds
    around = [pooler.means(segments[:, edge, None] + steps).reshape(len(segments), -1) for edge in (0, 1)]
    return np.column_stack([segment_features(pooler, segments, context), *around])


def edge_width(channels: int, reach: int) -> int:
    """Return the number of `edge_features` of sequences with so many channels."""
    return segment_width(channels) + 4 * reach * channels
