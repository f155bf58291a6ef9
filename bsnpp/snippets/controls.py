"""Controls: detections from the classes of snippets alone, with or without a model of their sequence."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from bsnpp.core.errors import UserError
from bsnpp.core.settings import Settings
from bsnpp.snippets.runs import detect_runs, detect_segments
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.semi_markov_training import fit_semi_markov
from bsnpp.snippets.smoothing import fit_markov_model
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from bsnpp.snippets.targets import scored_targets
from bsnpp.stores.snippet_scores import SnippetScores

if TYPE_CHECKING:
    import pandas as pd

Detect = Callable[[SnippetScores, "pd.DataFrame"], "pd.DataFrame"]
"""From snippet scores and the table of recordings (video, extent) to the table of detections."""


class ControlSettings(Settings):
    """Model of a control, at most one. Without any, the snippet classes are used as they are."""

    smoothing: SmoothingSettings | None = Field(None, description="Hidden Markov model")
    semi_markov: SemiMarkovSettings | None = Field(None, description="Semi-Markov model")

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if self.smoothing is not None and self.semi_markov is not None:
            raise ValueError("smoothing and semi_markov are two models; set one of them")
        return self


def fit_control(
    settings: ControlSettings, training: SnippetScores | None, instances: "pd.DataFrame | None"
) -> Detect:
    """Fit the model of a control, if it has one, and return the function that detects.

    Parameters
    ----------
    settings : ControlSettings
        The model.
    training : SnippetScores or None
        Class scores of the training recordings, which give their classes and numbers of snippets.
    instances : DataFrame[video, start, end, label] or None
        Their instances [s].

    Raises
    ------
    UserError
        If there is a model but no training recordings.
    """
    model = settings.semi_markov or settings.smoothing
    if model is None:
        return detect_runs
    if training is None or instances is None:
        raise UserError("a model of snippet classes needs --training and --instances")
    targets, states = scored_targets(training, instances).values(), len(training.classes)
    if isinstance(model, SemiMarkovSettings):
        segments = fit_semi_markov(targets, states, training.snippet_seconds, model)
        return partial(detect_segments, model=segments)
    return partial(detect_runs, model=fit_markov_model(targets, states, model))
