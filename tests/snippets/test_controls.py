"""Controls: which model detects, and models without training recordings."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from bsnpp.core.errors import UserError
from bsnpp.snippets.controls import ControlSettings, fit_control
from bsnpp.snippets.runs import detect_runs, detect_segments
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.semi_markov_training import fit_semi_markov
from bsnpp.snippets.smoothing import fit_markov_model
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from bsnpp.snippets.targets import scored_targets
from bsnpp.stores.snippet_scores import SnippetScores

VIDEOS = pd.DataFrame({"video": ["r", "s"], "extent": [40.0, 40.0]})
INSTANCES = pd.DataFrame(
    {
        "video": ["r", "r", "s"],
        "start": [5.0, 20.0, 10.0],
        "end": [12.0, 31.0, 22.0],
        "label": ["a", "b", "a"],
    }
)
MODELS = {"smoothing": SmoothingSettings(), "semi_markov": SemiMarkovSettings()}


@pytest.fixture
def scores() -> SnippetScores:
    logits = np.random.default_rng(0).normal(size=(80, 3)).astype(np.float32)
    return SnippetScores(["r", "s"], np.array([40, 40]), ["background", "a", "b"], logits, 1.0)


def test_every_control_detects_with_its_model(scores: SnippetScores) -> None:
    targets = list(scored_targets(scores, INSTANCES).values())
    segments = fit_semi_markov(targets, 3, 1.0, SemiMarkovSettings())
    expected = {
        "smoothing": detect_runs(scores, VIDEOS, fit_markov_model(targets, 3, SmoothingSettings())),
        "semi_markov": detect_segments(scores, VIDEOS, segments),
    }
    for name, model in MODELS.items():
        detect = fit_control(ControlSettings(**{name: model}), scores, INSTANCES)
        pd.testing.assert_frame_equal(detect(scores, VIDEOS), expected[name])
    plain = fit_control(ControlSettings(), scores, INSTANCES)
    pd.testing.assert_frame_equal(plain(scores, VIDEOS), detect_runs(scores, VIDEOS))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_without_training_recordings_is_refused(name: str, scores: SnippetScores) -> None:
    with pytest.raises(UserError, match="needs --training and --instances"):
        fit_control(ControlSettings(**{name: MODELS[name]}), None, None)
    assert fit_control(ControlSettings(), None, None) is detect_runs


def test_two_models_are_refused() -> None:
    with pytest.raises(ValidationError, match="set one of them"):
        ControlSettings(**MODELS)
