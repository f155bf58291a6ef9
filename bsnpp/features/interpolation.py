"""Interpolate sequences between their rows."""

import numpy as np


def values_at(sequence: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Interpolate a sequence at fractional rows: linear between rows, constant beyond the first and the last.

    Parameters
    ----------
    sequence : np.ndarray
        float32 (t, C), t at least 1.
    index : np.ndarray
        Fractional rows, float64 (n,).

    Returns
    -------
    np.ndarray
        float32 (n, C). A constant sequence stays exactly constant.
    """
    index = np.clip(index, 0, len(sequence) - 1)
    left = index.astype(np.int64)
    right = np.minimum(left + 1, len(sequence) - 1)
    weight = (index - left).astype(np.float32)[:, None]
    return sequence[left] + weight * (sequence[right] - sequence[left])
