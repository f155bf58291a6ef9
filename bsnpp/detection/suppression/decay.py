"""The Gaussian decay exp(-tIoU^2 / sigma) of Soft-NMS, with the same bits in NumPy and in compiled loops.

Their own exp functions may differ in the last bit. Here the function is a table of nodes at steps of 1/STEPS
and a cubic polynomial between them: additions and multiplications in one fixed order. `soft_nms_numba`
repeats the polynomial inside its compiled loop, so change both together; `tests/reference/soft_nms.py` has
the plain exp.
"""

from functools import cache

import numpy as np

STEPS = 4096
"""Nodes of the table per unit of the exponent. The error of the cubic is then below the rounding error."""

CUBIC = (1 / (6 * STEPS**3), 1 / (2 * STEPS**2), 1 / STEPS)
"""Coefficients of exp(t / STEPS) - 1 for t in [-1/2, 1/2], highest power first."""


@cache
def decay_table(sigma: float) -> np.ndarray:
    """Tabulate exp(-k / STEPS), float64, for every node k that a tIoU of at most 1 can reach."""
    table = np.exp(-np.arange(int(STEPS / sigma) + 2) / STEPS)
    table.flags.writeable = False
    return table


def gaussian_decay(iou: np.ndarray, sigma: float) -> np.ndarray:
    """Compute exp(-iou^2 / sigma) with a relative error below 4e-16 (1 + iou^2 / sigma).

    Parameters
    ----------
    iou : np.ndarray
        tIoU in [0, 1], float64 of any shape.
    sigma : float
        Width of the decay, above 0.

    Returns
    -------
    np.ndarray
        float64 of the shape of `iou`, in (0, 1]; exactly 1 for a tIoU of 0.
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
