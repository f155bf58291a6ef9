"""Settings of the search for a rule of scales."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from bsnpp.core.settings import Settings


class ScaleSearchSettings(Settings):
    """Rules of scales to compare on validation: every scale for every range of durations."""

    scales: tuple[Annotated[int, Field(ge=4)], ...] = Field(
        (),
        description="Numbers of cells T to try, at which the maps of all validation videos are predicted; "
        "none: nothing to search",
    )
    bounds: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        (30.0, 120.0), description="Durations [s] at which the scale may change, ascending"
    )
    most_ranges: int = Field(3, ge=1, le=5, description="Maximum number of ranges of durations in a rule")
    folds: int = Field(
        5, ge=2, le=100, description="Folds of validation videos over which the rules are compared"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if len(set(self.scales)) < len(self.scales):
            raise ValueError("a scale is listed twice")
        if any(first >= second for first, second in pairwise(self.bounds)):
            raise ValueError("bounds must be in ascending order")
        return self
