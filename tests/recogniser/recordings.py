"""Simulated recordings with instances of two classes."""

import numpy as np

from bsnpp.recogniser.recordings import Instances, Recording
from bsnpp.recogniser.settings import DenseSettings, RecognitionSettings
from bsnpp.snippets.estimator_settings import EstimatorSettings

SECONDS = 0.5
SETTINGS = RecognitionSettings(
    estimator=EstimatorSettings(trees=20),
    dense=DenseSettings(shortest=2.0, longest=12.0, ratio=1.5),
    edge_snippets=3,
    refined=200,
)


def world(seed: int, count: int) -> tuple[dict[str, Recording], dict[str, Instances]]:
    """Simulate recordings of 60 s: noise (120, 4), with one instance of either class in its channel."""
    rng = np.random.default_rng(seed)
    recordings, truth = {}, {}
    for number in range(count):
        sequence = 0.3 * rng.normal(size=(120, 4)).astype(np.float32)
        start = np.array([rng.integers(4, 40), rng.integers(64, 100)]) * SECONDS
        segments = np.column_stack([start, start + rng.integers(8, 20, 2) * SECONDS])
        segments = np.minimum(segments, 58.0)
        labels = rng.permutation(2)
        for (first, stop), label in zip((segments / SECONDS).astype(int), labels, strict=True):
            sequence[first:stop, label] += 2.0
        recordings[f"r{number}"] = Recording(sequence, 60.0, SECONDS)
        truth[f"r{number}"] = Instances(segments, labels)
    return recordings, truth
