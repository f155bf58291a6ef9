"""Runs of snippet classes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.snippets.runs import detect_runs, group_runs, runs_table
from bsnpp.snippets.smoothing import fit_markov_model
from bsnpp.snippets.smoothing_settings import SmoothingSettings
from bsnpp.stores.snippet_scores import SnippetScores
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


def test_runs_are_in_seconds_and_end_with_the_recording() -> None:
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


def test_runs_are_detected_with_and_without_smoothing() -> None:
    probability = np.full((12, 3), 0.1)
    truth = np.repeat([0, 1, 0], 4)
    probability[np.arange(12), truth] = 0.8
    probability[5] = [0.1, 0.3, 0.6]
    logits = np.log(probability).astype(np.float32)
    scores = SnippetScores(["a", "other"], np.array([12, 0]), CLASSES, logits, 0.5)
    videos = pd.DataFrame({"video": ["a"], "extent": [6.0]})
    plain = detect_runs(scores, videos)
    assert plain["label"].tolist() == ["run", "walk", "run"]
    assert plain["start"].tolist() == [2.0, 2.5, 3.0] and plain["end"].tolist() == [2.5, 3.0, 4.0]
    model = fit_markov_model([np.repeat([0, 1, 0, 2], 20)] * 5, 3, SmoothingSettings())
    (row,) = detect_runs(scores, videos, model).to_dict("records")
    assert (row["label"], row["start"], row["end"]) == ("run", 2.0, 4.0)
    assert row["score"] == pytest.approx((3 * 0.8 + 0.3) / 4)
