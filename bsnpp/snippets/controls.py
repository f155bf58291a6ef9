"""Controls: detections from the classes of snippets alone, with or without a model of their sequence."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bsnpp.core.settings import Settings
from bsnpp.snippets.runs import detect_runs, detect_segments
from bsnpp.snippets.semi_markov import fit_semi_markov
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
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

    smoothing: SmoothingSettings | None = None
    semi_markov: SemiMarkovSettings | None = None


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
    """
    if training is None or instances is None:
        return detect_runs
    targets, states = scored_targets(training, instances).values(), len(training.classes)
    if settings.semi_markov is not None:
        segments = fit_semi_markov(targets, states, training.snippet_seconds, settings.semi_markov)
        return partial(detect_segments, model=segments, per_class=settings.semi_markov.per_class)
    if settings.smoothing is not None:
        return partial(detect_runs, model=fit_markov_model(targets, states, settings.smoothing))
    return detect_runs
