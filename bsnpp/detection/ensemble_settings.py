"""Settings of the detections of an ensemble of generators."""

from typing import Literal

from pydantic import Field

from bsnpp.detection.relabelling_settings import RelabellingSettings

EnsembleMethod = Literal["concatenate", "rank", "isotonic"]
"""Calibration of the scores of several generators: see `EnsembleSettings.ensemble`."""


class EnsembleSettings(RelabellingSettings):
    """From the fused maps of several generators and class probabilities to labelled detections."""

    ensemble: EnsembleMethod = Field(
        default="concatenate",
        description="Calibration of the scores of several generators before their detections are "
        "concatenated. concatenate: none, as in the paper; rank: each score becomes the share of the "
        "generator's validation scores that it reaches; isotonic: each score becomes the mean tIoU of such "
        "detections on validation",
    )
