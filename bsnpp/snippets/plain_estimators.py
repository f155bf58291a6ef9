"""Fitted estimators of scikit-learn as plain arrays, in files without pickles.

A file (safetensors) holds the arrays of every step, and in its header the kinds of the steps. Reading it
never executes code from the file. Results are those of scikit-learn, bit for bit, whichever version reads it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save_file
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from bsnpp.core.checksum_forms import ROOM, SLOT
from bsnpp.core.checksums import checked_file
from bsnpp.core.errors import UserError
from bsnpp.core.weight_files import metadata_of
from bsnpp.snippets.plain_steps import (
    STEPS,
    Linear,
    Logistic,
    Rectifier,
    Regression,
    Scaling,
    Selection,
    Softmax,
    Step,
    Trees,
    arrays_of,
)

CONTENT = "content"
"""The one key of the header: with several, the order of a header would be random."""


@dataclass(frozen=True)
class PlainEstimator:
    """A fitted classifier or regressor.

    Attributes
    ----------
    steps : tuple of Step
        Steps in their order.
    classes_ : np.ndarray
        Labels of the columns of a classifier, int64 (K,); empty for a regressor.
    """

    steps: tuple[Step, ...]
    classes_: np.ndarray

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Predict class probabilities: float (n, F) to float (n, K)."""
        values = self._apply(features)
        return np.column_stack([1 - values, values]) if values.shape[1] == 1 < len(self.classes_) else values

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Predict the value of a regressor: float (n, F) to float (n,)."""
        return self._apply(features)[:, 0]

    def _apply(self, features: np.ndarray) -> np.ndarray:
        values = np.asarray(features)
        for step in self.steps:
            values = step.apply(values)
        return values

    def check(self, features: int) -> None:
        """Check the arrays for a number of features.

        Raises
        ------
        ValueError
            If they do not fit.
        """
        width = features
        for step in self.steps:
            width = step.width(width)
        expected = {len(self.classes_), 1} if len(self.classes_) == 2 else {max(len(self.classes_), 1)}
        if width not in expected:
            raise ValueError(f"{width} outputs for {len(self.classes_)} classes")


def plain(pipeline: Pipeline) -> PlainEstimator:
    """Take the arrays out of a fitted pipeline of this stage or of the recogniser.

    Raises
    ------
    TypeError
        If it has a step of another kind.
    """
    steps: list[Step] = []
    for _, part in pipeline.steps:
        steps += _steps(part)
    classes = getattr(pipeline.steps[-1][1], "classes_", np.empty(0))
    return PlainEstimator(tuple(steps), np.asarray(classes, dtype=np.int64))


def _steps(part: Any) -> list[Step]:
    match part:
        case StandardScaler():
            return [Scaling(part.mean_, part.scale_)]
        case SelectFromModel():
            support = part.get_support()
            return [Selection(np.flatnonzero(support), np.array([len(support)]))]
        case LogisticRegression():
            in_rows = part.coef_.flags.c_contiguous
            kind, weights = (Regression, part.coef_) if in_rows else (Linear, part.coef_.T)
            return [kind(weights, part.intercept_), Logistic() if len(part.coef_) == 1 else Softmax()]
        case MLPClassifier() | MLPRegressor():
            return _layers(part)
        case ExtraTreesClassifier() | ExtraTreesRegressor():
            return [_trees([one.tree_ for one in part.estimators_])]
    raise TypeError(f"no plain form of {type(part).__name__}")


def _layers(network: Any) -> list[Step]:
    steps: list[Step] = []
    for weights, biases in zip(network.coefs_, network.intercepts_, strict=True):
        steps += [Linear(weights, biases), Rectifier()]
    ends: dict[str, list[Step]] = {"identity": [], "softmax": [Softmax()], "logistic": [Logistic()]}
    return [*steps[:-1], *ends[network.out_activation_]]


def _trees(trees: list[Any]) -> Trees:
    sizes = np.array([tree.node_count for tree in trees])
    roots = np.cumsum(sizes) - sizes
    leaf = np.concatenate([tree.children_left for tree in trees]) < 0
    children = [
        np.concatenate([getattr(tree, side) + root for tree, root in zip(trees, roots, strict=True)])
        for side in ("children_left", "children_right")
    ]
    children[0][leaf] = np.arange(leaf.sum())
    children[1][leaf] = -1
    return Trees(
        roots.astype(np.int32),
        np.where(leaf, -1, np.concatenate([tree.feature for tree in trees])).astype(np.int32),
        np.where(leaf, 0.0, np.concatenate([tree.threshold for tree in trees])),
        children[0].astype(np.int32),
        children[1].astype(np.int32),
        np.concatenate([tree.value[:, 0, :] for tree in trees])[leaf],
    )


def save_estimators(
    path: str | Path, estimators: Mapping[str, PlainEstimator], header: Mapping[str, Any]
) -> None:
    """Write estimators by name, and further content of the header; the same ones give the same bytes.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    arrays: dict[str, np.ndarray] = {}
    kinds = {kind: name for name, kind in STEPS.items()}
    for name, estimator in estimators.items():
        arrays[f"{name}/classes"] = estimator.classes_
        for number, step in enumerate(estimator.steps):
            for key, array in arrays_of(step).items():
                arrays[f"{name}/{number}/{key}"] = np.ascontiguousarray(array)
    steps = {name: [kinds[type(step)] for step in one.steps] for name, one in estimators.items()}
    content = {"estimators": steps, "checksum": ROOM, **header}
    with checked_file(path, SLOT) as temporary:
        save_file(arrays, temporary, metadata={CONTENT: json.dumps(content)})


def parse_estimators(data: bytes, where: str) -> tuple[dict[str, PlainEstimator], dict[str, Any]]:
    """Read estimators from the bytes of their file; `where` names the file in messages.

    Returns
    -------
    estimators : dict of str to PlainEstimator
        By name; `PlainEstimator.check` checks that they fit.
    header : dict
        The further content.

    Raises
    ------
    UserError
        If these are not the bytes of a file that `save_estimators` wrote, or it names an unknown step.
    """
    try:
        arrays = load(data)
        content = json.loads(metadata_of(data)[CONTENT])
        content.pop("checksum", None)
        listed = content.pop("estimators")
        unknown = sorted({kind for kinds in listed.values() for kind in kinds} - set(STEPS))
        if unknown:
            raise ValueError(f"unknown steps: {', '.join(unknown)}; known are {', '.join(STEPS)}")
        estimators = {name: _estimator(arrays, name, kinds) for name, kinds in listed.items()}
    except (SafetensorError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise UserError(f"{where}: not estimators of this project ({error}); run the stage again") from error
    return estimators, content


def _estimator(arrays: Mapping[str, np.ndarray], name: str, kinds: list[str]) -> PlainEstimator:
    steps = []
    for number, kind in enumerate(kinds):
        prefix = f"{name}/{number}/"
        own = {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
        steps.append(STEPS[kind](**own))
    return PlainEstimator(tuple(steps), arrays[f"{name}/classes"])
