"""Settings of the proposals of one generator: their selection, score and suppression."""

from typing import Annotated, Literal, Self

from pydantic import Field

from bsnpp.core.registry import KeyOf, summaries
from bsnpp.detection.scores import SCORES
from bsnpp.detection.suppression.settings import SuppressionSettings

ScoreName = Annotated[str, KeyOf(SCORES)]
"""Name of a proposal score: see `bsnpp.detection.scores`."""


class DecodingSettings(SuppressionSettings):
    """From fused maps to proposals."""

    score: ScoreName = Field(
        default="paper",
        description="Score of a proposal from boundary b, classification c and regression r. "
        + summaries(SCORES),
    )
    candidates: Literal["peaks", "all"] = Field(
        default="peaks",
        description="Map cells that become proposals. peaks: cells whose start and end are local peaks of "
        "the boundary probabilities, or above half their maximum; all: every valid cell",
    )
    top_candidates: int = Field(
        default=1000,
        ge=1,
        le=1_000_000,
        description="Proposals per video that enter suppression, best first",
    )

    def scored_by(self, score: str) -> Self:
        """Replace the score."""
        return self.model_copy(update={"score": score})
