"""Choose the recogniser's settings by cross-validation over the training recordings.

The held-out recordings are searched with dense windows. A generator's proposals are no substitute: generators
are trained on all training recordings, where their segments and scores are better than elsewhere. So
`generator_power` is not searched here, and the recogniser is not trained on proposals. A panel can take part,
because its scores of training recordings are out-of-fold.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bsnpp.core.commandline import log
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.tables import detections_table
from bsnpp.evaluation.choice import choose_plainest
from bsnpp.evaluation.detection import weighted_average_precision
from bsnpp.evaluation.matching import match_detections
from bsnpp.recogniser.detections import recognised_detections
from bsnpp.recogniser.evidence import Evidence, assemble_evidence, propose
from bsnpp.recogniser.recogniser import train_recogniser
from bsnpp.recogniser.recordings import Instances, Recording, group_instances
from bsnpp.recogniser.segments import dense_segments
from bsnpp.recogniser.settings import RecognitionCandidates, RecognitionSettings
from bsnpp.stores.snippet_scores import SnippetScores

SEARCHED = list(RecognitionCandidates.model_fields)
"""The keys that are searched."""


@dataclass(frozen=True)
class TrainingSet:
    """Training recordings for cross-validation.

    Attributes
    ----------
    instances : DataFrame[video, start, end, label]
        Ground truth; start and end in seconds.
    folds : sequence of (sequence of str)
        Recordings of each fold: `bsnpp.snippets.classifier.group_folds`.
    classes : sequence of str
        The K class names in canonical order.
    panel : SnippetScores or None
        Out-of-fold class probabilities of the snippets of all recordings.
    snippet_seconds : float or None
        Time from one snippet to the next in seconds; None for whole videos.
    """

    instances: pd.DataFrame
    folds: Sequence[Sequence[str]]
    classes: Sequence[str]
    panel: SnippetScores | None
    snippet_seconds: float | None

    @cached_property
    def truth(self) -> dict[str, Instances]:
        """The ground truth of each recording that has any."""
        return group_instances(self.instances, self.classes)


@dataclass(frozen=True)
class HeldOut:
    """Evidence about every recording from a recogniser that was not trained on its fold.

    Attributes
    ----------
    plain, refined : dict of str to Evidence
        Evidence about the segments as proposed, and about the refined segments.
    """

    plain: dict[str, Evidence]
    refined: dict[str, Evidence]

    def of(self, settings: RecognitionSettings) -> dict[str, Evidence]:
        """Select the evidence about refined or plain segments by the key `refine`."""
        return self.refined if settings.refine else self.plain


def cross_validate(
    data: TrainingSet,
    read: Callable[[Sequence[str]], Mapping[str, Recording]],
    settings: RecognitionSettings,
    detection: LabellingSettings,
    thresholds: Sequence[float],
    seed: int,
) -> np.ndarray:
    """Score every alternative of the settings on every fold.

    Parameters
    ----------
    data : TrainingSet
        The training recordings.
    read : callable
        Reads the recordings with the features of the given encoders. One call per list of encoders.
    settings : RecognitionSettings
        Its `alternatives` are scored.
    detection : LabellingSettings
        Keys of class fusion and suppression.
    thresholds : sequence of float
        tIoU thresholds over which AP is averaged.
    seed : int
        Seed of the training.

    Returns
    -------
    np.ndarray
        Mean AP over thresholds and classes, a share: float64 (n alternatives, folds). Folds without an
        instance are left out; if that leaves fewer than two, all alternatives score 0 on a single fold, with
        a warning. A single alternative is not scored, because nothing depends on its score: NaN, (1, 1).
    """
    if len(settings.alternatives) == 1:
        log.info("there is a single alternative: nothing to compare")
        return np.full((1, 1), np.nan)
    held_out = {}
    for encoders in dict.fromkeys(one.encoders for one in settings.alternatives):
        encoded = settings.model_copy(update={"encoders": encoders})
        held_out[encoders] = recognise_held_out(data, read(encoders), encoded, seed)
        log.info("held-out recordings recognised with %s", ", ".join(encoders) or "all encoders")
    scores = np.array(
        [
            fold_scores(data, held_out[one.encoders], one, detection, thresholds)
            for one in settings.alternatives
        ]
    )
    scores = scores[:, np.isfinite(scores).all(axis=0)]
    if scores.shape[1] > 1:
        return scores
    warnings.warn(
        "fewer than two folds of training recordings have instances, so that the settings of the recogniser "
        "cannot be compared: the plainest ones are chosen",
        stacklevel=2,
    )
    return np.zeros((len(scores), 1))


def recognise_held_out(
    data: TrainingSet, recordings: Mapping[str, Recording], settings: RecognitionSettings, seed: int
) -> HeldOut:
    """Recognise the dense windows of each fold with a recogniser that is trained on the other folds."""
    held_out = HeldOut({}, {})
    for fold in data.folds:
        others = {name: recording for name, recording in recordings.items() if name not in fold}
        if not others.keys() & data.truth.keys():
            others = dict(recordings)
        recogniser = train_recogniser(others, data.truth, data.classes, data.snippet_seconds, settings, seed)
        for video in fold:
            recording = recordings[video]
            windows = dense_segments(recording.extent, settings.dense)
            ones = np.ones(len(windows))
            proposed = propose(recogniser, video, recording.extent, windows, ones, data.panel)
            plain = recogniser.recognise(recording, proposed.segments)
            refined = recogniser.refine(recording, plain)
            for evidence, recognised in ((held_out.plain, plain), (held_out.refined, refined)):
                evidence[video] = assemble_evidence(video, recording.extent, recognised, proposed, data.panel)
    return held_out


def fold_scores(
    data: TrainingSet,
    held_out: HeldOut,
    settings: RecognitionSettings,
    detection: LabellingSettings,
    thresholds: Sequence[float],
) -> np.ndarray:
    """Compute the mean AP over thresholds and classes on each fold, a share: float64 (folds,)."""
    evidence = held_out.of(settings)
    table = detections_table(
        (
            (video, one.extent, recognised_detections(one, settings, detection))
            for video, one in evidence.items()
        ),
        data.classes,
    )
    matches = match_detections(data.instances, table, thresholds, sorted(evidence))
    weights = np.array([[video in fold for video in matches.videos] for fold in data.folds])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Mean of empty slice")  # a fold without an instance is NaN
        return np.nanmean(weighted_average_precision(matches, weights), axis=(1, 2))


def search_table(alternatives: Sequence[RecognitionSettings], scores: np.ndarray) -> pd.DataFrame:
    """Tabulate the alternatives: searched keys, mean and spread over the folds in per cent, and chosen.

    The spread is the standard deviation.

    Parameters
    ----------
    alternatives : sequence of RecognitionSettings
        n alternatives, the plainest first.
    scores : np.ndarray
        Score of each alternative on each fold: float (n, folds).
    """
    rows = [settings.model_dump(mode="json", include=set(SEARCHED)) for settings in alternatives]
    table = pd.DataFrame(rows)[SEARCHED]
    table["encoders"] = table["encoders"].map("+".join)
    table["mean"] = 100.0 * scores.mean(axis=1)
    table["spread"] = 100.0 * scores.std(axis=1, ddof=min(1, scores.shape[1] - 1))
    table["chosen"] = np.arange(len(table)) == choose_plainest(scores)
    return table
