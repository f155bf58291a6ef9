"""Settings of the classification stage: classifiers, panels, controls and the recogniser of proposals."""

from typing import Literal

from pydantic import Field, field_validator

from bsnpp.core.settings import Settings


class ClassifierSettings(Settings):
    """A classifier of videos that is trained here: logistic regression on pooled features."""

    regularisation: float = Field(
        default=1.0,
        description="inverse strength C of the L2 penalty on standardised features; smaller is smoother",
        gt=0,
    )
    max_iterations: int = Field(default=1000, description="most iterations of the solver", ge=1, le=1_000_000)


class WeightSearchSettings(Settings):
    """How the weights of a panel of classifiers are found on the validation subset (improvement B)."""

    metric: Literal["top1", "top5", "average_map"] = Field(
        default="top1",
        description="what is maximised. top1, top5: the share of videos of which a true class is the best "
        "(among the best five); average_map: average mAP of the detections of the first variant that has the "
        "panel, with its first generator, at the training scale (no windows)",
    )
    step: float = Field(
        default=0.05, description="step of the weights, a whole part of 1 (0.05 is 1/20)", gt=0, le=1
    )
    largest_grid: int = Field(
        default=50_000,
        description="most weightings to try one by one; a panel with more is searched on two levels, inside "
        "each `model` of the sheet and over the models, or without models by coordinate ascent",
        ge=1,
        le=10_000_000,
    )
    temperature_scaling: bool = Field(
        default=True,
        description="divide each classifier's logits by the temperature that calibrates it on validation",
    )

    @field_validator("step")
    @classmethod
    def _whole_part_of_one(cls, step: float) -> float:
        if abs(round(1 / step) * step - 1) > 1e-9:
            raise ValueError(f"{step} does not divide 1 into equal steps; use 0.05, 0.1, 0.25, ...")
        return step
