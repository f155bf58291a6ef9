"""Classifiers of videos trained here, for whoever has features and labels but no outside results."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.classification.settings import ClassifierSettings
from bsnpp.core.errors import UserError
from bsnpp.stores.class_scores import FLOOR


@dataclass(frozen=True)
class TrainedClassifier:
    """A fitted classifier: `classes` are the challenge's K names, `known` those with a training video."""

    classes: list[str]
    known: list[str]
    pipeline: Pipeline


def pool_features(features: np.ndarray) -> np.ndarray:
    """Pool feature sequences (N, C, T) over time to (N, 2C): the mean, then the maximum, of each channel.

    The mean tells what fills the video, but a short instance drowns in it; the maximum keeps that.
    """
    if features.ndim != 3 or features.shape[2] == 0:
        raise ValueError(f"features must be (N, C, T) with T above 0, not {features.shape}")
    return np.concatenate([features.mean(axis=2, dtype=np.float64), features.max(axis=2)], axis=1)


def train_classifier(
    features: np.ndarray, labels: Sequence[str], classes: Sequence[str], settings: ClassifierSettings
) -> TrainedClassifier:
    """Fit a logistic regression on standardised, pooled features. Deterministic.

    Parameters
    ----------
    features
        (N, C, T) of the training videos, and of no other.
    labels
        The class of each of them (`targets.longest_labels`).
    classes
        The K names of the challenge. One without a training video is warned of, and never predicted.

    Raises
    ------
    UserError
        If the videos show fewer than two classes, or features are not finite.
    ValueError
        If the numbers of features and labels differ, or a label is none of the classes.
    """
    if len(features) != len(labels) or not set(labels) <= set(classes):
        unknown = sorted(set(labels) - set(classes))
        raise ValueError(f"{len(features)} features for {len(labels)} labels; unknown labels: {unknown}")
    known = [name for name in classes if name in set(labels)]
    if len(known) < 2:
        raise UserError(f"a classifier needs training videos of at least two classes; found only {known}")
    pooled = pool_features(features)
    if not np.isfinite(pooled).all():
        bad = np.flatnonzero(~np.isfinite(pooled).all(axis=1)).tolist()
        raise UserError(
            f"features of the training videos at rows {bad[:20]} are not finite; import them again"
        )
    if len(known) < len(classes):
        missing = [name for name in classes if name not in known]
        warnings.warn(
            f"classes without a training video, never predicted: {', '.join(missing)}", stacklevel=2
        )
    regression = LogisticRegression(C=settings.regularisation, max_iter=settings.max_iterations)
    pipeline = make_pipeline(StandardScaler(), regression)
    # Labels as places in `known`: the regression's columns then stand in that order.
    place = {name: index for index, name in enumerate(known)}
    pipeline.fit(pooled, [place[label] for label in labels])
    return TrainedClassifier(list(classes), known, pipeline)


def predict_logits(classifier: TrainedClassifier, features: np.ndarray) -> np.ndarray:
    """Return logits (N, K) float64 in the order of `classifier.classes`.

    A class without a training video stands at 1e-8 of the row's best, or at the row's least if lower.
    """
    decision = classifier.pipeline.decision_function(pool_features(features))
    # Of two classes scikit-learn returns one column: the second's logit, the first's being 0.
    decision = decision if decision.ndim == 2 else np.stack([np.zeros_like(decision), decision], axis=1)
    log_probabilities = log_softmax(decision, axis=1)
    floor = np.minimum(log_probabilities.min(axis=1), log_probabilities.max(axis=1) + FLOOR)
    logits = np.repeat(floor[:, None], len(classifier.classes), axis=1)
    logits[:, [classifier.classes.index(name) for name in classifier.known]] = log_probabilities
    return logits
