"""Settings of the scales: how many cells a video is rescaled to (improvement C of the paper)."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from bsnpp.core.settings import EachOnce, Settings


class DurationRegime(Settings):
    """A range of durations whose videos have the same scale, from the bound of the regime before."""

    below: float | None = Field(
        None, gt=0, description="Upper bound of the duration [s], not included; none for the last regime"
    )
    scale: int = Field(ge=4, description="Number of cells T of these videos")


class ScaleSettings(Settings):
    """The scale of training, and the scale of each video at inference."""

    training: int = Field(
        100, ge=4, description="Number of cells T in training, and of variants with `scales: training`"
    )
    further_training: Annotated[tuple[Annotated[int, Field(ge=4)], ...], EachOnce] = Field(
        (),
        description="Further numbers of cells in training: each batch has one of them or `training`, drawn "
        "at random (not in the paper)",
    )
    regimes: tuple[DurationRegime, ...] = Field(
        (
            DurationRegime(below=30, scale=30),
            DurationRegime(below=120, scale=80),
            DurationRegime(scale=100),
        ),
        min_length=1,
        description="Scale by duration, from short to long (improvement C of the paper)",
    )

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        bounds = [regime.below for regime in self.regimes]
        inner = [bound for bound in bounds[:-1] if bound is not None]
        if bounds[-1] is not None or len(inner) != len(bounds) - 1 or any(a >= b for a, b in pairwise(inner)):
            raise ValueError("regimes must be in ascending order, and only the last one has no `below`")
        return self

    @model_validator(mode="after")
    def _further_differ(self) -> Self:
        if self.training in self.further_training:
            raise ValueError(f"further_training: {self.training} is `training` already")
        return self

    @property
    def trained(self) -> tuple[int, ...]:
        """Every number of cells in training, `training` first."""
        return (self.training, *self.further_training)

    def of_duration(self, duration: float) -> int:
        """Return the scale of a video that lasts `duration` seconds."""
        for regime in self.regimes:
            if regime.below is None or duration < regime.below:
                return regime.scale
        raise ValueError(f"no regime for a duration of {duration} s")
