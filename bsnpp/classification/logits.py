"""Class probabilities as logits, and the floor of classes that were never seen."""

from collections.abc import Sequence

import numpy as np

LEAST_PROBABILITY = 1e-8
"""Lower limit of probabilities before the logarithm."""
FLOOR = float(np.log(LEAST_PROBABILITY))
"""Logit of an unseen class relative to the best logit of the row."""


def probabilities_to_logits(probabilities: np.ndarray) -> np.ndarray:
    """Return log(max(p, 1e-8)); rows need not sum to 1."""
    return np.log(np.maximum(probabilities, LEAST_PROBABILITY))


def unseen_logit(logits: np.ndarray) -> np.ndarray:
    """Return the logit of classes about which nothing is known.

    It is `FLOOR` below the best logit of the row, or the lowest logit of the row if that is lower: an unseen
    class never ranks above a known one.

    Parameters
    ----------
    logits : np.ndarray
        Logits of the known classes, float (..., k), k at least 1.

    Returns
    -------
    np.ndarray
        Float (...).
    """
    return np.asarray(np.minimum(logits.min(axis=-1), logits.max(axis=-1) + FLOOR))


def with_unseen_classes(logits: np.ndarray, known: Sequence[int] | np.ndarray, classes: int) -> np.ndarray:
    """Extend logits to classes that a classifier never saw.

    Parameters
    ----------
    logits : np.ndarray
        Logits of the known classes, float (N, k).
    known : sequence of int
        Index of each known class, (k,).
    classes : int
        Number of all classes, K.

    Returns
    -------
    np.ndarray
        Float (N, K), with `unseen_logit` for the other classes.
    """
    result = np.repeat(unseen_logit(logits)[:, None], classes, axis=1)
    result[:, known] = logits
    return result
