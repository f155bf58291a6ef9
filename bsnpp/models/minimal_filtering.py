"""Winograd's minimal filtering with three taps (Lavin and Gray 2016), along one axis or two.

F(m, 3) computes m results from a window of m + 2 cells with m + 2 multiplications instead of 3 m: cells and
taps are transformed to factors, the factors are multiplied element by element, and the products are
transformed to results.
"""

from typing import NamedTuple

import numpy as np


class MinimalFiltering(NamedTuple):
    """Transforms of a correlation: `results @ ((cells @ window) * (taps @ weights))`.

    Attributes
    ----------
    cells : ndarray (factors, cells of the window)
        Transform of the window.
    taps : ndarray (factors, taps)
        Transform of the weights.
    results : ndarray (results, factors)
        Transform of the products.
    """

    cells: np.ndarray
    taps: np.ndarray
    results: np.ndarray

    def across(self, other: "MinimalFiltering") -> "MinimalFiltering":
        """Return the filtering along two flattened axes; the axis of `other` is the last one."""
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
