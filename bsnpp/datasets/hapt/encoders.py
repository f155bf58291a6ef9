"""Snippet encoders of one stream: a description of each snippet, standardised on the training recordings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bsnpp.datasets.hapt.convolutions import describe_convolutions, fit_kernels
from bsnpp.datasets.hapt.settings import ENCODERS, HaptSettings, samples_of
from bsnpp.datasets.hapt.spectral import describe_spectrum
from bsnpp.datasets.hapt.statistics import describe_statistics

Signals = Mapping[str, np.ndarray]
"""Arrays of recordings by id."""
Describe = Callable[[np.ndarray], np.ndarray]
SMALLEST_DEVIATION = 1e-6
LARGEST_VALUE = 8.0
"""In standard deviations. Three values in 10,000 are larger, some up to 75; they would dominate a network."""


@dataclass(frozen=True)
class Standardiser:
    """Subtract the mean, divide by the standard deviation, and clip at 8 of these; for each of F channels."""

    mean: np.ndarray
    deviation: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Standardise rows: (t, F) to (t, F)."""
        return np.clip((rows - self.mean) / self.deviation, -LARGEST_VALUE, LARGEST_VALUE)


@dataclass(frozen=True)
class Projection:
    """Project F channels onto C principal axes (F, C)."""

    axes: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Project rows: (t, F) to (t, C)."""
        return rows @ self.axes


@dataclass(frozen=True)
class SnippetEncoder:
    """A fitted encoder of one stream.

    Attributes
    ----------
    describe : callable
        float64 (n, 3) to (t, F).
    steps : tuple of Standardiser or Projection
        Applied one after the other to (t, F); the last one returns (t, C).
    """

    describe: Describe
    steps: tuple[Standardiser | Projection, ...]

    def encode(self, signal: np.ndarray) -> np.ndarray:
        """Return the features of a recording: float64 (n, 3) to float32 (t, C)."""
        rows = self.describe(signal)
        for step in self.steps:
            rows = step(rows)
        return rows.astype(np.float32)


def fit_standardiser(training: Signals) -> Standardiser:
    """Take mean and standard deviation over all rows of the training recordings, (t, F) each."""
    rows = np.concatenate([training[video] for video in sorted(training)])
    deviation = rows.std(axis=0)
    deviation[deviation < SMALLEST_DEVIATION] = 1.0  # a constant channel becomes 0
    return Standardiser(rows.mean(axis=0), deviation)


def fit_projection(training: Signals, components: int) -> Projection:
    """Compute the principal axes of the rows of the training recordings, (t, F) each.

    The axes are in descending order of variance; the largest entry of each axis is positive.
    """
    rows = np.concatenate([training[video] for video in sorted(training)])
    centred = rows - rows.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred / len(rows))
    axes = axes[:, ::-1][:, :components]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return Projection(axes * np.sign(largest))


def fit_encoder(
    name: str, settings: HaptSettings, seed: int | Sequence[int], training: Signals
) -> SnippetEncoder:
    """Fit an encoder of one stream.

    Parameters
    ----------
    name : str
        One of `ENCODERS`.
    settings : HaptSettings
    seed : int or sequence of int
        Seed of the random kernels.
    training : mapping of str to np.ndarray
        The stream of the training recordings, float64 (n, 3) each, by id. Nothing is learned from others.

    Raises
    ------
    ValueError
        If the name is not in `ENCODERS`.
    """
    describe = _describer(name, settings, seed, training)
    rows = {video: describe(signal) for video, signal in training.items()}
    steps: list[Standardiser | Projection] = [fit_standardiser(rows)]
    if name == "convolutions":
        standard = {video: steps[0](values) for video, values in rows.items()}
        steps.append(fit_projection(standard, settings.components))
        # Equal variance of all axes gained 3 points of balanced accuracy on the validation persons.
        steps.append(fit_standardiser({video: steps[1](values) for video, values in standard.items()}))
    return SnippetEncoder(describe, tuple(steps))


def _describer(name: str, settings: HaptSettings, seed: int | Sequence[int], training: Signals) -> Describe:
    step = settings.step
    if name == "statistics":
        return partial(describe_statistics, step=step, width=samples_of(settings.statistics_seconds))
    if name == "spectral":
        return partial(describe_spectrum, step=step, width=samples_of(settings.spectral_seconds))
    if name == "convolutions":
        kernels = fit_kernels(training, settings.kernels, seed)
        return partial(describe_convolutions, kernels=kernels, step=step, pooled=settings.pooling_snippets)
    raise ValueError(f"encoder {name!r} is not one of {ENCODERS}")
