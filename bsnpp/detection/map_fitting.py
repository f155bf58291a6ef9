"""Fit the calibration of the confidences of each member of a blend on validation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.calibration import UNCHANGED, Calibration, isotonic_calibration
from bsnpp.core.commandline import progress
from bsnpp.fusion.map_calibration import MapCalibration
from bsnpp.models.labels import VideoInstances, video_labels
from bsnpp.stores.maps import ProposalMaps
from bsnpp.training.instances import instances_by_video

if TYPE_CHECKING:
    import pandas as pd

EXACT = 0.9
"""tIoU above which a proposal is exact, as in the classification of BMN."""

BATCH = 32
"""Videos in memory at a time."""

LEVELS = int(np.float16(1.0).view(np.uint16)) + 1
"""Number of float16 numbers in [0, 1]."""


def fit_map_calibrations(
    files: Mapping[str, ProposalMaps], videos: "pd.DataFrame", instances: "pd.DataFrame"
) -> dict[str, MapCalibration]:
    """Fit isotonic regressions from the confidences of all validation proposals to their tIoU.

    Confidences that round to the same float16 number are fitted together, by their means, so that memory does
    not grow with the number of videos. Padding does not count.

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
        By member. Confidences stay unchanged if no proposal is exact, or none overlaps an instance.
    """
    annotated = instances_by_video(videos, instances)
    return {name: _fit(file, annotated) for name, file in progress(files.items(), len(files), "members")}


def _fit(file: ProposalMaps, annotated: Mapping[str, VideoInstances]) -> MapCalibration:
    sums = np.zeros((2, 3, LEVELS))  # number, confidence and target of each confidence
    for first in range(0, len(file.videos), BATCH):
        names = file.videos[first : first + BATCH]
        _, confidence = file.read(range(first, first + len(names)))
        tiou = np.stack([video_labels(annotated[name], file.grid, "paper")["iou"] for name in names])
        for channel, target in enumerate((tiou > EXACT, tiou)):
            sums[channel] += _sums(confidence[:, channel][tiou >= 0], target[tiou >= 0])
    return MapCalibration(*(_calibration(*channel) for channel in sums))


def _sums(confidence: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return number, sum of confidences and sum of targets by float16 number: float64 (3, LEVELS)."""
    level = confidence.astype(np.float16).view(np.uint16)
    weights = np.ones(len(level)), confidence, target
    return np.stack([np.bincount(level, weight, LEVELS) for weight in weights])


def _calibration(number: np.ndarray, confidence: np.ndarray, target: np.ndarray) -> Calibration:
    if not target.any():
        return UNCHANGED
    used = number > 0
    number = number[used]
    return isotonic_calibration(confidence[used] / number, target[used] / number, number)
