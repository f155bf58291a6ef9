"""Regressors of scikit-learn for tIoU and edge offsets."""

from typing import Literal

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.feature_selection import SelectFromModel
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.snippets.estimator_settings import EstimatorSettings
from bsnpp.snippets.estimators import network_options

SELECTED = 300
"""Maximum number of features that the trees use: those most important to a small forest."""
SELECTION = {"n_estimators": 5, "min_samples_leaf": 10, "max_features": 0.05}
"""Parameters of that small forest; each split considers a twentieth of all features."""
SPLIT_SHARE = 1 / 3
"""Share of the selected features that each split of a tree considers; limits the training time."""


def make_regressor(kind: Literal["trees", "network"], settings: EstimatorSettings, seed: int) -> Pipeline:
    """Make an unfitted regressor of one value.

    The trees select their features first: most of a few thousand are irrelevant, and a forest that splits
    on all of them is slow and inaccurate.
    """
    if kind == "network":
        return make_pipeline(StandardScaler(), MLPRegressor(**network_options(settings), random_state=seed))
    selection = ExtraTreesRegressor(**SELECTION, random_state=seed)
    trees = ExtraTreesRegressor(
        settings.trees, min_samples_leaf=settings.smallest_leaf, max_features=SPLIT_SHARE, random_state=seed
    )
    return make_pipeline(SelectFromModel(selection, threshold=-np.inf, max_features=_selected), trees)


def _selected(features: np.ndarray) -> int:
    return min(SELECTED, features.shape[1])
