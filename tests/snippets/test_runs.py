"""Controls: runs of snippets, and the hidden Markov model that smooths them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.snippets.runs import group_runs, runs_table
from bsnpp.snippets.smoothing import fit_markov_model, viterbi
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from tests.reference import snippet_scores as reference

CLASSES = ["background", "run", "walk"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=15), st.integers(0, 1000))
def test_runs_equal_plain_loops(states: list[int], seed: int) -> None:
    probability = np.random.default_rng(seed).dirichlet(np.ones(3), len(states))
    borders, state, score = group_runs(np.array(states), probability)
    expected = reference.group_runs(states, probability)
    assert [(*pair, label) for pair, label in zip(borders.tolist(), state.tolist(), strict=True)] == [
        row[:3] for row in expected
    ]
    np.testing.assert_allclose(score, [row[3] for row in expected], atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 3))
def test_no_path_is_better(seed: int, length: int, states: int) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.normal(size=states), rng.normal(size=(states, states)), rng.normal(size=(length, states))
    path = viterbi(*parts)
    found = reference.path_score(tuple(path.tolist()), *parts)
    np.testing.assert_allclose(found, reference.best_path_score(*parts), atol=1e-12)


def test_the_chain_is_counted() -> None:
    paths = [np.array([0, 0, 1, 1, 1]), np.array([1, 0])]
    model = fit_markov_model(paths, 3, SmoothingSettings(pseudo_count=1e-12))
    np.testing.assert_allclose(model.initial, [0.5, 0.5, 0.0], atol=1e-9)
    np.testing.assert_allclose(model.prior, [3 / 7, 4 / 7, 0.0], atol=1e-9)
    np.testing.assert_allclose(model.transition[:2], [[0.5, 0.5, 0], [1 / 3, 2 / 3, 0]], atol=1e-9)
    # A class that was never left is as likely to go anywhere.
    np.testing.assert_allclose(model.transition[2], 1 / 3, atol=1e-9)


def test_smoothing_removes_a_blink_and_keeps_a_change() -> None:
    truth = np.repeat([0, 1, 0, 2], 20)
    model = fit_markov_model([truth] * 5, 3, SmoothingSettings())
    probability = np.full((80, 3), 0.1)
    probability[np.arange(80), truth] = 0.8
    probability[30] = [0.1, 0.1, 0.8]
    assert probability.argmax(axis=1)[30] == 2
    assert model.smooth(probability).tolist() == truth.tolist()


def test_less_prior_strength_favours_frequent_classes() -> None:
    truth = np.array([0] * 90 + [1] * 10)
    probability = np.tile([0.55, 0.45], (1, 1))
    found = [
        fit_markov_model([truth, np.array([1, 0])], 2, SmoothingSettings(prior_strength=strength))
        .smooth(probability)
        .tolist()
        for strength in (0.0, 1.0)
    ]
    assert found == [[0], [1]]


def test_runs_in_seconds_end_with_the_recording() -> None:
    probability = np.eye(3)[[1, 1, 0, 2]]
    runs = [("b", group_runs(np.array([1, 1, 0, 2]), probability))]
    table = runs_table(runs, CLASSES, 0.5, {"b": 1.75})
    assert table.to_dict("list") == {
        "video": ["b", "b"],
        "label": ["run", "walk"],
        "score": [1.0, 1.0],
        "start": [0.0, 1.5],
        "end": [1.0, 1.75],
    }
    assert len(runs_table(runs, CLASSES, 0.5, {"b": 1.5})) == 1
    assert runs_table([], CLASSES, 0.5, {}).empty
