"""The recogniser's settings, chosen by cross-validation over the training videos.

The held-out recordings are searched with dense windows. Their generator's proposals would not do: generators
are trained on all training videos, and here both their segments and their scores are better than on others.
So `generator_power` is not chosen here, and no proposals are learned from; the panel's scores of training
recordings are out-of-fold already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.detection import weighted_average_precision
from bsnpp.evaluation.matching import match_detections
from bsnpp.recogniser.detections import Evidence, recognised_detections
from bsnpp.recogniser.recogniser import Instances, Recognised, Recogniser, Recording, train_recogniser
from bsnpp.recogniser.samples import dense_segments
from bsnpp.recogniser.settings import RecognitionCandidates, RecognitionSettings
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.stores.snippet_scores import SnippetScores

CHOSEN_AMONG = list(RecognitionCandidates.model_fields)


@dataclass(frozen=True)
class TrainingSet:
    """What is cross-validated on.

    Attributes
    ----------
    instances : pd.DataFrame
        Ground truth: columns video, start, end, label.
    truth : mapping of str to Instances
        The same, as the recogniser learns it.
    folds : sequence of sequence of str
        Recordings of each part: `group_folds`.
    classes : sequence of str
        K names in canonical order.
    panel : SnippetScores or None
        Out-of-fold snippet classes of all recordings.
    snippet_seconds : float
        Seconds from one snippet to the next.
    """

    instances: pd.DataFrame
    truth: Mapping[str, Instances]
    folds: Sequence[Sequence[str]]
    classes: Sequence[str]
    panel: SnippetScores | None
    snippet_seconds: float


@dataclass(frozen=True)
class HeldOut:
    """Evidence of every recording by a recogniser that did not see its person: as proposed, and refined."""

    plain: dict[str, Evidence]
    refined: dict[str, Evidence]

    def of(self, settings: RecognitionSettings) -> dict[str, Evidence]:
        """That of the refined or of the plain segments."""
        return self.refined if settings.refine else self.plain


def recognise_held_out(
    data: TrainingSet, recordings: Mapping[str, Recording], settings: RecognitionSettings, seed: int
) -> HeldOut:
    """Train a recogniser without each part in turn, and recognise dense windows of that part with it."""
    held_out = HeldOut({}, {})
    for part in data.folds:
        others = {video: recording for video, recording in recordings.items() if video not in part}
        recogniser = train_recogniser(others, data.truth, data.classes, data.snippet_seconds, settings, seed)
        for video in part:
            plain, refined = _recognise(recogniser, recordings[video])
            held_out.plain[video] = _evidence(data, video, recordings[video], plain)
            held_out.refined[video] = _evidence(data, video, recordings[video], refined)
    return held_out


def _recognise(recogniser: Recogniser, recording: Recording) -> tuple[Recognised, Recognised]:
    windows = dense_segments(recording.extent, recogniser.settings.dense)
    plain = recogniser.recognise(recording, windows)
    return plain, recogniser.refine(recording, plain)


def _evidence(data: TrainingSet, video: str, recording: Recording, found: Recognised) -> Evidence:
    panel = None
    if data.panel is not None:
        panel = pool_in_segments(data.panel.probability_of(video), found.segments, data.snippet_seconds)
    return Evidence(found, np.ones(len(found.rows)), panel, recording.extent)


def fold_scores(
    data: TrainingSet,
    held_out: HeldOut,
    settings: RecognitionSettings,
    detection: DetectionSettings,
    thresholds: Sequence[float],
) -> np.ndarray:
    """Mean AP over thresholds and classes of each part, as a share: float64 (folds,)."""
    evidence = held_out.of(settings)
    found = [(video, recognised_detections(each, settings, detection)) for video, each in evidence.items()]
    extent = {video: each.extent for video, each in evidence.items()}
    table = detections_table(found, extent, data.classes)
    matches = match_detections(data.instances, table, thresholds, sorted(evidence))
    shares = np.array([[video in part for video in matches.videos] for part in data.folds])
    return np.nanmean(weighted_average_precision(matches, shares), axis=(1, 2))


def choose(scores: np.ndarray) -> int:
    """The plainest setting that is as good as the best: the rule of one standard error, paired.

    Parameters
    ----------
    scores : np.ndarray
        Of every setting, the plainest first, on every fold: float (n, folds).

    Returns
    -------
    int
        The first row whose mean falls short of the best one's by no more than the standard error of their
        difference over the folds. Folds that are hard for all count for nothing.
    """
    shortfall = scores[scores.mean(axis=1).argmax()] - scores
    error = shortfall.std(axis=1, ddof=1) / np.sqrt(scores.shape[1])
    return int(np.flatnonzero(shortfall.mean(axis=1) <= error)[0])


def search_table(alternatives: Sequence[RecognitionSettings], scores: np.ndarray) -> pd.DataFrame:
    """One row a setting: its keys, mean and spread (standard deviation) over the folds in per cent, chosen.

    Parameters
    ----------
    alternatives : sequence of RecognitionSettings
        n of them, the plainest first.
    scores : np.ndarray
        float (n, folds).
    """
    rows = [settings.model_dump(mode="json", include=set(CHOSEN_AMONG)) for settings in alternatives]
    table = pd.DataFrame(rows)[CHOSEN_AMONG]
    table["encoders"] = table["encoders"].map("+".join)
    table["mean"] = 100.0 * scores.mean(axis=1)
    table["spread"] = 100.0 * scores.std(axis=1, ddof=1)
    table["chosen"] = np.arange(len(table)) == choose(scores)
    return table
