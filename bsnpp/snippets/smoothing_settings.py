"""Settings of the hidden Markov model that smooths snippet classes."""

from pydantic import Field

from bsnpp.core.settings import Settings


class SmoothingSettings(Settings):
    """Hidden Markov model that smooths snippet classes (a control)."""

    pseudo_count: float = Field(
        default=0.1,
        description="Pseudo-count added to every count of transitions, so that none is impossible",
        gt=0,
    )
    prior_strength: float = Field(
        default=0.5,
        description="Exponent of the class priors by which class probabilities are divided to get "
        "likelihoods; 1: Bayes' rule, 0: probabilities as they are",
        ge=0,
        le=1,
    )
