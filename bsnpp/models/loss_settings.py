"""Settings of labels and losses, a part of the training settings (paper sections 3.4 and 4.1).

Modules of this package import them for type checking only, so that inference does not depend on them.
"""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from bsnpp.core.settings import Settings


class ThresholdSettings(Settings):
    """Thresholds of positive and negative cells and proposals (paper section 4.1; BMN)."""

    boundary: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="A cell is positive above this overlap with a boundary region [share of the cell]",
    )
    positive: float = Field(0.7, gt=0, lt=1, description="A proposal is positive above this tIoU")
    negative: float = Field(
        0.3,
        ge=0,
        lt=1,
        description="A proposal is negative below this tIoU; BSN++ ignores those in between, and BMN "
        "samples them as a third band",
    )
    bmn_positive: float = Field(
        0.9, gt=0, lt=1, description="A proposal is positive above this tIoU in BMN's classification loss"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.negative > self.positive:
            raise ValueError(f"negative ({self.negative}) must not be above positive ({self.positive})")
        return self


class ResamplingSettings(Settings):
    """Sampling of proposals for the confidence losses (paper section 3.4); BMN reads `expectation` only."""

    method: Literal["two_stage", "iou_balanced", "none"] = Field(
        "two_stage",
        description="Sampling: IoU-balanced, then scale-balanced (the paper); the first stage only; or none",
    )
    scale_ratio: float = Field(
        0.15, gt=0, le=1, description="Lambda of Eq. 4: length bins with at least this share are not damped"
    )
    regions: tuple[float, ...] = Field(
        (0.3, 0.7),
        min_length=1,
        description="Upper edges of the length bins, without the last [share of the video]",
    )
    expectation: bool = Field(
        False, description="Use the expected sampling weights instead of random draws (deterministic)"
    )

    @field_validator("regions")
    @classmethod
    def _ascending(cls, regions: tuple[float, ...]) -> tuple[float, ...]:
        if list(regions) != sorted({share for share in regions if 0 < share < 1}):
            raise ValueError("must be ascending numbers between 0 and 1")
        return regions


class LossSettings(Settings):
    """Labels and losses of a generator."""

    confidence_weight: float = Field(
        10.0,
        ge=0,
        description="Beta of Eq. 5, weight of the confidence losses (BMN, bands: only of the regression)",
    )
    confidence_loss: Literal["paper", "bands"] = Field(
        "paper",
        description="Confidence losses of BSN++: Eq. 7, which ignores proposals between the thresholds; or "
        "those of BMN, which regress the tIoU of all proposals in three bands",
    )
    balance_range: tuple[float, float] = Field(
        (1.05, 21.0),
        description="Limits of n / n_positive, which balances logistic losses; they avoid a division by 0 in "
        "batches without positives",
    )
    thresholds: ThresholdSettings = ThresholdSettings()
    boundary_region: Literal["paper", "bsn", "bmn"] = Field(
        "paper",
        description="Half-width of a boundary region: max(d/10, 1/T); max(d/10, 1/T)/2; or 1.5 cells",
    )
    resampling: ResamplingSettings = ResamplingSettings()

    @field_validator("balance_range")
    @classmethod
    def _a_range(cls, limits: tuple[float, float]) -> tuple[float, float]:
        if not 1 < limits[0] <= limits[1]:
            raise ValueError("must be two numbers above 1, the lower one first")
        return limits

    def expecting(self) -> Self:
        """Return the same settings with expected sampling weights instead of random draws."""
        resampling = self.resampling.model_copy(update={"expectation": True})
        return self.model_copy(update={"resampling": resampling})
