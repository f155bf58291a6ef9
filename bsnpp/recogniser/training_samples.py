"""Draw the training segments of the recogniser, with their features and targets."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.segments import Seconds
from bsnpp.recogniser.features import edge_features, segment_features
from bsnpp.recogniser.recordings import Instances, Recording
from bsnpp.recogniser.segments import best_overlap, close_proposals, training_segments
from bsnpp.recogniser.settings import RecognitionSettings
from bsnpp.snippets.segment_pooler import SegmentPooler


@dataclass(frozen=True)
class TrainingSamples:
    """Training segments: their features and targets.

    Attributes
    ----------
    features : np.ndarray
        Pooled features of every segment: float32 (n, 6 C + 1).
    labels : np.ndarray
        0 for background, class + 1, or -1 where the segment is not used to train classes: int64 (n,).
    tiou : np.ndarray
        tIoU with the nearest instance: float64 (n,).
    edges : np.ndarray
        Edge features of the p segments with a tIoU above `negative`: float32 (p, (6 + 4 reach) C + 1).
    offsets : np.ndarray
        Offsets from their edges to those of the nearest instance in seconds: float64 (p, 2).
    """

    features: np.ndarray
    labels: np.ndarray
    tiou: np.ndarray
    edges: np.ndarray
    offsets: np.ndarray


def sample_segments(
    recordings: Mapping[str, Recording],
    instances: Mapping[str, Instances],
    settings: RecognitionSettings,
    rng: np.random.Generator,
) -> TrainingSamples:
    """Draw the training segments of all recordings; arguments as in `train_recogniser`.

    `rng` is the source of shifts and of the choice of windows.
    """
    annotated = [video for video in sorted(recordings) if video in instances and len(instances[video].labels)]
    if not annotated:
        raise UserError("the recogniser needs training recordings with at least one instance")
    parts = [_sample_recording(recordings[video], instances[video], settings, rng) for video in annotated]
    return TrainingSamples(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in TrainingSamples.__annotations__)
    )


def _sample_recording(
    recording: Recording,
    truth: Instances,
    settings: RecognitionSettings,
    rng: np.random.Generator,
) -> TrainingSamples:
    """Draw the training segments of one recording."""
    drawn = training_segments(recording.extent, truth.segments, settings, rng)
    close = close_proposals(recording.generated, truth.segments, settings)
    segments = Seconds(np.concatenate([drawn, close]))
    tiou, nearest = best_overlap(segments, truth.segments)
    labels = np.full(len(segments), -1)
    labels[tiou < settings.negative] = 0
    positive = tiou > settings.positive
    labels[positive] = truth.labels[nearest[positive]] + 1
    pooler = SegmentPooler(recording.sequence, recording.snippet_seconds)
    near = tiou > settings.negative
    offsets = truth.segments[nearest[near]] - segments[near]
    return TrainingSamples(
        segment_features(pooler, segments, settings.context_seconds),
        labels,
        tiou,
        edge_features(pooler, Seconds(segments[near]), settings.context_seconds, settings.edge_snippets),
        np.clip(offsets, -settings.largest_offset, settings.largest_offset),
    )
