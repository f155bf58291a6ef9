"""Calibration of the confidences of one member before its maps are fused with those of others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bsnpp.core.calibration import Calibration, as_knots, from_knots
from bsnpp.core.checksums import checked_text, write_checked_text
from bsnpp.core.errors import UserError


@dataclass(frozen=True)
class MapCalibration:
    """Calibrations of both confidences of a member.

    Attributes
    ----------
    classification : Calibration
        Maps the classification confidence to the probability of a tIoU above 0.9.
    regression : Calibration
        Maps the regression confidence to the expected tIoU.
    """

    classification: Calibration
    regression: Calibration

    def __call__(self, confidence: np.ndarray) -> np.ndarray:
        """Calibrate classification and regression confidences: float32 (n, 2, V), in [0, 1], to the same."""
        calibrated = [self.classification(confidence[:, 0]), self.regression(confidence[:, 1])]
        return np.stack(calibrated, axis=1).clip(max=1.0).astype(np.float32)


MapKnots = dict[str, dict[str, list[float]] | None]
"""A calibration as JSON: the knots of `classification` and `regression`."""


def as_map_knots(calibration: MapCalibration) -> MapKnots:
    """Return a calibration as lists of knots and values."""
    return {
        "classification": as_knots(calibration.classification),
        "regression": as_knots(calibration.regression),
    }


def from_map_knots(knots: MapKnots) -> MapCalibration:
    """Return the calibration of an entry that `as_map_knots` made.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is not such an entry.
    """
    return MapCalibration(from_knots(knots["classification"]), from_knots(knots["regression"]))


def write_map_calibrations(path: str | Path, calibrations: Mapping[str, MapCalibration]) -> None:
    """Write the calibration of each member of a blend (JSON); every number reads back exactly.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    entries = {name: as_map_knots(calibration) for name, calibration in calibrations.items()}
    write_checked_text(path, json.dumps(entries))


def read_map_calibrations(path: str | Path) -> dict[str, MapCalibration]:
    """Read the calibration of each member of a blend.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    text = checked_text(path)
    try:
        return {name: from_map_knots(knots) for name, knots in json.loads(text).items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a file of calibrations ({error}); delete it and run again") from error
