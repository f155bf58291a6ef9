"""Weighted mixture of classifiers: a panel's softmax of weighted logits (improvement B of the paper)."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import log_softmax


def mixer(
    members: Sequence[np.ndarray], temperatures: np.ndarray
) -> Callable[[Sequence[float] | np.ndarray], np.ndarray]:
    """Prepare the mixture of the same members with any number of weightings.

    The log-softmax is computed once. It changes the result by a constant per row only; without it, a large
    constant in the rows of one member would cancel the digits of the others.

    Parameters
    ----------
    members : sequence of np.ndarray
        Logits of n members, float64 (N, K) each.
    temperatures : np.ndarray
        Temperature of each member, float (n,), above 0.

    Returns
    -------
    callable
        Function of n weights that returns the logits of the mixture, float64 (N, K):
        sum_i weight_i * log_softmax(logits_i) / temperature_i.
    """
    levels = [log_softmax(logits, axis=1) for logits in members]

    def mix(weights: Sequence[float] | np.ndarray) -> np.ndarray:
        scaled = [w * z / t for w, z, t in zip(weights, levels, temperatures, strict=True)]
        return np.asarray(np.sum(scaled, axis=0))

    return mix


def mix_logits(members: Sequence[np.ndarray], weights: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Return the logits of one mixture, float64 (N, K); parameters as in `mixer`."""
    return mixer(members, temperatures)(weights)
