"""Settings of training; the defaults are the paper's (sections 3.4, 4.1 and 5.1)."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from bsnpp.core.settings import Settings


class LearningStage(Settings):
    """Some epochs at one learning rate."""

    epochs: int = Field(ge=1, description="epochs of this stage")
    learning_rate: float = Field(gt=0, description="Adam's learning rate in this stage")


class ThresholdSettings(Settings):
    """Which cells and proposals the losses call positive and negative (paper section 4.1, BMN)."""

    boundary: float = Field(
        0.5, ge=0, lt=1, description="share in a boundary region above which a cell is positive"
    )
    positive: float = Field(0.7, gt=0, lt=1, description="IoU above which a proposal is positive")
    negative: float = Field(
        0.3,
        ge=0,
        lt=1,
        description="IoU below which it is negative; BSN++ leaves out those between, to BMN they are a band",
    )
    bmn_positive: float = Field(
        0.9, gt=0, lt=1, description="IoU above which a proposal is positive to the classification of BMN"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.negative > self.positive:
            raise ValueError(f"negative ({self.negative}) must not be above positive ({self.positive})")
        return self


class ResamplingSettings(Settings):
    """Which proposals the confidence losses see (paper section 3.4); BMN reads `expectation` alone."""

    method: Literal["two_stage", "iou_balanced", "none"] = Field(
        "two_stage",
        description="IoU-balanced, then scale-balanced (the paper); the first alone; or all proposals",
    )
    scale_ratio: float = Field(
        0.15, gt=0, le=1, description="lambda of Eq. 4: a scale region's share from which on it is not damped"
    )
    regions: tuple[float, ...] = Field(
        (0.3, 0.7),
        min_length=1,
        description="lengths of proposals, as shares of the video, at which the next scale region begins",
    )
    expectation: bool = Field(
        False, description="use the expected weights of the sampling in place of a draw (deterministic)"
    )

    @field_validator("regions")
    @classmethod
    def _ascending(cls, regions: tuple[float, ...]) -> tuple[float, ...]:
        if list(regions) != sorted({share for share in regions if 0 < share < 1}):
            raise ValueError("must rise, between 0 and 1")
        return regions


class TrainingSettings(Settings):
    """How one generator is trained."""

    stages: tuple[LearningStage, ...] = Field(
        (LearningStage(epochs=7, learning_rate=1e-3), LearningStage(epochs=3, learning_rate=1e-4)),
        min_length=1,
        description="epochs and learning rates, one stage after the other",
    )
    batch_size: int = Field(16, ge=1, description="videos in a batch")
    weight_decay: float = Field(1e-4, ge=0, description="gamma of Eq. 5, applied by Adam")
    confidence_weight: float = Field(10.0, ge=0, description="beta of Eq. 5 (BMN: of the regression alone)")
    balance_range: tuple[float, float] = Field(
        (1.05, 21.0),
        description="limits of n / n_positive, which balances positives and negatives in logistic losses; "
        "without them a batch with no positive divides by 0",
    )
    thresholds: ThresholdSettings = ThresholdSettings()
    boundary_region: Literal["paper", "bsn", "bmn"] = Field(
        "paper",
        description="half-width of a boundary region: max(d/10, 1/T); max(d/10, 1/T)/2; or 1.5 cells",
    )
    resampling: ResamplingSettings = ResamplingSettings()
    select: Literal["best", "last"] = Field(
        "best", description="keep the epoch of the lowest validation loss, or the last one"
    )

    @field_validator("balance_range")
    @classmethod
    def _a_range(cls, limits: tuple[float, float]) -> tuple[float, float]:
        if not 1 < limits[0] <= limits[1]:
            raise ValueError("must be two numbers above 1, the lower one first")
        return limits

    def expecting(self) -> Self:
        """The same with the expected weights of the sampling in place of a draw."""
        resampling = self.resampling.model_copy(update={"expectation": True})
        return self.model_copy(update={"resampling": resampling})

    @property
    def epochs(self) -> int:
        """Epochs of all stages together."""
        return sum(stage.epochs for stage in self.stages)

    def learning_rate(self, epoch: int) -> float:
        """Learning rate of epoch 0, 1, ..."""
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage.learning_rate
            epoch -= stage.epochs
        raise ValueError(f"training ends before epoch {epoch}")


PAPER = TrainingSettings()
"""The defaults."""
