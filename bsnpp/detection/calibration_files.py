"""Files of score calibrations: one JSON list, with an entry for each part of an ensemble."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file
from bsnpp.detection.score_scales import UNCHANGED, ScoreScale


def write_calibrations(path: str | Path, calibrations: Sequence[ScoreScale]) -> None:
    """Write the calibration of each part; every number reads back exactly.

    Parameters
    ----------
    path : str or Path
        The JSON file to write.
    calibrations : sequence of ScoreScale
        In the order of the parts: the generators, then the external detections.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with whole_file(path) as temporary:
        temporary.write_text(json.dumps([as_knots(one) for one in calibrations]), encoding="utf-8")


def read_calibrations(path: str | Path) -> list[ScoreScale]:
    """Read the calibration of each part.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    try:
        return [from_knots(entry) for entry in json.loads(Path(path).read_text(encoding="utf-8"))]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a file of calibrations ({error}); delete it and run again") from error


def as_knots(calibration: ScoreScale) -> dict[str, list[float]] | None:
    """Return the knots of a calibration as lists; None if it changes nothing."""
    if calibration is UNCHANGED:
        return None
    return {"given": calibration.given.tolist(), "meant": calibration.meant.tolist()}


def from_knots(knots: Any) -> ScoreScale:
    """Return the calibration of such knots.

    Raises
    ------
    ValueError
        If they are not two lists of the same length, at least 0, the given ones strictly rising.
    """
    if knots is None:
        return UNCHANGED
    given, meant = (np.array(knots[name], dtype=np.float64) for name in ("given", "meant"))
    sound = given.ndim == 1 and given.shape == meant.shape and len(given) > 0 and np.isfinite(meant).all()
    if not sound or (np.diff(given) <= 0).any() or (np.diff(meant) < 0).any() or given[0] < 0 or meant[0] < 0:
        raise ValueError("the knots of a calibration must be finite, at least 0 and rising")
    return ScoreScale(given, meant)
