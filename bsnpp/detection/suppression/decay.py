"""The Gaussian decay exp(-iou^2 / sigma) of Soft-NMS, to the same bits wherever it is computed.

Libraries' exp differ in the last bit, between NumPy and compiled loops as between processors. Here it is a
table at steps of 1/STEPS and a cubic between them: additions and multiplications in one fixed order.
"""

from functools import cache

import numpy as np

STEPS = 4096
"""Nodes of the table for each unit of the exponent: the cubic's error is then below that of rounding."""

CUBIC = (1 / (6 * STEPS**3), 1 / (2 * STEPS**2), 1 / STEPS)
"""Coefficients of exp(t / STEPS) - 1 for t in [-1/2, 1/2], the highest power first."""


@cache
def decay_table(sigma: float) -> np.ndarray:
    """exp(-k / STEPS) for every k that iou^2 / sigma can reach with iou up to 1: float64."""
    table = np.exp(-np.arange(int(STEPS / sigma) + 2) / STEPS)
    table.flags.writeable = False
    return table


def gaussian_decay(iou: np.ndarray, sigma: float) -> np.ndarray:
    """exp(-iou^2 / sigma), as exact as a library's exp of the rounded exponent; 1 without overlap.

    Parameters
    ----------
    iou : np.ndarray
        In [0, 1], float64 of any shape.
    sigma : float
        Above 0.

    Returns
    -------
    np.ndarray
        float64, of the shape of `iou`, in (0, 1].
    """
    steps = iou * iou
    steps *= STEPS / sigma
    node = np.rint(steps)
    rest = np.subtract(node, steps, out=steps)
    factor = rest * CUBIC[0]
    factor += CUBIC[1]
    factor *= rest
    factor += CUBIC[2]
    factor *= rest
    factor += 1.0
    factor *= decay_table(sigma)[node.astype(np.int64)]
    return factor
