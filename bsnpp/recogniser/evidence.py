"""Evidence about the segments of a recording: the recogniser's results, generator scores and panel classes.

The recogniser is a member of the panel (improvement B of the paper): its class probabilities are mixed with
those that a panel gives to the snippets inside a segment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.commandline import progress
from bsnpp.core.segments import in_shares, seconds_of
from bsnpp.detection.scored_segments import Proposals
from bsnpp.recogniser.recogniser import Recognised, Recogniser
from bsnpp.recogniser.recordings import Recording
from bsnpp.recogniser.segments import dense_segments
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.stores.snippet_scores import SnippetScores


@dataclass(frozen=True)
class Evidence:
    """All that is known about n segments of a recording.

    Attributes
    ----------
    recognised : Recognised
        Results of the recogniser for the segments that it kept.
    generator : np.ndarray
        Score of each segment by its generator, at least 0; ones for dense windows: float64 (n,).
    panel : np.ndarray or None
        Mean class probabilities of the snippets inside each segment: float64 (n, K).
    extent : float
        Length of the recording in seconds.
    """

    recognised: Recognised
    generator: np.ndarray
    panel: np.ndarray | None
    extent: float

    def probability(self, settings: RecognitionSettings) -> np.ndarray:
        """Mix the class probabilities of recogniser and panel: float64 (n, K), each row sums to at most 1."""
        own = self.recognised.probability
        if self.panel is None:
            return own
        return (1.0 - settings.panel_weight) * own + settings.panel_weight * self.panel

    def proposals(self, settings: RecognitionSettings) -> Proposals:
        """Score the segments without classes: tIoU ^ tiou_power x generator's score ^ generator_power.

        Segments are shares of the recording.
        """
        scores = self.recognised.tiou**settings.tiou_power * self.generator**settings.generator_power
        return Proposals(in_shares(self.recognised.segments, self.extent), scores)


def assemble_evidence(
    video: str, extent: float, recognised: Recognised, scores: np.ndarray, panel: SnippetScores | None
) -> Evidence:
    """Collect the evidence about the segments of one recording.

    Parameters
    ----------
    video : str
        Id of the recording.
    extent : float
        Its length in seconds.
    recognised : Recognised
        Results of the recogniser.
    scores : np.ndarray
        Generator's score of every segment that the recogniser was given, at least 0: float64 (m,).
    panel : SnippetScores or None
        Class probabilities of the snippets of all recordings.
    """
    pooled = None
    if panel is not None:
        probability = panel.probability_of(video)
        pooled = pool_in_segments(probability, recognised.segments, panel.snippet_seconds)
    return Evidence(recognised, scores[recognised.rows], pooled, extent)


def recognise(
    recogniser: Recogniser,
    recordings: Mapping[str, Recording],
    proposals: pd.DataFrame | None,
    panel: SnippetScores | None,
) -> Iterator[tuple[str, Evidence]]:
    """Recognise the segments of every recording.

    Parameters
    ----------
    recogniser : Recogniser
        The trained recogniser.
    recordings : mapping of str to Recording
        Recordings by id, with the features that the recogniser was trained on.
    proposals : DataFrame[video, score, start, end] or None
        Proposals of a generator; start and end in seconds. None: dense windows.
    panel : SnippetScores or None
        Class probabilities of the snippets of all recordings.
    """
    for video, recording in progress(recordings.items(), len(recordings), "recordings"):
        if proposals is None:
            segments = dense_segments(recording.extent, recogniser.settings.dense)
            scores = np.ones(len(segments))
        else:
            rows = proposals[proposals["video"] == video]
            segments = seconds_of(rows)
            scores = rows["score"].to_numpy(dtype=np.float64)
        recognised = recogniser.score(recording, segments)
        yield video, assemble_evidence(video, recording.extent, recognised, scores, panel)
