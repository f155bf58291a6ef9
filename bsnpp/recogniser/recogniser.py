"""The recogniser of proposals: class, tIoU and better edges of any segment of a recording.

The paper's abstract asks for "an optimal video classifier to recognize the generated proposals". Here it is
the mean of a small network, trees and a logistic regression on features pooled inside and around a segment.
It learns from instances, shifted copies of them, a generator's proposals near them, and windows from
anywhere. The generator's score is none of its features: of training recordings it is better than it will be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.pipeline import Pipeline

from bsnpp.core.errors import UserError
from bsnpp.recogniser.features import edge_features, segment_features
from bsnpp.recogniser.regressors import make_regressor
from bsnpp.recogniser.samples import best_overlap, close_proposals, training_segments
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.estimator_settings import Kind
from bsnpp.snippets.estimators import fit, make_classifier
from bsnpp.snippets.segment_pooler import SegmentPooler

KINDS: tuple[Kind, ...] = ("network", "trees", "logistic")
LEAST_SHARE = 0.25
"""A refined segment is at least this share of what it was, or its edges stay."""


@dataclass(frozen=True)
class Recording:
    """Features of one recording: `sequence` float32 (t, C), of `extent` seconds.

    `generated`: for training, proposals in seconds, float64 (p, 2).
    """

    sequence: np.ndarray
    extent: float
    generated: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))


@dataclass(frozen=True)
class Instances:
    """Ground truth of one recording: `segments` in seconds, float64 (m, 2), `labels` int64 (m,) below K."""

    segments: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Recognised:
    """What a recogniser says of the segments that it kept.

    Attributes
    ----------
    rows : np.ndarray
        Which of the given segments they are: int64 (n,), rising.
    segments : np.ndarray
        Start and end in seconds, refined or not: float64 (n, 2), start < end.
    probability : np.ndarray
        Of each class, float64 (n, K), rows of sum 1 at most: the background is left out.
    tiou : np.ndarray
        Predicted tIoU with an instance of any class: float64 (n,) in [0, 1].
    """

    rows: np.ndarray
    segments: np.ndarray
    probability: np.ndarray
    tiou: np.ndarray


@dataclass(frozen=True)
class Recogniser:
    """Fitted estimators; made by `train_recogniser`."""

    classes: list[str]
    classifiers: list[Pipeline]
    overlaps: list[Pipeline]
    offsets: list[Pipeline]
    snippet_seconds: float
    settings: RecognitionSettings

    def score(self, recording: Recording, segments: np.ndarray) -> Recognised:
        """Score segments, keep the best `refined` ones and, if `refine`, refine their edges.

        Parameters
        ----------
        recording : Recording
            With the features of the training, in the same order.
        segments : np.ndarray
            Start and end in seconds: float (n, 2), start < end.
        """
        found = self.recognise(recording, segments)
        return self.refine(recording, found) if self.settings.refine else found

    def recognise(self, recording: Recording, segments: np.ndarray) -> Recognised:
        """Score segments as they are and keep the best `refined` ones: see `score`."""
        if not len(segments):
            return Recognised(
                np.empty(0, np.int64), np.empty((0, 2)), np.empty((0, len(self.classes))), np.empty(0)
            )
        probability, tiou = self._recognise(self._pooler(recording), segments)
        promise = probability.max(axis=1) * tiou
        rows = np.sort(np.argsort(-promise, kind="stable")[: self.settings.refined])
        return Recognised(rows, segments[rows], probability[rows], tiou[rows])

    def refine(self, recording: Recording, found: Recognised) -> Recognised:
        """Move the edges of recognised segments by the regressed offsets, and score them again.

        Probability and tIoU are geometric means of those before and after: a segment is good if it was good
        where it was proposed, and is so where it ended. A second round moves nothing for the better.
        """
        if not len(found.rows):
            return found
        pooler = self._pooler(recording)
        moved = self._moved(pooler, found.segments, recording.extent)
        probability, tiou = self._recognise(pooler, moved)
        return Recognised(
            found.rows, moved, np.sqrt(found.probability * probability), np.sqrt(found.tiou * tiou)
        )

    def _pooler(self, recording: Recording) -> SegmentPooler:
        return SegmentPooler(recording.sequence, self.snippet_seconds)

    def _recognise(self, pooler: SegmentPooler, segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Class probabilities (n, K) without the background, and tIoU (n,)."""
        features = segment_features(pooler, segments, self.settings.context_seconds)
        probability = np.zeros((len(segments), len(self.classes) + 1))
        for classifier in self.classifiers:
            probability[:, classifier.classes_] += classifier.predict_proba(features) / len(self.classifiers)
        tiou = np.mean([regressor.predict(features) for regressor in self.overlaps], axis=0)
        return probability[:, 1:], np.clip(tiou.astype(np.float64), 0.0, 1.0)

    def _moved(self, pooler: SegmentPooler, segments: np.ndarray, extent: float) -> np.ndarray:
        """Move both edges by the regressed offsets, inside the recording: float64 (n, 2)."""
        features = edge_features(pooler, segments, self.settings.context_seconds, self.settings.edge_snippets)
        offsets = np.column_stack([regressor.predict(features) for regressor in self.offsets])
        moved = np.clip(segments + offsets, 0.0, extent)
        length = segments[:, 1] - segments[:, 0]
        kept = moved[:, 1] - moved[:, 0] >= LEAST_SHARE * length
        return np.where(kept[:, None], moved, segments)


