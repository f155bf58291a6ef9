"""Files of calibrations: a JSON list with one entry for each part of an ensemble."""

import json
from collections.abc import Sequence
from pathlib import Path

from bsnpp.core.calibration import Calibration, as_knots, from_knots
from bsnpp.core.checksums import checked_text, write_checked_text
from bsnpp.core.errors import UserError


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
