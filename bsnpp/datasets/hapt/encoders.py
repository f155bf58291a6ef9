"""Snippet encoders of one stream: a description of each snippet, standardised on the training recordings.

Whatever learns from data takes an explicit mapping of training recordings and keeps their ids in `fitted_on`,
so that it can be shown that no validation or test person reached a fit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bsnpp.datasets.hapt.convolutions import describe_convolutions, fit_kernels
from bsnpp.datasets.hapt.settings import ENCODERS, HaptSettings, samples_of
from bsnpp.datasets.hapt.spectral import describe_spectrum
from bsnpp.datasets.hapt.statistics import describe_statistics

Signals = Mapping[str, np.ndarray]
Describe = Callable[[np.ndarray], np.ndarray]
SMALLEST_DEVIATION = 1e-6
LARGEST_VALUE = 8.0
"""In standard deviations: three values in 10,000 lie beyond, some at 75, and would rule a network's sums."""


@dataclass(frozen=True)
class Standardiser:
    """Takes the mean away, divides by the standard deviation, and cuts at 8 of them, each of F channels."""

    mean: np.ndarray
    deviation: np.ndarray
    fitted_on: tuple[str, ...]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(t, F) to (t, F)."""
        return np.clip((rows - self.mean) / self.deviation, -LARGEST_VALUE, LARGEST_VALUE)


@dataclass(frozen=True)
class Projection:
    """Turns F channels onto the C principal axes (F, C)."""

    axes: np.ndarray
    fitted_on: tuple[str, ...]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(t, F) to (t, C)."""
        return rows @ self.axes


@dataclass(frozen=True)
class SnippetEncoder:
    """A fitted encoder of one stream.

    Attributes
    ----------
    describe : callable
        float64 (n, 3) to (t, F).
    steps : tuple
        What follows on (t, F), the last giving (t, C).
    fitted_on : tuple of str
        Ids of every recording that reached a fit, sorted.
    """

    describe: Describe
    steps: tuple[Standardiser | Projection, ...]
    fitted_on: tuple[str, ...]

    def encode(self, signal: np.ndarray) -> np.ndarray:
        """Features of a recording: float64 (n, 3) to float32 (t, C)."""
        rows = self.describe(signal)
        for step in self.steps:
            rows = step(rows)
        return rows.astype(np.float32)


def fit_standardiser(training: Signals) -> Standardiser:
    """Mean and standard deviation over all rows of the training recordings, each (t, F)."""
    rows = np.concatenate([training[video] for video in sorted(training)])
    deviation = rows.std(axis=0)
    deviation[deviation < SMALLEST_DEVIATION] = 1.0  # a constant channel stays 0
    return Standardiser(rows.mean(axis=0), deviation, tuple(sorted(training)))


def fit_projection(training: Signals, components: int) -> Projection:
    """Principal axes of the training recordings' rows (t, F), the strongest first, their signs settled."""
    rows = np.concatenate([training[video] for video in sorted(training)])
    centred = rows - rows.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred / len(rows))
    axes = axes[:, ::-1][:, :components]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return Projection(axes * np.sign(largest), tuple(sorted(training)))


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
        Of the random kernels.
    training : mapping of id to float64 (n, 3)
        The stream of the training recordings, and of no other: all that is learned is learned from it.

    Raises
    ------
    ValueError
        If the name is none of `ENCODERS`.
    """
    describe = _describer(name, settings, seed, training)
    rows = {video: describe(signal) for video, signal in training.items()}
    steps: list[Standardiser | Projection] = [fit_standardiser(rows)]
    if name == "convolutions":
        standard = {video: steps[0](values) for video, values in rows.items()}
        steps.append(fit_projection(standard, settings.components))
        # The same spread for all axes: measured, 3 points of balanced accuracy on the validation persons.
        steps.append(fit_standardiser({video: steps[1](values) for video, values in standard.items()}))
    reached = sorted({*training, *(video for step in steps for video in step.fitted_on)})
    return SnippetEncoder(describe, tuple(steps), tuple(reached))


def _describer(name: str, settings: HaptSettings, seed: int | Sequence[int], training: Signals) -> Describe:
    step = settings.step
    if name == "statistics":
        return partial(describe_statistics, step=step, width=samples_of(settings.statistics_seconds))
    if name == "spectral":
        return partial(describe_spectrum, step=step, width=samples_of(settings.spectral_seconds))
    if name == "convolutions":
        kernels = fit_kernels(training, settings.kernels, seed)
        return partial(describe_convolutions, kernels=kernels, step=step, pooled=settings.pooling_snippets)
    raise ValueError(f"encoder {name!r} is none of {ENCODERS}")
