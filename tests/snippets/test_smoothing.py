"""Hidden Markov model, compared with all paths."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.snippets.smoothing import fit_markov_model, viterbi
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from tests.reference import snippet_scores as reference


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 3))
def test_no_path_is_better(seed: int, length: int, states: int) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.normal(size=states), rng.normal(size=(states, states)), rng.normal(size=(length, states))
    path = viterbi(*parts)
    result = reference.path_score(tuple(path.tolist()), *parts)
    np.testing.assert_allclose(result, reference.best_path_score(*parts), atol=1e-12)


def test_the_model_is_counted() -> None:
    paths = [np.array([0, 0, 1, 1, 1]), np.array([1, 0])]
    model = fit_markov_model(paths, 3, SmoothingSettings(pseudo_count=1e-12))
    np.testing.assert_allclose(model.initial, [0.5, 0.5, 0.0], atol=1e-9)
    np.testing.assert_allclose(model.prior, [3 / 7, 4 / 7, 0.0], atol=1e-9)
    np.testing.assert_allclose(model.transition[:2], [[0.5, 0.5, 0], [1 / 3, 2 / 3, 0]], atol=1e-9)
    # Every transition from an unseen class is equally likely.
    np.testing.assert_allclose(model.transition[2], 1 / 3, atol=1e-9)


def test_smoothing_removes_a_single_snippet_and_keeps_a_change() -> None:
    truth = np.repeat([0, 1, 0, 2], 20)
    model = fit_markov_model([truth] * 5, 3, SmoothingSettings())
    probability = np.full((80, 3), 0.1)
    probability[np.arange(80), truth] = 0.8
    probability[30] = [0.1, 0.1, 0.8]
    assert probability.argmax(axis=1)[30] == 2
    assert model.smooth(probability).tolist() == truth.tolist()


def test_a_lower_prior_strength_favours_frequent_classes() -> None:
    truth = np.array([0] * 90 + [1] * 10)
    probability = np.tile([0.55, 0.45], (1, 1))
    result = [
        fit_markov_model([truth, np.array([1, 0])], 2, SmoothingSettings(prior_strength=strength))
        .smooth(probability)
        .tolist()
        for strength in (0.0, 1.0)
    ]
    assert result == [[0], [1]]
