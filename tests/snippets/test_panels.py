"""Panels of classifiers of snippets."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bsnpp.classification.panels import fuse_scores
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.core.errors import UserError
from bsnpp.snippets import panels
from bsnpp.snippets.panels import fuse_snippet_scores, search_snippet_weights
from bsnpp.stores.class_scores import ClassScores
from bsnpp.stores.snippet_scores import SnippetScores

CLASSES = ["background", "run", "walk"]


def scores(seed: int = 0) -> SnippetScores:
    logits = np.random.default_rng(seed).normal(size=(7, 3)).astype(np.float32)
    return SnippetScores(["b", "a"], np.array([4, 3]), CLASSES, logits, 0.4)


def test_snippets_are_fused_like_videos() -> None:
    members = [scores(0), scores(1)]
    weights, temperatures = np.array([0.3, 0.7]), np.array([2.0, 0.5])
    fused = fuse_snippet_scores(members, weights, temperatures)
    rows = [str(row) for row in range(7)]
    expected = fuse_scores(
        [ClassScores(rows, CLASSES, member.logits.astype(np.float64)) for member in members],
        weights,
        temperatures,
    )
    np.testing.assert_allclose(np.exp(fused.logits), expected, rtol=1e-5)
    assert fused.videos == ["b", "a"]


def test_different_members_are_refused() -> None:
    other = replace(scores(), videos=["a", "b"])
    with pytest.raises(UserError, match="differ"):
        fuse_snippet_scores([scores(), other], np.ones(2), np.ones(2))


@pytest.mark.parametrize("searched", [2000, 20])
def test_the_member_that_knows_the_classes_gets_all_the_weight(
    monkeypatch: pytest.MonkeyPatch, searched: int
) -> None:
    monkeypatch.setattr(panels, "SEARCHED", searched)
    instances = pd.DataFrame({"video": ["a"], "start": [2.0], "end": [4.0], "label": ["walk"]})
    truth = np.repeat([0, 2, 0], 10)
    rng = np.random.default_rng(0)
    good = (4 * np.eye(3)[truth] + rng.normal(size=(30, 3))).astype(np.float32)
    members = [
        SnippetScores(["a"], np.array([30]), CLASSES, logits, 0.2)
        for logits in (rng.normal(size=(30, 3)).astype(np.float32), good)
    ]
    settings = WeightSearchSettings()
    search = search_snippet_weights(members, instances, settings, "best", ["one", "two"])
    assert search.weights.tolist() == [0.0, 1.0]
    kept = slice(None, None, 1 + 30 // searched)
    assert search.alone[1] == np.mean(good.argmax(axis=1)[kept] == truth[kept])
