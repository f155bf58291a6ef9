"""TODO bsnpp.snippets.settings."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings

Kind = Literal["logistic", "trees", "network"]
"""Kinds of classifiers: logistic regression, extremely randomised trees, a network of one hidden layer."""


class EstimatorSettings(Settings):
    """scikit-learn's estimators, of whichever kind is used; all see standardised features."""

    regularisation: float = Field(
        default=0.01, description="logistic: inverse strength C of the L2 penalty; smaller is smoother", gt=0
    )
    max_iterations: int = Field(
        default=40, description="logistic: most iterations of the solver", ge=1, le=1_000_000
    )
    trees: int = Field(default=100, description="trees: their number", ge=1, le=10_000)
    smallest_leaf: int = Field(
        default=3, description="trees: samples that a leaf holds at least; more is smoother", ge=1, le=10_000
    )
    hidden_units: int = Field(default=64, description="network: units of its hidden layer", ge=1, le=10_000)
    weight_decay: float = Field(
        default=0.01, description="network: strength of the L2 penalty; larger is smoother", ge=0
    )
    epochs: int = Field(default=20, description="network: passes over the samples", ge=1, le=10_000)


class SnippetClassifierSettings(Settings):
    """A classifier of snippets, background included, trained on the training recordings."""

    kind: Kind = Field(
        default="logistic",
        description="logistic: logistic regression; trees: extremely randomised trees; network: one hidden "
        "layer",
    )
    estimator: EstimatorSettings = Field(
        default_factory=EstimatorSettings, description="the estimator; keys of other kinds are not read"
    )
    context_seconds: float = Field(
        default=2.0,
        description="seconds before and after a snippet whose mean features it sees beside its own",
        gt=0,
    )
    training_snippets: int = Field(
        default=10_000,
        description="about the most snippets to train one model on, evenly spaced; bounds the time",
        ge=1,
    )
    folds: int = Field(
        default=4,
        description="parts of the training videos, groups (persons) whole; each part is scored by a model "
        "that saw only the others",
        ge=2,
        le=1000,
    )


class SmoothingSettings(Settings):
    """The hidden Markov model that smooths snippet classes (a control)."""

    pseudo_count: float = Field(
        default=0.1,
        description="transitions added to each count, so that none is impossible; more is less sure",
        gt=0,
    )
    prior_strength: float = Field(
        default=0.5,
        description="power of the classes' shares by which probabilities are divided to be likelihoods; "
        "1: Bayes' rule, 0: probabilities as they are",
        ge=0,
        le=1,
    )
