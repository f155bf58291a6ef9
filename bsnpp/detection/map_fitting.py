"""Fit the calibration of the confidences of each member of a blend on validation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.calibration import UNCHANGED, Calibration, isotonic_calibration
from bsnpp.core.commandline import log, progress
from bsnpp.fusion.map_calibration import MapCalibration
from bsnpp.models.labels import VideoInstances, video_labels
from bsnpp.stores.maps import ProposalMaps
from bsnpp.training.instances import instances_by_video

if TYPE_CHECKING:
    import pandas as pd

EXACT = 0.9
"""tIoU above which a proposal is exact: BMN's published threshold, whatever the thresholds of the losses."""

BATCH = 32
"""Videos in memory at a time."""

LEAST = 20
"""Number of proposals with neighbouring confidences that are fitted together. Otherwise, the highest
confidences could be mapped to 1 because a single proposal is exact."""

LEVELS = int(np.float16(1.0).view(np.uint16)) + 1
"""Number of float16 numbers in [0, 1]."""

KINDS = {"classification": f"above a tIoU of {EXACT}", "regression": "above a tIoU of 0"}
"""Both confidences of a member, and what a proposal must be to be a positive target of their calibration."""


def fit_map_calibrations(
    files: Mapping[str, ProposalMaps], videos: "pd.DataFrame", instances: "pd.DataFrame"
) -> dict[str, MapCalibration]:
    """Fit isotonic regressions from the confidences of all validation proposals to their tIoU.

    Confidences that round to the same float16 number are fitted together, by their means, so that memory does
    not grow with the number of videos. So are `LEAST` proposals with neighbouring confidences. Padding is not
    counted.

    Parameters
    ----------
    files : mapping of str to ProposalMaps
        Validation maps of each member.
    videos : DataFrame[video, extent]
        Validation videos; extent in seconds.
    instances : DataFrame[video, start, end]
        Their ground truth, in seconds.

    Returns
    -------
    dict of str to MapCalibration
        By member. If some member has no exact proposal, or none that overlaps an instance, the classification
        or regression of all members stays unchanged, with a warning, since others would not be comparable.
    """
    annotated = instances_by_video(videos, instances)
    fitted = {name: _sums(file, annotated) for name, file in progress(files.items(), len(files), "members")}
    channels = [
        _comparable(kind, {name: sums[channel] for name, sums in fitted.items()})
        for channel, kind in enumerate(KINDS)
    ]
    return {name: MapCalibration(*(channel[name] for channel in channels)) for name in files}


def _comparable(kind: str, sums: Mapping[str, np.ndarray]) -> dict[str, Calibration]:
    """Return the calibrations of one confidence of all members, or let all of them stay unchanged."""
    without = [name for name, (_, _, target) in sums.items() if not target.any()]
    if without:
        log.warning(
            "%s: no validation proposal %s, so the %s of no member is calibrated",
            ", ".join(without),
            KINDS[kind],
            kind,
        )
        return dict.fromkeys(sums, UNCHANGED)
    return {name: _calibration(*channel) for name, channel in sums.items()}


def _sums(file: ProposalMaps, annotated: Mapping[str, VideoInstances]) -> np.ndarray:
    """Return number, confidence and target of each confidence by float16 number: float64 (2, 3, LEVELS)."""
    sums = np.zeros((2, 3, LEVELS))
    for first in range(0, len(file.videos), BATCH):
        names = file.videos[first : first + BATCH]
        _, confidence = file.read(range(first, first + len(names)))
        tiou = np.stack([video_labels(annotated[name], file.grid, "paper")["iou"] for name in names])
        for channel, target in enumerate((tiou > EXACT, tiou)):
            sums[channel] += _by_level(confidence[:, channel][tiou >= 0], target[tiou >= 0])
    return sums


def _by_level(confidence: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return number, sum of confidences and sum of targets by float16 number: float64 (3, LEVELS)."""
    level = confidence.astype(np.float16).view(np.uint16)
    weights = np.ones(len(level)), confidence, target
    return np.stack([np.bincount(level, weight, LEVELS) for weight in weights])


def _calibration(number: np.ndarray, confidence: np.ndarray, target: np.ndarray) -> Calibration:
    """Fit an isotonic regression.

    A first block of value 0 is left out: it would make many confidences 0, and their order would be lost.
    Without it, they are proportional to what they were.
    """
    group = (np.cumsum(number) - number) // LEAST
    last = max(number.sum() // LEAST - 1, 0)  # a last group of fewer joins the one before it
    group = np.minimum(group, last).astype(int)
    used = np.unique(group[number > 0])
    number, confidence, target = (np.bincount(group, each)[used] for each in (number, confidence, target))
    fitted = isotonic_calibration(confidence / number, target / number, number)
    positive = fitted.values > 0
    return Calibration(fitted.knots[positive], fitted.values[positive])
