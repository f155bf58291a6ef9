"""Winograd's minimal filtering with three taps (Lavin and Gray 2016), along one axis or two.

F(m, 3) makes m results of a window of m + 2 cells by m + 2 multiplications in place of 3 m: cells and taps
are turned into factors, factors are multiplied one by one, and products are turned into results.
"""

from typing import NamedTuple

import numpy as np


class MinimalFiltering(NamedTuple):
    """Sliding sums of products: `results @ ((cells @ window) * (taps @ weights))`.

    Attributes
    ----------
    cells : ndarray (factors, cells of the window)
    taps : ndarray (factors, taps)
    results : ndarray (results, factors)
    """

    cells: np.ndarray
    taps: np.ndarray
    results: np.ndarray

    def across(self, other: "MinimalFiltering") -> "MinimalFiltering":
        """The filtering of two axes laid out flat, the other's running fastest."""
        return MinimalFiltering(*(np.kron(ours, theirs) for ours, theirs in zip(self, other, strict=True)))


F2 = MinimalFiltering(
    cells=np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]),
    taps=np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]) / 2,
    results=np.array([[1, 1, 1, 0], [0, 1, -1, -1]]),
)
"""F(2, 3): points 0, 1, -1 and infinity."""

F4 = MinimalFiltering(
    cells=np.array(
        [
            [4, 0, -5, 0, 1, 0],
            [0, -4, -4, 1, 1, 0],
            [0, 4, -4, -1, 1, 0],
            [0, -2, -1, 2, 1, 0],
            [0, 2, -1, -2, 1, 0],
            [0, 4, 0, -5, 0, 1],
        ]
    ),
    taps=np.array([[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]) / 24,
    results=np.array([[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]]),
)
"""F(4, 3): points 0, 1, -1, 2, -2 and infinity."""
