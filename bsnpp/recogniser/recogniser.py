"""The recogniser of proposals: predicts the class, the tIoU and refined edges of any segment of a recording.

The paper's abstract asks for "an optimal video classifier to recognize the generated proposals". Here it is
the mean of a small network, trees and a logistic regression, on features pooled inside and around a segment.
It is trained on instances, shifted copies of them, a generator's proposals near them, and dense windows. The
generator's score is not a feature: on the training recordings it is better than on others.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from bsnpp.core.calibration import UNCHANGED, Calibration
from bsnpp.core.segments import Seconds
from bsnpp.recogniser.features import edge_features, segment_features
from bsnpp.recogniser.recordings import Instances, Recording
from bsnpp.recogniser.regressors import make_regressor
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.recogniser.training_samples import sample_segments
from bsnpp.snippets.estimator_settings import Kind
from bsnpp.snippets.estimators import fit, make_classifier, make_constant
from bsnpp.snippets.scores import with_background
from bsnpp.snippets.segment_pooler import SegmentPooler
from bsnpp.snippets.semi_markov import SemiMarkovModel
from bsnpp.snippets.semi_markov_training import fit_semi_markov
from bsnpp.snippets.targets import snippet_targets

KINDS: tuple[Kind, ...] = ("network", "trees", "logistic")
"""Kinds of the classifiers, whose probabilities are averaged."""

SHORTEST_REFINED = 0.25
"""A refined segment shorter than this share of the original is discarded, and the original edges stay."""


@dataclass(frozen=True)
class Recognised:
    """Results for the segments that the recogniser kept.

    Attributes
    ----------
    rows : np.ndarray
        Their rows among the given segments: int64 (n,), increasing.
    segments : Seconds
        Start and end in seconds, refined or not: float64 (n, 2), start < end.
    probability : np.ndarray
        Class probabilities without the background: float64 (n, K), each row sums to at most 1.
    tiou : np.ndarray
        Predicted tIoU with the nearest instance of any class: float64 (n,) in [0, 1].
    """

    rows: np.ndarray
    segments: Seconds
    probability: np.ndarray
    tiou: np.ndarray


@dataclass(frozen=True)
class Recogniser:
    """Fitted estimators; see `train_recogniser`.

    Attributes
    ----------
    classes : list of str
        The K class names in canonical order.
    classifiers, overlaps, offsets : list of Pipeline, or of PlainEstimator
        Estimators of the class, of the tIoU, and of the offsets of start and end in seconds; their arrays
        alone if they were read from a file.
    snippet_seconds : float or None
        Time from one snippet to the next in seconds; None for whole videos, where it differs between videos.
    settings : RecognitionSettings
        The settings of the training.
    sequence : SemiMarkovModel or None
        Model of the classes of snippets; None without the key `sequence`.
    calibration : Calibration
        Function of the scores of detections, fitted on validation after the training; `UNCHANGED` without the
        key `calibrated`.
    """

    classes: list[str]
    classifiers: list[Pipeline]
    overlaps: list[Pipeline]
    offsets: list[Pipeline]
    snippet_seconds: float | None
    settings: RecognitionSettings
    sequence: SemiMarkovModel | None = None
    calibration: Calibration = UNCHANGED

    def score(self, recording: Recording, segments: Seconds) -> Recognised:
        """Recognise segments, and refine their edges if the key `refine` is set.

        Parameters
        ----------
        recording : Recording
            The recording, with the features that the recogniser was trained on, in the same order.
        segments : Seconds
            Start and end in seconds: float (n, 2), start < end.

        Returns
        -------
        Recognised
            The `refined` segments with the highest product of class probability and tIoU.
        """
        recognised = self.recognise(recording, segments)
        return self.refine(recording, recognised) if self.settings.refine else recognised

    def recognise(self, recording: Recording, segments: Seconds) -> Recognised:
        """Recognise segments without refinement: see `score`."""
        if not len(segments):
            return Recognised(
                np.empty(0, np.int64),
                Seconds(np.empty((0, 2))),
                np.empty((0, len(self.classes))),
                np.empty(0),
            )
        probability, tiou = self._recognise(self._pooler(recording), segments)
        quality = probability.max(axis=1) * tiou
        rows = np.sort(np.argsort(-quality, kind="stable")[: self.settings.refined])
        return Recognised(rows, Seconds(segments[rows]), probability[rows], tiou[rows])

    def refine(self, recording: Recording, recognised: Recognised) -> Recognised:
        """Move the edges of segments by the predicted offsets, and recognise them again.

        Probability and tIoU are the geometric means of those before and after: a good segment must be good in
        both places. A second round of refinement does not improve the result.
        """
        if not len(recognised.rows):
            return recognised
        pooler = self._pooler(recording)
        moved = self._move_edges(pooler, recognised.segments, recording.extent)
        probability, tiou = self._recognise(pooler, moved)
        return Recognised(
            recognised.rows,
            moved,
            np.sqrt(recognised.probability * probability),
            np.sqrt(recognised.tiou * tiou),
        )

    def _pooler(self, recording: Recording) -> SegmentPooler:
        return SegmentPooler(recording.sequence, recording.snippet_seconds)

    def _recognise(self, pooler: SegmentPooler, segments: Seconds) -> tuple[np.ndarray, np.ndarray]:
        """Predict class probabilities without the background (n, K) and tIoU (n,)."""
        features = segment_features(pooler, segments, self.settings.context_seconds)
        probability = np.zeros((len(segments), len(self.classes) + 1))
        for classifier in self.classifiers:
            probability[:, classifier.classes_] += classifier.predict_proba(features) / len(self.classifiers)
        tiou = np.mean([regressor.predict(features) for regressor in self.overlaps], axis=0)
        return probability[:, 1:], np.clip(tiou.astype(np.float64), 0.0, 1.0)

    def _move_edges(self, pooler: SegmentPooler, segments: Seconds, extent: float) -> Seconds:
        """Move both edges by the predicted offsets, clipped to the recording: float64 (n, 2)."""
        features = edge_features(pooler, segments, self.settings.context_seconds, self.settings.edge_snippets)
        offsets = np.column_stack([regressor.predict(features) for regressor in self.offsets])
        moved = np.clip(segments + offsets, 0.0, extent)
        length = segments[:, 1] - segments[:, 0]
        long_enough = moved[:, 1] - moved[:, 0] >= SHORTEST_REFINED * length
        return Seconds(np.where(long_enough[:, None], moved, segments))


def train_recogniser(
    recordings: Mapping[str, Recording],
    instances: Mapping[str, Instances],
    classes: Sequence[str],
    snippet_seconds: float | None,
    settings: RecognitionSettings,
    seed: int,
) -> Recogniser:
    """Train a recogniser. The same arguments give the same recogniser.

    Parameters
    ----------
    recordings : mapping of str to Recording
        The training recordings.
    instances : mapping of str to Instances
        Their ground truth. A recording may have none.
    classes : sequence of str
        The K class names in canonical order.
    snippet_seconds : float or None
        Time from one snippet to the next in seconds; None for whole videos.
    settings : RecognitionSettings
        Sampling, features and estimators.
    seed : int
        Seed of the sampling, the trees and the networks.

    Raises
    ------
    UserError
        If no recording has an instance.
    """
    samples = sample_segments(recordings, instances, settings, np.random.default_rng(seed))
    labelled = samples.labels >= 0
    estimator = settings.estimator
    classifiers = [make_classifier(kind, estimator, seed) for kind in KINDS]
    overlaps = [make_regressor(kind, estimator, seed) for kind in ("network", "trees")]
    # Trees alone: a network overfits thousands of edge features of a few thousand segments.
    offsets = [make_regressor("trees", estimator, seed) for _ in ("start", "end")]
    if len(np.unique(samples.labels[labelled])) == 1:
        warnings.warn("all training segments of the recogniser have one class: it is constant", stacklevel=2)
        classifiers = [make_constant() for _ in KINDS]
    for classifier in classifiers:
        fit(classifier, samples.features[labelled], samples.labels[labelled])
    for regressor in overlaps:
        fit(regressor, samples.features, samples.tiou)
    for regressor, target in zip(offsets, samples.offsets.T, strict=True):
        fit(regressor, samples.edges, target)
    sequence = None
    if settings.sequence is not None and snippet_seconds is not None:
        paths = _paths(recordings, instances, classes, snippet_seconds)
        sequence = fit_semi_markov(paths, len(classes) + 1, snippet_seconds, settings.sequence)
    return Recogniser(list(classes), classifiers, overlaps, offsets, snippet_seconds, settings, sequence)


def _paths(
    recordings: Mapping[str, Recording],
    instances: Mapping[str, Instances],
    classes: Sequence[str],
    snippet_seconds: float,
) -> list[np.ndarray]:
    """Return the class of every snippet of the annotated recordings."""
    names = with_background(classes)
    return [
        snippet_targets(
            instances[video].table(classes), names, len(recordings[video].sequence), snippet_seconds
        )
        for video in sorted(recordings)
        if video in instances
    ]