@dataclass(frozen=True)
class _Samples:
    """Training segments of all recordings: what is seen of them, and what is to be told."""

    features: np.ndarray  # (n, 6 C + 1)
    labels: np.ndarray  # (n,): 0 background, class + 1, or -1 where no class is taught
    tiou: np.ndarray  # (n,)
    edges: np.ndarray  # (p, (6 + 4 reach) C + 1) of those with a tIoU above `negative`
    offsets: np.ndarray  # (p, 2) seconds


def train_recogniser(
    recordings: Mapping[str, Recording],
    instances: Mapping[str, Instances],
    classes: Sequence[str],
    snippet_seconds: float,
    settings: RecognitionSettings,
    seed: int,
) -> Recogniser:
    """Fit a recogniser on the ground truth of recordings. Deterministic.

    Parameters
    ----------
    recordings : mapping of str to Recording
        The training recordings, and no other.
    instances : mapping of str to Instances
        Their ground truth; a recording may have none.
    classes : sequence of str
        K names in canonical order.
    snippet_seconds : float
        Seconds from one snippet to the next.
    settings : RecognitionSettings
        What is sampled, seen and fitted.
    seed : int
        Of the sampling, the trees and the networks.

    Raises
    ------
    UserError
        If the recordings show no instance.
    """
    samples = _sample(recordings, instances, snippet_seconds, settings, np.random.default_rng(seed))
    taught = samples.labels >= 0
    estimator = settings.estimator
    classifiers = [make_classifier(kind, estimator, seed) for kind in KINDS]
    overlaps = [make_regressor(kind, estimator, seed) for kind in ("network", "trees")]
    # Trees alone: thousands of edge features from a few thousand segments lead a network astray.
    offsets = [make_regressor("trees", estimator, seed) for _ in ("start", "end")]
    for classifier in classifiers:
        fit(classifier, samples.features[taught], samples.labels[taught])
    for regressor in overlaps:
        fit(regressor, samples.features, samples.tiou)
    for regressor, target in zip(offsets, samples.offsets.T, strict=True):
        fit(regressor, samples.edges, target)
    return Recogniser(list(classes), classifiers, overlaps, offsets, snippet_seconds, settings)


def _sample(
    recordings: Mapping[str, Recording],
    instances: Mapping[str, Instances],
    snippet_seconds: float,
    settings: RecognitionSettings,
    rng: np.random.Generator,
) -> _Samples:
    annotated = [video for video in sorted(recordings) if video in instances and len(instances[video].labels)]
    if not annotated:
        raise UserError("a recogniser needs training recordings with at least one instance")
    parts = [
        _sample_recording(recordings[video], instances[video], snippet_seconds, settings, rng)
        for video in annotated
    ]
    return _Samples(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in _Samples.__annotations__)
    )


def _sample_recording(
    recording: Recording,
    truth: Instances,
    snippet_seconds: float,
    settings: RecognitionSettings,
    rng: np.random.Generator,
) -> _Samples:
    drawn = training_segments(recording.extent, truth.segments, settings, rng)
    segments = np.concatenate([drawn, close_proposals(recording.generated, truth.segments, settings)])
    tiou, nearest = best_overlap(segments, truth.segments)
    labels = np.full(len(segments), -1)
    labels[tiou < settings.negative] = 0
    positive = tiou > settings.positive
    labels[positive] = truth.labels[nearest[positive]] + 1
    pooler = SegmentPooler(recording.sequence, snippet_seconds)
    near = tiou > settings.negative
    offsets = truth.segments[nearest[near]] - segments[near]
    return _Samples(
        segment_features(pooler, segments, settings.context_seconds),
        labels,
        tiou,
        edge_features(pooler, segments[near], settings.context_seconds, settings.edge_snippets),
        np.clip(offsets, -settings.largest_offset, settings.largest_offset),
    )
