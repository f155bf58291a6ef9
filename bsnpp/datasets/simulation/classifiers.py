"""What simulated classifiers say of the simulated videos."""

from collections.abc import Sequence

import numpy as np

from bsnpp.datasets.simulation.settings import SimulatedClassifier, SimulationSettings
from bsnpp.datasets.simulation.videos import Video

# Random streams of a video, beside those of `signals`; the second stands for one stream per classifier.
SHARED_ERRORS, OWN_ERRORS = 4, 2000
STRONGEST = 100.0


def classify(
    settings: SimulationSettings, seed: int, classifier: SimulatedClassifier, videos: Sequence[Video]
) -> np.ndarray:
    """Return the rows (N, K) that a classifier writes for videos, in the order of the class indices.

    In units of the noise, the class of the longest annotated time stands a strength above the others, and a
    second class half of that; the strength is what gives these videos the accuracy asked for.
    """
    number = settings.classifiers.index(classifier)
    truth = np.stack([_truth(settings, video) for video in videos])
    shape = settings.classes
    shared = np.stack([video.generator(seed, SHARED_ERRORS).normal(size=shape) for video in videos])
    own = np.stack([video.generator(seed, OWN_ERRORS + number).normal(size=shape) for video in videos])
    noise = np.sqrt(settings.shared_errors) * shared + np.sqrt(1 - settings.shared_errors) * own
    strength = _strength(truth, noise, classifier.accuracy)
    # strength * x is the log-posterior of this model up to a constant: the calibrated logits.
    logits = classifier.temperature * strength * (strength * truth + noise)
    if classifier.kind == "logits":
        return logits
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _truth(settings: SimulationSettings, video: Video) -> np.ndarray:
    """Return (K,): 1 for the class of the longest annotated time, 0.5 for another annotated one, else 0."""
    truth, time = np.zeros(settings.classes), np.zeros(settings.classes)
    for start, end, label in video.annotations:
        truth[label], time[label] = 0.5, time[label] + end - start
    truth[time.argmax()] = 1.0
    return truth


def _strength(truth: np.ndarray, noise: np.ndarray, accuracy: float) -> float:
    """Bisect the least strength with which the best class is a true one in this share of the rows."""
    rows = np.arange(len(truth))
    low, high = 0.0, STRONGEST
    for _ in range(50):
        middle = (low + high) / 2
        right = truth[rows, (middle * truth + noise).argmax(axis=1)] > 0
        low, high = (low, middle) if right.mean() >= accuracy else (middle, high)
    return high
