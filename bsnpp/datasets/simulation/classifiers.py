"""Scores of the simulated classifiers."""

from collections.abc import Sequence

import numpy as np

from bsnpp.datasets.simulation.settings import SimulatedClassifier, SimulationSettings
from bsnpp.datasets.simulation.videos import Video

# Random streams of a video, in addition to those of `signals`. The second one plus the number of the
# classifier.
SHARED_ERRORS, OWN_ERRORS = 4, 2000
STRONGEST = 100.0


def classify(
    settings: SimulationSettings, seed: int, classifier: SimulatedClassifier, videos: Sequence[Video]
) -> np.ndarray:
    """Draw the scores of a classifier.

    In units of the noise, the class with the longest annotated time is raised by a strength and a second
    class by half of it. The strength is chosen such that the classifier has its accuracy on these videos.

    Returns
    -------
    np.ndarray
        Logits or probabilities (N, K), classes in the order of their index.
    """
    number = settings.classifiers.index(classifier)
    truth = np.stack([_truth(settings, video) for video in videos])
    shape = settings.classes
    shared = np.stack([video.generator(seed, SHARED_ERRORS).normal(size=shape) for video in videos])
    own = np.stack([video.generator(seed, OWN_ERRORS + number).normal(size=shape) for video in videos])
    noise = np.sqrt(settings.shared_errors) * shared + np.sqrt(1 - settings.shared_errors) * own
    strength = _strength(truth, noise, classifier.accuracy)
    # strength * x is the log-posterior of this model up to a constant, that is, the calibrated logits.
    logits = classifier.temperature * strength * (strength * truth + noise)
    if classifier.kind == "logits":
        return logits
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _truth(settings: SimulationSettings, video: Video) -> np.ndarray:
    """Return 1 for the class with the longest annotated time, 0.5 for another annotated one, else 0: (K,)."""
    truth, time = np.zeros(settings.classes), np.zeros(settings.classes)
    for start, end, label in video.annotations:
        truth[label], time[label] = 0.5, time[label] + end - start
    truth[time.argmax()] = 1.0
    return truth


def _strength(truth: np.ndarray, noise: np.ndarray, accuracy: float) -> float:
    """Find the lowest strength with which the best class is a true one in this share of the rows."""
    rows = np.arange(len(truth))
    low, high = 0.0, STRONGEST
    for _ in range(50):
        middle = (low + high) / 2
        correct = truth[rows, (middle * truth + noise).argmax(axis=1)] > 0
        low, high = (low, middle) if correct.mean() >= accuracy else (middle, high)
    return high
