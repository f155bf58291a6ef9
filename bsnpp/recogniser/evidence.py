"""Evidence about the segments of a recording: the recogniser's results, generator scores and panel classes.

The recogniser is a member of the panel (improvement B of the paper): its class probabilities are mixed with
those that a panel gives to the snippets inside a segment, or with the matches of a semi-Markov model of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from bsnpp.core.commandline import progress
from bsnpp.core.errors import UserError
from bsnpp.core.segments import Seconds, in_shares, seconds_of
from bsnpp.detection.scored_segments import Proposals
from bsnpp.recogniser.recogniser import Recognised, Recogniser
from bsnpp.recogniser.recordings import Recording
from bsnpp.recogniser.segments import best_overlap, dense_segments
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.snippets.segment_posterior import SegmentPosterior


class Panel(Protocol):
    """Class probabilities of snippets, by video."""

    @property
    def snippet_seconds(self) -> float:
        """Time from one snippet to the next [s]."""

    def probability_of(self, video: str) -> np.ndarray:
        """Return the probabilities of background and classes of the t snippets of a video: (t, K + 1)."""


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
        Mean class probabilities of the snippets inside each segment; with a semi-Markov model, how well the
        segment matches an instance of each class (`SegmentPosterior.match`): float64 (n, K).
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


@dataclass(frozen=True)
class Proposed:
    """The segments of a recording that the recogniser is given.

    Attributes
    ----------
    segments : Seconds
        Starts and ends [s]: float64 (m, 2).
    scores : np.ndarray
        Generator's score of each segment, at least 0: float64 (m,).
    posterior : SegmentPosterior or None
        Result of the recogniser's semi-Markov model, if it has one.
    """

    segments: Seconds
    scores: np.ndarray
    posterior: SegmentPosterior | None


def propose(
    recogniser: Recogniser,
    video: str,
    extent: float,
    segments: Seconds,
    scores: np.ndarray,
    panel: Panel | None,
) -> Proposed:
    """Add the segments of the recogniser's semi-Markov model, if it has one, to the proposals of a recording.

    Each gets the generator's score of the proposal with the highest tIoU, or the lowest score of all if none
    overlaps. Without any proposal, the scores are 1.

    Parameters
    ----------
    recogniser : Recogniser
        The trained recogniser.
    video : str
        Id of the recording.
    extent : float
        Its length in seconds.
    segments, scores
        The proposals: see `Proposed`.
    panel : Panel or None
        Class probabilities of the snippets of all recordings.

    Raises
    ------
    UserError
        If there is a semi-Markov model but no panel.
    """
    sequence = recogniser.sequence
    if sequence is None:
        return Proposed(segments, scores, None)
    if panel is None:
        raise UserError("the semi-Markov model of the recogniser needs the snippet classes of a panel")
    posterior = sequence.posterior(panel.probability_of(video))
    borders, _, _ = posterior.select(sequence.settings.per_class)
    added = np.minimum(np.unique(borders, axis=0) * panel.snippet_seconds, extent)
    added = Seconds(added[added[:, 0] < added[:, 1]])
    nearest = np.ones(len(added))
    if len(segments):
        tiou, row = best_overlap(added, segments)
        nearest = np.where(tiou > 0.0, scores[row], scores.min())
    return Proposed(Seconds(np.concatenate([segments, added])), np.concatenate([scores, nearest]), posterior)


def assemble_evidence(
    video: str, extent: float, recognised: Recognised, proposed: Proposed, panel: Panel | None
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
    proposed : Proposed
        The segments that the recogniser was given.
    panel : Panel or None
        Class probabilities of the snippets of all recordings.
    """
    pooled = None
    if panel is not None and proposed.posterior is not None:
        pooled = proposed.posterior.match(recognised.segments, panel.snippet_seconds)
    elif panel is not None:
        probability = panel.probability_of(video)
        pooled = pool_in_segments(probability, recognised.segments, panel.snippet_seconds)
    return Evidence(recognised, proposed.scores[recognised.rows], pooled, extent)


def recognise(
    recogniser: Recogniser,
    recordings: Mapping[str, Recording],
    proposals: pd.DataFrame | None,
    panel: Panel | None,
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
    panel : Panel or None
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
        proposed = propose(recogniser, video, recording.extent, segments, scores, panel)
        recognised = recogniser.score(recording, proposed.segments)
        yield video, assemble_evidence(video, recording.extent, recognised, proposed, panel)
