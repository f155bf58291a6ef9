"""Define the settings of the evaluation stage."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from bsnpp.core.settings import Settings

Threshold = Annotated[float, Field(gt=0.0, le=1.0)]

ACTIVITYNET_THRESHOLDS = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
"""The tIoU thresholds of the ActivityNet challenge, 0.50:0.05:0.95 (conventions 8)."""


class EvaluationSettings(Settings):
    """Metrics of detections and proposals (conventions 8)."""

    tiou_thresholds: tuple[Threshold, ...] = Field(
        ACTIVITYNET_THRESHOLDS,
        min_length=1,
        description="Rising tIoU thresholds in (0, 1] at which a segment matches; scores are means over them",
    )
    further_thresholds: tuple[Threshold, ...] = Field(
        default=(),
        description="Second set of tIoU thresholds in (0, 1]; the table shows its mean next to the first",
    )
    proposals_per_video: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Largest average number of proposals per video for average recall (AR@AN) and its area",
    )
    bootstrap_resamples: int = Field(
        1000,
        ge=2,
        le=1_000_000,
        description="Number of bootstrap resamples of the videos for the 95 % intervals of mAP",
    )

    @field_validator("tiou_thresholds")
    @classmethod
    def _rising(cls, thresholds: tuple[float, ...]) -> tuple[float, ...]:
        if any(later <= earlier for earlier, later in pairwise(thresholds)):
            raise ValueError(f"tIoU thresholds must be strictly rising: {list(thresholds)}")
        return thresholds

    @property
    def all_thresholds(self) -> tuple[float, ...]:
        """Union of both sets of thresholds, rising."""
        return tuple(sorted({*self.tiou_thresholds, *self.further_thresholds}))
