"""Which number of cells a video is rescaled to (improvement C)."""

from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Settings


class DurationRegime(Settings):
    """Videos shorter than a bound, and longer than those of the regime before, take one scale."""

    below: float | None = Field(
        None,
        gt=0,
        description="upper bound of the duration in seconds, not included; none for the last regime",
    )
    scale: int = Field(ge=4, description="T, cells that these videos are rescaled to")


class ScaleSettings(Settings):
    """The scale of training, and the rule that gives each video its scale at inference."""

    training: int = Field(100, ge=4, description="T at training, and of variants with `scales: training`")
    regimes: tuple[DurationRegime, ...] = Field(
        (
            DurationRegime(below=30, scale=30),
            DurationRegime(below=120, scale=80),
            DurationRegime(scale=100),
        ),
        min_length=1,
        description="scale by duration, from short to long (the paper's improvement C)",
    )

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        bounds = [regime.below for regime in self.regimes]
        inner = [bound for bound in bounds[:-1] if bound is not None]
        if bounds[-1] is not None or len(inner) != len(bounds) - 1 or any(a >= b for a, b in pairwise(inner)):
            raise ValueError("regimes go from short to long, and the last one alone has no `below`")
        return self

    def of_duration(self, duration: float) -> int:
        """The scale of a video that lasts `duration` seconds."""
        for regime in self.regimes:
            if regime.below is None or duration < regime.below:
                return regime.scale
        raise ValueError(f"no regime for a duration of {duration} s")
