"""Settings of the classifiers of snippets."""

from pydantic import Field

from bsnpp.core.settings import Settings
from bsnpp.snippets.estimator_settings import EstimatorSettings, Kind


class SnippetClassifierSettings(Settings):
    """A classifier of snippets, background included, trained on the training recordings."""

    kind: Kind = Field(
        default="logistic",
        description="Estimator. logistic: logistic regression; trees: extremely randomised trees; network: "
        "one hidden layer",
    )
    estimator: EstimatorSettings = Field(
        default_factory=EstimatorSettings,
        description="Parameters of the estimator; keys of other kinds are ignored",
    )
    context_seconds: float = Field(
        default=2.0,
        description="Context before and after a snippet; its mean features are added to those of the "
        "snippet [s]",
        gt=0,
    )
    training_snippets: int = Field(
        default=10_000,
        description="Approximate maximum number of snippets to train one model on, evenly spaced; limits the "
        "training time",
        ge=1,
    )
    folds: int = Field(
        default=4,
        description="Folds of the training videos; a group (person) is never split. Each fold is scored by a "
        "model trained on the other folds",
        ge=2,
        le=1000,
    )
