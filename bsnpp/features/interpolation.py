"""Sequences between their rows."""

import numpy as np


def values_at(sequence: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Values at fractional rows, linear between rows, constant beyond the first and the last.

    Parameters
    ----------
    sequence : float32 (t, C)
        t at least 1.
    index : float64 (n,)

    Returns
    -------
    float32 (n, C)
        A constant sequence stays exactly constant.
    """
    index = np.clip(index, 0, len(sequence) - 1)
    left = index.astype(np.int64)
    right = np.minimum(left + 1, len(sequence) - 1)
    weight = (index - left).astype(np.float32)[:, None]
    return sequence[left] + weight * (sequence[right] - sequence[left])
