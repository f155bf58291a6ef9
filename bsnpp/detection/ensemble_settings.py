"""Settings of the detections of an ensemble of generators."""

from typing import Annotated

from pydantic import Field

from bsnpp.core.registry import KeyOf, summaries
from bsnpp.detection.calibration import CALIBRATIONS
from bsnpp.detection.merging_settings import MergingSettings
from bsnpp.detection.relabelling_settings import RelabellingSettings

CONCATENATE = "concatenate"
"""Concatenates the detections of all generators without calibration."""

EnsembleMethod = Annotated[str, KeyOf(CALIBRATIONS, CONCATENATE)]
"""Name of a calibration, or `CONCATENATE`."""


class EnsembleSettings(RelabellingSettings):
    """From the fused maps of several generators and class probabilities to labelled detections."""

    ensemble: EnsembleMethod = Field(
        default=CONCATENATE,
        description="Calibration of the scores of each generator before all detections are concatenated. "
        f"concatenate: none, as in the paper; {summaries(CALIBRATIONS)}",
    )
    merging: MergingSettings | None = Field(
        default=None,
        description="Merge detections that generators and external sources agree on, after calibration and "
        "before suppression; null: no merging, as in the paper",
    )
