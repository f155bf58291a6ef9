"""Evidence about proposals and about dense windows, with the classes of a panel."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.core.errors import UserError
from bsnpp.core.segments import Seconds
from bsnpp.recogniser.evidence import propose, recognise
from bsnpp.recogniser.recogniser import Recognised, Recogniser
from bsnpp.recogniser.recordings import Recording
from bsnpp.recogniser.segments import dense_segments
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.semi_markov_training import fit_semi_markov
from bsnpp.stores.snippet_scores import SnippetScores

SETTINGS = RecognitionSettings()
RECORDINGS = {video: Recording(np.zeros((8, 1), np.float32), 4.0, 0.5) for video in ("r", "s")}
PROPOSALS = pd.DataFrame(
    {
        "video": ["r", "s", "r", "r"],
        "score": [0.9, 0.8, 0.7, 0.6],
        "start": [0.0, 0.5, 1.0, 2.0],
        "end": [2.0, 3.0, 3.0, 4.0],
    }
)


class LastSegments(Recogniser):
    """Keeps all segments but the first."""

    def score(self, recording: Recording, segments: np.ndarray) -> Recognised:
        """Return constant results."""
        rows = np.arange(1, len(segments))
        return Recognised(rows, segments[rows], np.full((len(rows), 2), 0.5), np.ones(len(rows)))


@pytest.fixture
def recogniser() -> Recogniser:
    return LastSegments(["a", "b"], [], [], [], 0.5, SETTINGS)


def test_scores_and_panel_belong_to_the_kept_segments(recogniser: Recogniser) -> None:
    logits = np.random.default_rng(0).normal(size=(16, 3)).astype(np.float32)
    panel = SnippetScores(["r", "s"], np.array([8, 8]), ["background", "a", "b"], logits, 0.5)
    evidence = dict(recognise(recogniser, RECORDINGS, PROPOSALS, panel))
    assert evidence["r"].generator.tolist() == [0.7, 0.6] and evidence["s"].generator.tolist() == []
    np.testing.assert_array_equal(evidence["r"].recognised.segments, [[1.0, 3.0], [2.0, 4.0]])
    pooled = pool_in_segments(panel.probability_of("r"), evidence["r"].recognised.segments, 0.5)
    np.testing.assert_array_equal(evidence["r"].panel, pooled)
    proposals = evidence["r"].proposals(SETTINGS)
    np.testing.assert_array_equal(proposals.segments, [[0.25, 0.75], [0.5, 1.0]])
    np.testing.assert_allclose(proposals.scores, np.sqrt([0.7, 0.6]))


def test_dense_windows_have_the_generator_score_1(recogniser: Recogniser) -> None:
    for _, evidence in recognise(recogniser, RECORDINGS, None, None):
        windows = dense_segments(4.0, SETTINGS.dense)
        np.testing.assert_array_equal(evidence.recognised.segments, windows[1:])
        assert (evidence.generator == 1).all() and evidence.panel is None and evidence.extent == 4.0


def test_the_semi_markov_model_adds_segments_and_matches() -> None:
    settings = RecognitionSettings(panel="all", sequence=SemiMarkovSettings())
    sequence = fit_semi_markov([np.repeat([0, 1, 2], [2, 3, 3])] * 3, 3, 0.5, SemiMarkovSettings())
    recogniser = LastSegments(["a", "b"], [], [], [], 0.5, settings, sequence)
    logits = np.log(np.full((16, 3), 0.1, np.float32))
    logits[np.arange(16), np.tile(np.repeat([0, 1, 2], [2, 3, 3]), 2)] = np.log(0.8)
    panel = SnippetScores(["r", "s"], np.array([8, 8]), ["background", "a", "b"], logits, 0.5)
    evidence = dict(recognise(recogniser, RECORDINGS, PROPOSALS, panel))["r"]
    segments = evidence.recognised.segments
    assert {(1.0, 2.5), (2.5, 4.0)} <= set(map(tuple, segments.tolist()))
    assert evidence.panel is not None
    expected = sequence.posterior(panel.probability_of("r")).match(segments, 0.5)
    np.testing.assert_array_equal(evidence.panel, expected)

    given = Seconds(np.array([[0.0, 1.9], [1.0, 2.4]]))
    proposed = propose(recogniser, "r", 4.0, given, np.array([0.3, 0.7]), panel)
    scores = dict(zip(map(tuple, proposed.segments.tolist()), proposed.scores.tolist(), strict=True))
    assert proposed.segments[:2].tolist() == given.tolist()
    assert scores[1.0, 2.5] == 0.7, "of the proposal with the highest tIoU"
    assert scores[2.5, 4.0] == 0.3, "no proposal overlaps"
    with pytest.raises(UserError, match="needs the snippet classes"):
        propose(recogniser, "r", 4.0, given, np.array([0.3, 0.7]), None)
    none = propose(recogniser, "r", 4.0, Seconds(np.empty((0, 2))), np.empty(0), panel)
    assert len(none.scores) > 0 and (none.scores == 1.0).all()
