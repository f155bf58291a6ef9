"""Settings of the estimators of scikit-learn, for classifiers of snippets and of proposals."""

from typing import Literal

from pydantic import Field

from bsnpp.core.settings import Settings

Kind = Literal["logistic", "trees", "network"]
"""Kinds of classifiers: logistic regression, extremely randomised trees, a network with one hidden layer."""


class EstimatorSettings(Settings):
    """Estimators of scikit-learn on standardised features; each kind reads its own keys."""

    regularisation: float = Field(
        default=0.01, description="Inverse strength C of the L2 penalty; smaller is smoother (logistic)", gt=0
    )
    max_iterations: int = Field(
        default=40, description="Maximum number of iterations of the solver (logistic)", ge=1, le=1_000_000
    )
    trees: int = Field(default=100, description="Number of trees (trees)", ge=1, le=10_000)
    smallest_leaf: int = Field(
        default=3,
        description="Minimum number of samples in a leaf; more is smoother (trees)",
        ge=1,
        le=10_000,
    )
    hidden_units: int = Field(default=64, description="Units of the hidden layer (network)", ge=1, le=10_000)
    weight_decay: float = Field(
        default=0.01, description="Strength of the L2 penalty; larger is smoother (network)", ge=0
    )
    epochs: int = Field(default=20, description="Epochs, passes over the samples (network)", ge=1, le=10_000)
