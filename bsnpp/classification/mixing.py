"""Weighted mixture of classifiers: a panel's softmax of weighted logits (improvement B of the paper)."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import log_softmax, softmax


def mix_logits(members: Sequence[np.ndarray], weights: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Return sum_i weight_i * log_softmax(logits_i) / temperature_i.

    The log-softmax changes the result by a constant per row only. It comes first because otherwise a large
    constant in the rows of one member would cancel the digits of the others.

    Parameters
    ----------
    members : sequence of np.ndarray
        Logits of n members, float64 (N, K) each.
    weights, temperatures : np.ndarray
        Weight and temperature of each member, float (n,) each; temperatures above 0.

    Returns
    -------
    np.ndarray
        Logits of the mixture, float64 (N, K).
    """
    levels = [log_softmax(logits, axis=1) for logits in members]
    scaled = [w * z / t for w, z, t in zip(weights, levels, temperatures, strict=True)]
    return np.asarray(np.sum(scaled, axis=0))


def mixer(calibrated: np.ndarray) -> Callable[[Sequence[float]], np.ndarray]:
    """Prepare the mixture of the same members with many weightings.

    Parameters
    ----------
    calibrated : np.ndarray
        Logits of n members, divided by their temperatures: float64 (n, N, K).

    Returns
    -------
    callable
        Function of n weights that returns the probabilities softmax(`mix_logits`), float64 (N, K), up to
        rounding. The log-softmax is computed once.
    """
    levels = log_softmax(calibrated, axis=2)
    return lambda weights: np.asarray(softmax(np.tensordot(weights, levels, axes=1), axis=1))
