"""Calibrations: non-decreasing functions that turn a score into another, such as the tIoU to expect."""

from dataclasses import dataclass
from typing import Any

import numpy as np

ROUNDING = 1e-12
"""Blocks of an isotonic regression that differ by less are one block: their difference is rounding."""


@dataclass(frozen=True)
class Calibration:
    """Non-decreasing, piecewise linear function of the score.

    Below the first knot and above the last one it is proportional to the score, or parallel to it if that
    knot is at score 0.

    Attributes
    ----------
    knots : np.ndarray
        Scores, strictly increasing: float64 (m,), at least 0.
    values : np.ndarray
        Calibrated score at each knot, non-decreasing: float64 (m,), at least 0.
    """

    knots: np.ndarray
    values: np.ndarray

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """Calibrate scores: float (n,), at least 0, to float64 (n,), at least 0."""
        nearest = np.where(scores < self.knots[0], 0, -1)
        knot, value = self.knots[nearest], self.values[nearest]
        outside = np.where(knot > 0, scores / np.where(knot > 0, knot, 1.0) * value, value + scores)
        inside = (scores >= self.knots[0]) & (scores <= self.knots[-1])
        return np.where(inside, np.interp(scores, self.knots, self.values), outside)


UNCHANGED = Calibration(np.ones(1), np.ones(1))
"""Keeps every score."""


def isotonic_calibration(
    scores: np.ndarray, values: np.ndarray, weights: np.ndarray | None = None
) -> Calibration:
    """Map a score to the mean value that goes with it, such as a tIoU, by isotonic regression.

    The knots are the centres of the blocks of equal values. Interpolation between them keeps the order of
    scores that the regression itself would make equal.

    Parameters
    ----------
    scores, values : np.ndarray
        Score and value of each detection or cell: float (n,), n at least 1.
    weights : np.ndarray, optional
        Their weights, above 0: float (n,); 1 by default.
    """
    from sklearn.isotonic import isotonic_regression  # slow to import, and needed only here

    distinct, group = np.unique(scores, return_inverse=True)
    counts = np.bincount(group, weights)
    sums = np.bincount(group, values if weights is None else values * weights)
    fitted = isotonic_regression(sums / counts, sample_weight=counts)
    first = np.flatnonzero(np.append(True, np.diff(fitted) > ROUNDING))
    return Calibration(
        np.add.reduceat(distinct * counts, first) / np.add.reduceat(counts, first), fitted[first]
    )


def as_knots(calibration: Calibration) -> dict[str, list[float]] | None:
    """Return knots and values of a calibration as lists; None if it keeps every score."""
    if calibration is UNCHANGED:
        return None
    return {"knots": calibration.knots.tolist(), "values": calibration.values.tolist()}


def from_knots(entry: Any) -> Calibration:
    """Return the calibration of an entry that `as_knots` made.

    Raises
    ------
    ValueError
        If knots and values are not lists of the same length, finite, at least 0 and increasing.
    """
    if entry is None:
        return UNCHANGED
    knots, values = (np.array(entry[name], dtype=np.float64) for name in ("knots", "values"))
    if knots.ndim != 1 or knots.shape != values.shape or not len(knots):
        raise ValueError("knots and values of a calibration must be lists of the same length")
    finite = np.isfinite(knots).all() and np.isfinite(values).all()
    if (
        not finite
        or (np.diff(knots) <= 0).any()
        or (np.diff(values) < 0).any()
        or min(knots[0], values[0]) < 0
    ):
        raise ValueError("knots and values of a calibration must be finite, at least 0 and increasing")
    return Calibration(knots, values)
