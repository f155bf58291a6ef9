"""Features of segments, pooled from a snippet sequence by cumulative sums, whatever their number."""

import numpy as np

PARTS = 4
"""Equal parts of a segment that are pooled one by one."""
BLOCK = 2048
"""Segments pooled at a time: bounds the memory."""
SHORTEST = 1e-3
"""Seconds; a shorter segment is pooled as if it were this long."""


class SegmentPooler:
    """Means of a snippet sequence over any intervals, in time that does not depend on their length.

    The sequence is a step function, snippet k filling [k, k + 1) * snippet_seconds; before its start and
    behind its end it goes on with its first and its last snippet.

    Parameters
    ----------
    sequence : np.ndarray
        float (t, C), t at least 1.
    snippet_seconds : float
        Seconds from one snippet to the next.
    """

    def __init__(self, sequence: np.ndarray, snippet_seconds: float) -> None:
        if sequence.ndim != 2 or not len(sequence):
            raise ValueError(f"a sequence must be (t, C) with t at least 1, not {sequence.shape}")
        self.snippet_seconds = snippet_seconds
        self._values = np.asarray(sequence, dtype=np.float64)
        self._sums = np.zeros((len(sequence) + 1, sequence.shape[1]))
        np.cumsum(self._values, axis=0, out=self._sums[1:])

    @property
    def channels(self) -> int:
        """C."""
        return self._values.shape[1]

    def means(self, borders: np.ndarray) -> np.ndarray:
        """Means between neighbouring borders.

        Parameters
        ----------
        borders : np.ndarray
            Seconds, strictly rising in each row: float (n, m + 1).

        Returns
        -------
        np.ndarray
            float32 (n, m, C).
        """
        means = np.empty((len(borders), borders.shape[1] - 1, self.channels), dtype=np.float32)
        for start in range(0, len(borders), BLOCK):
            block = borders[start : start + BLOCK] / self.snippet_seconds
            widths = np.diff(block, axis=1)[:, :, None]
            means[start : start + BLOCK] = np.diff(self._integral(block), axis=1) / widths
        return means

    def _integral(self, positions: np.ndarray) -> np.ndarray:
        """Integral from 0 to `positions` (n, m), in snippets: (n, m, C)."""
        index = np.clip(np.floor(positions), 0, len(self._values) - 1).astype(np.int64)
        return self._sums[index] + (positions - index)[:, :, None] * self._values[index]


def segment_features(pooler: SegmentPooler, segments: np.ndarray, context: float) -> np.ndarray:
    """What a classifier of segments sees: four parts inside, what is before and after, and the length.

    Parameters
    ----------
    pooler : SegmentPooler
        Of the recording.
    segments : np.ndarray
        Start and end in seconds: float (n, 2).
    context : float
        Seconds pooled before and after, above 0.

    Returns
    -------
    np.ndarray
        float32 (n, 6 C + 1): before, the parts in their order, after; then the logarithm of the length.
    """
    start, length = segments[:, 0], np.maximum(segments[:, 1] - segments[:, 0], SHORTEST)
    inside = start[:, None] + length[:, None] * np.arange(PARTS + 1) / PARTS  # (n, 5)
    borders = np.column_stack([start - context, inside, inside[:, -1] + context])
    pooled = pooler.means(borders).reshape(len(segments), -1)
    return np.column_stack([pooled, np.log(length).astype(np.float32)])


def edge_features(pooler: SegmentPooler, segments: np.ndarray, context: float, reach: int) -> np.ndarray:
    """What a regressor of edges sees: the segment, and one mean a snippet around its start and its end.

    The segment itself tells which activity begins or ends: without it offsets are a quarter worse.

    Parameters
    ----------
    pooler : SegmentPooler
        Of the recording.
    segments : np.ndarray
        Start and end in seconds: float (n, 2).
    context : float
        Seconds pooled before and after, above 0.
    reach : int
        Snippets on each side of an edge.

    Returns
    -------
    np.ndarray
        float32 (n, (6 + 4 reach) C + 1): `segment_features`; around the start; around the end.
    """
    steps = np.arange(-reach, reach + 1) * pooler.snippet_seconds
    around = [pooler.means(segments[:, edge, None] + steps).reshape(len(segments), -1) for edge in (0, 1)]
    return np.column_stack([segment_features(pooler, segments, context), *around])
