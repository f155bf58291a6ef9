"""Classifiers of scikit-learn: standardised features, seeded, single-threaded."""

import warnings
from typing import Any

import numpy as np
from scipy.special import log_softmax
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.classification.logits import probabilities_to_logits, with_unseen_classes
from bsnpp.snippets.estimator_settings import EstimatorSettings, Kind

BATCH = 256


def make_classifier(kind: Kind, settings: EstimatorSettings, seed: int) -> Pipeline:
    """Make an unfitted classifier that standardises its features."""
    if kind == "logistic":
        return make_pipeline(
            StandardScaler(),
            LogisticRegression(C=settings.regularisation, max_iter=settings.max_iterations),
        )
    if kind == "trees":
        trees = ExtraTreesClassifier(
            settings.trees, min_samples_leaf=settings.smallest_leaf, random_state=seed
        )
        return make_pipeline(StandardScaler(), trees)
    return make_pipeline(StandardScaler(), MLPClassifier(**network_options(settings), random_state=seed))


def make_constant() -> Pipeline:
    """Make an unfitted classifier for targets of a single class: a tree, which other kinds refuse."""
    return make_pipeline(StandardScaler(), ExtraTreesClassifier(1, random_state=0))


def network_options(settings: EstimatorSettings) -> dict[str, Any]:
    """Return the parameters of scikit-learn's networks with one hidden layer."""
    return {
        "hidden_layer_sizes": (settings.hidden_units,),
        "alpha": settings.weight_decay,
        "max_iter": settings.epochs,
        "batch_size": BATCH,
    }


def fit(estimator: Pipeline, features: np.ndarray, targets: np.ndarray) -> Pipeline:
    """Fit an estimator and return it, without warnings about the iteration limit, which is a setting."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        # With fewer samples than a batch, scikit-learn reduces the batch size and warns.
        warnings.filterwarnings("ignore", message="Got `batch_size` less than 1 or larger than")
        return estimator.fit(features, targets)


def class_logits(classifier: Pipeline, features: np.ndarray, classes: int) -> np.ndarray:
    """Predict log-probabilities, including classes without training samples (`with_unseen_classes`).

    Parameters
    ----------
    classifier : Pipeline
        Classifier fitted on integer labels below `classes`.
    features : np.ndarray
        Features of n samples, float (n, F).
    classes : int
        Number of classes.

    Returns
    -------
    np.ndarray
        Log-probabilities, float64 (n, classes).
    """
    logits = log_softmax(probabilities_to_logits(classifier.predict_proba(features)), axis=1)
    return with_unseen_classes(logits, classifier.classes_, classes)
