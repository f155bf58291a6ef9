"""Settings of the labels of proposals: their classes, score and suppression."""

from typing import Literal

from pydantic import Field

from bsnpp.detection.suppression.settings import SuppressionSettings

ClassFusion = Literal["product", "sqrt"]
"""Score of a detection: see `LabellingSettings.class_fusion`."""


class LabellingSettings(SuppressionSettings):
    """From proposals and class probabilities to at most `per_video` labelled detections."""

    classes_per_video: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="Number of classes given to each proposal: the most probable ones",
    )
    class_fusion: ClassFusion = Field(
        default="product",
        description="Score of a detection from proposal score p and class probability c. "
        "product: p c; sqrt: sqrt(p c)",
    )
    per_video: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="Maximum number of detections, and of proposals, of a video after suppression",
    )
