"""Class probabilities of videos by the panel of a bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from bsnpp.classification.mixing import mix_logits
from bsnpp.classification.video_classifier import TrainedClassifier, predict_logits


@dataclass(frozen=True)
class PanelClassifier:
    """A classifier of the panel: outside, or trained on the features of an encoder."""

    name: str
    weight: float
    temperature: float
    encoder: str | None
    trained: TrainedClassifier | None


def class_probabilities(
    panel: Sequence[PanelClassifier],
    features: Mapping[str, np.ndarray],
    logits: Mapping[str, np.ndarray],
) -> np.ndarray:
    """Fuse the scores of a panel's classifiers.

    Parameters
    ----------
    panel : sequence of PanelClassifier
        Classifiers of weight above 0.
    features : mapping of str to np.ndarray
        Features of n videos at the training scale, by encoder: float32 (n, C, T).
    logits : mapping of str to np.ndarray
        Logits of each outside classifier by name: float64 (n, K).

    Returns
    -------
    np.ndarray
        float64 (n, K), rows sum to 1.
    """
    members = [
        logits[member.name]
        if member.trained is None or member.encoder is None
        else _trained_logits(member.trained, features[member.encoder])
        for member in panel
    ]
    weights = np.array([member.weight for member in panel])
    temperatures = np.array([member.temperature for member in panel])
    return np.asarray(softmax(mix_logits(members, weights, temperatures), axis=1))


def _trained_logits(classifier: TrainedClassifier, features: np.ndarray) -> np.ndarray:
    """Return the logits of n videos, (n, K)."""
    if len(features) > 1:
        return predict_logits(classifier, features)
    # BLAS multiplies a single row in another kernel, which may differ in the last bit.
    return predict_logits(classifier, np.repeat(features, 2, axis=0))[:1]
