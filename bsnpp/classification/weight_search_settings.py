"""Settings of the search for the weights of a panel (improvement B of the paper)."""

from typing import Literal

from pydantic import Field, field_validator

from bsnpp.core.settings import Settings

WeightMethod = Literal["search", "best", "equal"]
"""Weights of a panel: searched on validation, the best member alone, or equal weights."""


class WeightSearchSettings(Settings):
    """Search for the weights of a panel of classifiers on the validation subset (improvement B)."""

    metric: Literal["top1", "top5", "average_map"] = Field(
        default="top1",
        description="Score to maximise. top1, top5: share of the videos with a true class among the best 1 "
        "or 5; average_map: average mAP of the detections of the first variant that uses the panel, with its "
        "first generator, at the training scale (not with windows)",
    )
    step: float = Field(
        default=0.05, description="Step of the weights; must divide 1 (0.05 is 1/20)", gt=0, le=1
    )
    largest_grid: int = Field(
        default=50_000,
        description="Maximum number of weightings to try exhaustively. A larger panel is searched on two "
        "levels, within each `model` of the sheet and over the models, or without models by coordinate "
        "ascent",
        ge=1,
        le=10_000_000,
    )
    temperature_scaling: bool = Field(
        default=True,
        description="Divide the logits of each classifier by the temperature that calibrates them on "
        "validation",
    )

    @field_validator("step")
    @classmethod
    def _divides_one(cls, step: float) -> float:
        if abs(round(1 / step) * step - 1) > 1e-9:
            raise ValueError(f"{step} does not divide 1 into equal steps; use 0.05, 0.1, 0.25, ...")
        return step
