"""Mean features over time intervals, from cumulative sums."""

import numpy as np

BLOCK = 2048
"""Rows of borders processed at a time; limits memory."""


class SegmentPooler:
    """Compute means of a snippet sequence over intervals, in time that does not depend on their length.

    The sequence is a step function: snippet k fills [k, k + 1) * snippet_seconds. Before the start and after
    the end, the first and the last snippet are repeated.

    Parameters
    ----------
    sequence : np.ndarray
        Features of one recording, float (t, C), t at least 1.
    snippet_seconds : float
        Time from one snippet to the next [s].

    Raises
    ------
    ValueError
        If the sequence has another shape.
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
        """Number of channels, C."""
        return self._values.shape[1]

    def means(self, borders: np.ndarray) -> np.ndarray:
        """Compute the means between neighbouring borders.

        Parameters
        ----------
        borders : np.ndarray
            Times [s], strictly increasing in each row, float (n, m + 1).

        Returns
        -------
        np.ndarray
            Means, float32 (n, m, C).
        """
        means = np.empty((len(borders), borders.shape[1] - 1, self.channels), dtype=np.float32)
        for start in range(0, len(borders), BLOCK):
            block = borders[start : start + BLOCK] / self.snippet_seconds
            widths = np.diff(block, axis=1)[:, :, None]
            means[start : start + BLOCK] = np.diff(self._integral(block), axis=1) / widths
        return means

    def _integral(self, positions: np.ndarray) -> np.ndarray:
        """Integrate from 0 to each position (n, m), in snippets: (n, m, C)."""
        index = np.clip(np.floor(positions), 0, len(self._values) - 1).astype(np.int64)
        return self._sums[index] + (positions - index)[:, :, None] * self._values[index]
