"""Settings of the merging of detections that several parts of an ensemble agree on."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings

MergedScore = Literal["count", "parts", "max"]
"""Score of a merged detection: see `MergingSettings.score`."""


class MergingSettings(Settings):
    """Weighted boxes fusion in one dimension (Solovyev et al. 2021, Image and Vision Computing 107)."""

    tiou: float = Field(
        0.7,
        ge=0,
        lt=1,
        description="tIoU with a merged detection above which a detection of its label joins it",
    )
    score: MergedScore = Field(
        "parts",
        description="Score of a merged detection. parts: mean of its scores, times the share of the parts of "
        "the ensemble that agree; count: mean, times min(number of detections, parts) / parts; max: the "
        "highest one",
    )
