"""The channels of an encoder as class scores of snippets."""

import numpy as np
import pytest
from scipy.special import softmax

from bsnpp.core.errors import UserError
from bsnpp.snippets.outside import snippet_logits

CLASSES = ["background", "cut", "mix"]


@pytest.fixture
def sequences() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        video: random.dirichlet(np.ones(3), rows).astype(np.float32) for video, rows in (("a", 4), ("b", 1))
    }


def test_probabilities_are_recovered(sequences: dict[str, np.ndarray]) -> None:
    scores = snippet_logits(sequences, CLASSES, "probabilities", 0.5)
    assert scores.videos == ["a", "b"] and scores.lengths.tolist() == [4, 1]
    assert scores.classes == CLASSES and scores.snippet_seconds == 0.5
    np.testing.assert_allclose(
        softmax(scores.logits, axis=1), np.concatenate(list(sequences.values())), rtol=1e-6
    )


def test_logits_are_unchanged(sequences: dict[str, np.ndarray]) -> None:
    margins = {video: 4 * values - 2 for video, values in sequences.items()}
    scores = snippet_logits(margins, CLASSES, "logits", 0.5)
    np.testing.assert_array_equal(scores.logits, np.concatenate(list(margins.values())))


def test_probabilities_are_not_accepted_as_logits(sequences: dict[str, np.ndarray]) -> None:
    with pytest.raises(UserError, match=r"a: every row lies in .* set `scores` to `probabilities`"):
        snippet_logits(sequences, CLASSES, "logits", 0.5)


def test_every_faulty_recording_is_named(sequences: dict[str, np.ndarray]) -> None:
    faulty = {**sequences, "c": np.zeros((2, 4)), "d": np.full((2, 3), 1.5)}
    with pytest.raises(UserError) as caught:
        snippet_logits(faulty, CLASSES, "probabilities", 0.5)
    assert "c: 4 channels, expected 3" in str(caught.value)
    assert "d: values from 1.5 to 1.5 are not probabilities" in str(caught.value)
