"""Settings of the semi-Markov model of snippet classes."""

from pydantic import Field

from bsnpp.snippets.smoothing_settings import SmoothingSettings


class SemiMarkovSettings(SmoothingSettings):
    """Semi-Markov model of snippet classes: order and duration of the actions of a recording."""

    likelihood_power: float = Field(
        default=0.3,
        description="Exponent of the snippets' likelihoods, below 1 because neighbouring snippets repeat "
        "each other",
        gt=0,
        le=1,
    )
    longest: float = Field(
        default=180.0,
        description="Longest duration of a segment [s]; longer ones are divided. Time grows with it",
        gt=0,
    )
    per_class: int = Field(
        default=20, description="Maximum number of segments of a class in a recording", ge=1, le=1000
    )
    least_spread: float = Field(
        default=0.35,
        description="Minimum standard deviation of the logarithm of the duration of a class",
        gt=0,
    )
    count_slack: float | None = Field(
        default=None,
        description="Standard deviation of the error of the number of segments of each class in a recording, "
        "which is brought close to that in training recordings; for recordings that follow one script, such "
        "as a recipe; by default, the number is left as it is",
        gt=0,
    )
