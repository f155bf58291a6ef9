"""Classifiers of videos that are trained here, on features and labels of the challenge."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.classification.logits import with_unseen_classes
from bsnpp.classification.video_classifier_settings import ClassifierSettings
from bsnpp.core.errors import UserError


@dataclass(frozen=True)
class TrainedClassifier:
    """A fitted classifier of videos.

    Attributes
    ----------
    classes : list of str
        The K classes of the challenge.
    known : list of str
        The classes with a training video, in the order of `classes`.
    pipeline : Pipeline
        Classifier of pooled features into `known`.
    """

    classes: list[str]
    known: list[str]
    pipeline: Pipeline


def pool_features(features: np.ndarray) -> np.ndarray:
    """Pool feature sequences over time: mean and maximum of each channel.

    The mean describes what fills the video; the maximum keeps short instances that the mean would lose.

    Parameters
    ----------
    features : np.ndarray
        Features of N videos, float (N, C, T), T at least 1.

    Returns
    -------
    np.ndarray
        Means, then maxima: float64 (N, 2C).
    """
    if features.ndim != 3 or features.shape[2] == 0:
        raise ValueError(f"features must be (N, C, T) with T above 0, not {features.shape}")
    return np.concatenate([features.mean(axis=2, dtype=np.float64), features.max(axis=2)], axis=1)


def train_classifier(
    features: np.ndarray, labels: Sequence[str], classes: Sequence[str], settings: ClassifierSettings
) -> TrainedClassifier:
    """Fit a logistic regression on standardised, pooled features. Deterministic.

    If all training videos have the same class, the classifier always predicts that class.

    Parameters
    ----------
    features : np.ndarray
        Features of the training videos only, float (N, C, T).
    labels : sequence of str
        Class of each of them (`longest_labels`).
    classes : sequence of str
        The K classes of the challenge. Classes without a training video give a warning and are never
        predicted.
    settings : ClassifierSettings
        Regularisation and number of iterations.

    Raises
    ------
    UserError
        If there is no training video, or features are not finite.
    ValueError
        If the numbers of features and labels differ, or a label is unknown.
    """
    if len(features) != len(labels) or not set(labels) <= set(classes):
        unknown = sorted(set(labels) - set(classes))
        raise ValueError(f"{len(features)} features for {len(labels)} labels; unknown labels: {unknown}")
    known = [name for name in classes if name in set(labels)]
    if not known:
        raise UserError("a classifier needs training videos with annotations, but there are none")
    pooled = pool_features(features)
    if not np.isfinite(pooled).all():
        bad = np.flatnonzero(~np.isfinite(pooled).all(axis=1)).tolist()
        raise UserError(
            f"features of the training videos at rows {bad[:20]} are not finite; import them again"
        )
    if len(known) < len(classes):
        missing = [name for name in classes if name not in known]
        warnings.warn(
            f"classes without a training video are never predicted: {', '.join(missing)}", stacklevel=2
        )
    regression = LogisticRegression(C=settings.regularisation, max_iter=settings.max_iterations)
    pipeline = make_pipeline(StandardScaler(), regression)
    if len(known) == 1:
        warnings.warn(f"all training videos have the class {known[0]}: it is always predicted", stacklevel=2)
        return TrainedClassifier(list(classes), known, _constant(pooled))
    # With indices into `known` as labels, the columns of the regression have the order of `known`.
    place = {name: index for index, name in enumerate(known)}
    pipeline.fit(pooled, [place[label] for label in labels])
    return TrainedClassifier(list(classes), known, pipeline)


def _constant(pooled: np.ndarray) -> Pipeline:
    """Return a pipeline that is fitted to a single class, which scikit-learn refuses: all weights are 0."""
    scaler, regression = StandardScaler().fit(pooled), LogisticRegression()
    regression.coef_, regression.intercept_ = np.zeros((1, pooled.shape[1])), np.zeros(1)
    regression.classes_, regression.n_features_in_ = np.arange(1), pooled.shape[1]
    return make_pipeline(scaler, regression)


def predict_logits(classifier: TrainedClassifier, features: np.ndarray) -> np.ndarray:
    """Predict the log-probabilities of videos.

    Parameters
    ----------
    classifier : TrainedClassifier
        A fitted classifier.
    features : np.ndarray
        Features of N videos, float (N, C, T).

    Returns
    -------
    np.ndarray
        Log-probabilities in the order of `classifier.classes`, float64 (N, K). Classes without a training
        video get the floor of `with_unseen_classes`.
    """
    decision = classifier.pipeline.decision_function(pool_features(features))
    if len(classifier.known) == 1:
        decision = np.reshape(decision, (-1, 1))
    elif decision.ndim == 1:
        # For two classes scikit-learn returns one column: the logit of the second; that of the first is 0.
        decision = np.stack([np.zeros_like(decision), decision], axis=1)
    columns = [classifier.classes.index(name) for name in classifier.known]
    return with_unseen_classes(log_softmax(decision, axis=1), columns, len(classifier.classes))
