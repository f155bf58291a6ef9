"""Files of calibrations: a JSON list with one entry for each part of an ensemble."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.checksums import checked_text, write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.detection.calibration import UNCHANGED, Calibration


def write_calibrations(path: str | Path, calibrations: Sequence[Calibration]) -> None:
    """Write the calibration of each part; every number reads back exactly.

    Parameters
    ----------
    path : str or Path
        The JSON file to write.
    calibrations : sequence of Calibration
        In the order of the parts: the generators, then the external detections.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    write_checked_text(path, json.dumps([as_knots(one) for one in calibrations]))


def read_calibrations(path: str | Path) -> list[Calibration]:
    """Read the calibration of each part.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    text = checked_text(path)
    try:
        return [from_knots(entry) for entry in json.loads(text)]
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a file of calibrations ({error}); delete it and run again") from error


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
