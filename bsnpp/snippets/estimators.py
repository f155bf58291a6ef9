"""scikit-learn's estimators as this stage uses them: standardised, seeded, on one thread."""

import warnings
from typing import Literal

import numpy as np
from scipy.special import log_softmax
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.snippets.settings import EstimatorSettings, Kind
from bsnpp.stores.class_scores import FLOOR, probabilities_to_logits

BATCH = 256
TELLING = 300
"""The most features that a forest of regression sees: those that tell most in a small forest."""
SCOUTS = {"n_estimators": 5, "min_samples_leaf": 10, "max_features": 0.05}
"""That small forest; each of its trees looks for a cut among a twentieth of all features."""
VIEW = 1 / 3
"""Share of the telling features among which a regressor's tree looks for each cut: bounds the time."""


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


def make_regressor(kind: Literal["trees", "network"], settings: EstimatorSettings, seed: int) -> Pipeline:
    """A regressor of its kind, not fitted, of one value.

    A forest chooses its features first: most of a few thousand tell nothing, and one that looks for its cuts
    among them all is slow and blunt.
    """
    if kind == "network":
        return make_pipeline(StandardScaler(), MLPRegressor(**_network(settings), random_state=seed))
    scouts = ExtraTreesRegressor(**SCOUTS, random_state=seed)
    trees = ExtraTreesRegressor(
        settings.trees, min_samples_leaf=settings.smallest_leaf, max_features=VIEW, random_state=seed
    )
    return make_pipeline(SelectFromModel(scouts, threshold=-np.inf, max_features=_telling), trees)


def _telling(features: np.ndarray) -> int:
    return min(TELLING, features.shape[1])


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
