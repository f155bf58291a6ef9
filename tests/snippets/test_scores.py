"""Class scores of the snippets of many recordings."""

from dataclasses import replace

import numpy as np
import pytest

from bsnpp.classification.scores import fuse_scores
from bsnpp.core.errors import UserError
from bsnpp.snippets.scores import fuse_snippet_scores, join_recordings, with_background
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


def test_recordings_are_joined_in_their_order() -> None:
    logits = {"b": np.zeros((4, 3), dtype=np.float32), "a": np.ones((3, 3), dtype=np.float32)}
    joined = join_recordings(logits, with_background(["run", "walk"]), 0.4)
    assert (joined.videos, joined.classes, joined.snippet_seconds) == (["b", "a"], CLASSES, 0.4)
    assert joined.lengths.tolist() == [4, 3]
    assert joined.logits[:, 0].tolist() == [0.0] * 4 + [1.0] * 3
