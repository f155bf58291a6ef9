"""Settings of the metrics, for every stage that computes them."""

from itertools import pairwise

from pydantic import Field, field_validator

from bsnpp.core.settings import Settings
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS, Threshold


class MetricSettings(Settings):
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
