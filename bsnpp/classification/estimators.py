"""scikit-learn's estimators as this stage uses them: standardised, seeded, on one thread."""

import warnings
from typing import Literal

import numpy as np
from scipy.special import log_softmax
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.classification.scores import FLOOR, probabilities_to_logits
from bsnpp.classification.settings import EstimatorSettings, Kind

BATCH = 256
VIEW = (0.1, 256)
"""Share of the features among which a regressor's tree looks for each cut, and the most: bounds the time."""


def make_classifier(kind: Kind, settings: EstimatorSettings, seed: int) -> Pipeline:
    """A classifier of its kind, not fitted, of standardised features."""
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
    return make_pipeline(StandardScaler(), MLPClassifier(**_network(settings), random_state=seed))


def make_regressor(
    kind: Literal["trees", "network"], settings: EstimatorSettings, seed: int, features: int
) -> Pipeline:
    """A regressor of its kind, not fitted, of one or several values from so many standardised features."""
    if kind == "network":
        return make_pipeline(StandardScaler(), MLPRegressor(**_network(settings), random_state=seed))
    share, most = VIEW
    view = max(1, min(round(share * features), most))
    trees = ExtraTreesRegressor(
        settings.trees, min_samples_leaf=settings.smallest_leaf, max_features=view, random_state=seed
    )
    return make_pipeline(StandardScaler(), trees)


def _network(settings: EstimatorSettings) -> dict[str, object]:
    return {
        "hidden_layer_sizes": (settings.hidden_units,),
        "alpha": settings.weight_decay,
        "max_iter": settings.epochs,
        "batch_size": BATCH,
    }


def fit(estimator: Pipeline, features: np.ndarray, targets: np.ndarray) -> Pipeline:
    """Fit and return it. The number of iterations is a setting: to reach it is no cause for a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        # A batch larger than the data is cut to it.
        warnings.filterwarnings("ignore", message="Got `batch_size` less than 1 or larger than")
        return estimator.fit(features, targets)


def class_logits(classifier: Pipeline, features: np.ndarray, classes: int) -> np.ndarray:
    """Log-probabilities (n, classes) float64 of a classifier fitted on whole numbers below `classes`.

    A class that it never saw stands at 1e-8 of the row's best, or at the row's least if lower.
    """
    known = classifier.classes_
    logits = log_softmax(probabilities_to_logits(classifier.predict_proba(features)), axis=1)
    floor = np.minimum(logits.min(axis=1), logits.max(axis=1) + FLOOR)
    result = np.repeat(floor[:, None], classes, axis=1)
    result[:, known] = logits
    return result
