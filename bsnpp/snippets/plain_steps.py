"""Steps of fitted estimators as plain arrays, evaluated as scikit-learn evaluates them, bit for bit."""

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from scipy.special import expit

BLOCK = 2048
"""Rows that pass the trees at a time; limits memory."""


class Step(Protocol):
    """A step: arrays, and the function that they define."""

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Transform n rows: float (n, F) to float (n, G)."""

    def width(self, width: int) -> int:
        """Return G for F = `width`, after a check of the arrays.

        Raises
        ------
        ValueError
            If the arrays do not fit each other or F.
        """


@dataclass(frozen=True)
class Scaling:
    """Standardisation: float64 (F,) each, deviations not 0."""

    mean: np.ndarray
    deviation: np.ndarray

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Subtract the mean and divide by the deviation, in the precision of the values."""
        values = values - self.mean.astype(values.dtype)
        values /= self.deviation.astype(values.dtype)
        return values

    def width(self, width: int) -> int:
        """Check that there is a mean and a deviation above 0 for each feature."""
        _expect(self.mean.shape == self.deviation.shape == (width,), "standardisation of another width")
        _expect(np.isfinite(self.mean).all() and (self.deviation > 0).all(), "standardisation out of range")
        return width


@dataclass(frozen=True)
class Selection:
    """Selected features: their columns, int64 (G,), among F = `total` features, int64 (1,)."""

    columns: np.ndarray
    total: np.ndarray

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Select the columns."""
        return np.asarray(values[:, self.columns])

    def width(self, width: int) -> int:
        """Check that the columns exist."""
        _expect(self.total.tolist() == [width], "selection of another width")
        _expect(self.columns.ndim == 1 and _below(self.columns, width), "selection of unknown features")
        return len(self.columns)


@dataclass(frozen=True)
class Linear:
    """Weights float (F, G) and biases float (G,)."""

    weights: np.ndarray
    biases: np.ndarray

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Multiply by the weights and add the biases."""
        return np.asarray(values @ self.weights + self.biases)

    def width(self, width: int) -> int:
        """Check the shapes."""
        _expect(self.weights.ndim == 2 and len(self.weights) == width, "weights of another width")
        _expect(self.biases.shape == self.weights.shape[1:], "biases of another width")
        _expect(np.isfinite(self.weights).all() and np.isfinite(self.biases).all(), "weights not finite")
        return int(self.weights.shape[1])


@dataclass(frozen=True)
class Regression(Linear):
    """The same with transposed weights, (G, F): BLAS rounds the two orders differently."""

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Multiply by the transposed weights and add the biases."""
        return np.asarray(values @ self.weights.T + self.biases)

    def width(self, width: int) -> int:
        """Check the shapes."""
        return Linear(self.weights.T, self.biases).width(width)


class _Activation:
    def width(self, width: int) -> int:
        """Keep the width."""
        return width


@dataclass(frozen=True)
class Rectifier(_Activation):
    """max(0, x)."""

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Set negative values to 0."""
        return np.asarray(np.maximum(values, 0))


@dataclass(frozen=True)
class Logistic(_Activation):
    """1 / (1 + exp(-x))."""

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return the logistic function."""
        return np.asarray(expit(values))


@dataclass(frozen=True)
class Softmax(_Activation):
    """exp(x) / sum of exp(x) over the columns."""

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return the softmax of each row."""
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        powers /= powers.sum(axis=1, keepdims=True)
        return np.asarray(powers)


@dataclass(frozen=True)
class Trees:
    """Decision trees, whose outputs are averaged. Nodes of all trees are numbered together.

    Attributes
    ----------
    roots : np.ndarray
        First node of each tree: int32 (n,).
    feature : np.ndarray
        Feature that a node compares, -1 for leaves: int32 (m,).
    threshold : np.ndarray
        A row goes left if its feature is at most this: float64 (m,).
    left, right : np.ndarray
        Next nodes, both after their parent. For a leaf, `left` is the row of its output: int32 (m,).
    outputs : np.ndarray
        Outputs of the leaves: float64 (leaves, G).
    """

    roots: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    outputs: np.ndarray

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Average the outputs of the trees, added in their order."""
        values = np.asarray(values, dtype=np.float32)
        blocks = [self._mean(values[start : start + BLOCK]) for start in range(0, len(values), BLOCK)]
        return np.concatenate(blocks) if blocks else np.empty((0, self.outputs.shape[1]))

    def _mean(self, values: np.ndarray) -> np.ndarray:
        node = np.tile(self.roots, (len(values), 1))  # (n, trees)
        rows = np.arange(len(values))[:, None]
        while (inner := self.feature[node] >= 0).any():
            below = values[rows, self.feature[node]] <= self.threshold[node]
            node = np.where(inner, np.where(below, self.left[node], self.right[node]), node)
        total = np.zeros((len(values), self.outputs.shape[1]))
        for tree in self.left[node].T:
            total += self.outputs[tree]
        total /= len(self.roots)
        return total

    def width(self, width: int) -> int:
        """Check that every path ends in a leaf."""
        nodes = len(self.feature)
        shapes = {array.shape for array in (self.feature, self.threshold, self.left, self.right)}
        _expect(
            shapes == {(nodes,)} and self.outputs.ndim == 2 and len(self.roots) > 0,
            "trees whose arrays have different lengths",
        )
        _expect(all(array.dtype.kind == "i" for array in (self.roots, self.feature, self.left, self.right)),
                "trees with nodes that are no integers")  # fmt: skip
        inner = self.feature >= 0
        own = np.flatnonzero(inner)
        _expect(_below(self.roots, nodes) and _below(self.feature[inner], width), "trees of another width")
        _expect(_below(self.left[~inner], len(self.outputs)), "leaves without output")
        for child in (self.left[inner], self.right[inner]):
            _expect(_below(child, nodes) and bool((child > own).all()), "trees with a loop")
        _expect(np.isfinite(self.threshold[inner]).all() and np.isfinite(self.outputs).all(), "not finite")
        return int(self.outputs.shape[1])


STEPS: dict[str, type] = {
    "scaling": Scaling,
    "selection": Selection,
    "linear": Linear,
    "regression": Regression,
    "rectifier": Rectifier,
    "logistic": Logistic,
    "softmax": Softmax,
    "trees": Trees,
}
"""Every kind of step that a file may name."""


def arrays_of(step: Step) -> dict[str, np.ndarray]:
    """Return the arrays of a step by name."""
    return {field.name: getattr(step, field.name) for field in fields(step)}  # type: ignore[arg-type]


def _below(numbers: np.ndarray, bound: int) -> bool:
    return bool(((numbers >= 0) & (numbers < bound)).all())


def _expect(condition: bool | np.bool, fault: str) -> None:
    if not condition:
        raise ValueError(fault)
