"""Semi-Markov model of the classes of snippets: which action follows which, and how long each lasts.

A recording is a sequence of segments without gaps; the background is a class. The probability of a sequence
is the product of the probabilities of its first class, of every change of class and of every duration, and of
the snippets' likelihoods. Sums over all sequences are exact (forward-backward). Source: Murphy, Hidden
semi-Markov models, 2002. The likelihoods are those of the hidden Markov model, raised to a power.

With the key `count_slack`, every segment of a class has a further factor, the same in the whole recording. It
brings the expected number of segments of the class close to that in training recordings. The result minimises
its divergence from the model plus half the squared errors of these numbers, in units of `count_slack` (Dudik,
Phillips and Schapire, Maximum entropy density estimation with generalized regularization, Journal of Machine
Learning Research 8, 2007).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.optimize import minimize

from bsnpp.snippets.segment_posterior import SegmentPosterior
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.smoothing import TINY

ARRAYS = ("initial", "prior", "transition", "duration", "counts")
"""Fields of the model that are arrays."""

LEAST = 3e-4
"""Segments of a lower probability are left out."""

OPTIMISER = {"maxiter": 30, "gtol": 0.01}
"""Options of L-BFGS-B for the factors of classes; the gradient is in segments per recording. If they end at
`maxiter`, the last factors are used."""


@dataclass(frozen=True)
class SemiMarkovModel:
    """Distributions of the first class, of the next class, and of durations.

    Attributes
    ----------
    initial, prior : np.ndarray
        Share of each class among first segments, and among all snippets: float64 (S,), sum 1, above 0.
    transition : np.ndarray
        Share of each next class (column) after each class (row): float64 (S, S), rows of sum 1.
    duration : np.ndarray
        Probability of durations of 1 to D snippets: float64 (S, D), rows of sum 1, above 0.
    counts : np.ndarray
        Mean number of segments of each class in a training recording: float64 (S,).
    settings : SemiMarkovSettings
        The settings of the training.
    """

    initial: np.ndarray
    prior: np.ndarray
    transition: np.ndarray
    duration: np.ndarray
    counts: np.ndarray
    settings: SemiMarkovSettings

    def as_lists(self) -> dict[str, list[Any]]:
        """Return the arrays as lists, from which `from_lists` makes the same model."""
        return {name: getattr(self, name).tolist() for name in ARRAYS}

    @classmethod
    def from_lists(cls, lists: Mapping[str, list[Any]], states: int, settings: SemiMarkovSettings) -> Self:
        """Make a model of `states` classes; ValueError if the arrays do not fit."""
        arrays = {name: np.asarray(lists[name], dtype=np.float64) for name in ARRAYS}
        for name, array in arrays.items():
            second = {"transition": (states,), "duration": array.shape[1:2]}.get(name, ())
            if array.shape != (states, *second) or not np.isfinite(array).all() or (array < 0.0).any():
                raise ValueError(f"{name} of the semi-Markov model does not fit {states} classes")
        return cls(**arrays, settings=settings)

    def posterior(self, probability: np.ndarray) -> SegmentPosterior:
        """Compute the probability of every segment of a recording.

        Parameters
        ----------
        probability : np.ndarray
            Class probabilities of its snippets, "background" first: float (t, S), t at least 1.

        Returns
        -------
        SegmentPosterior
            The segments of actions that are not improbable (`LEAST`).
        """
        evidence = np.log(np.maximum(probability, TINY)) - self.settings.prior_strength * np.log(self.prior)
        total = np.zeros((len(probability) + 1, len(self.prior)))
        np.cumsum(self.settings.likelihood_power * evidence, axis=0, out=total[1:])
        return self._segments(self._sums(total, self._class_factors(total)), total)

    def _class_factors(self, total: np.ndarray) -> np.ndarray:
        """Find the log-factors of the classes, 0 for the background: (S,). See `count_slack`."""
        factors, slack = np.zeros(len(self.prior)), self.settings.count_slack
        if slack is None or len(factors) < 2:
            return factors

        def objective(actions: np.ndarray) -> tuple[float, np.ndarray]:
            sums = self._sums(total, np.append(0.0, actions))
            value = sums.every - actions @ self.counts[1:] + 0.5 * slack**2 * (actions @ actions)
            return value, sums.counts[1:] - self.counts[1:] + slack**2 * actions

        factors[1:] = minimize(objective, factors[1:], method="L-BFGS-B", jac=True, options=OPTIMISER).x
        return factors

    def _sums(self, total: np.ndarray, factor: np.ndarray) -> "_Sums":
        """Sum over all sequences, with the log-factor of every segment of each class (S,)."""
        duration = np.log(self.duration)
        with np.errstate(divide="ignore"):  # a class does not follow itself
            change = np.log(self.transition) + factor
        before, ended = _forward(np.log(self.initial) + factor, change, duration, total)
        after = _backward(change, duration, total)
        every = float(_log_sum(ended[-1]))
        return _Sums(every, before - every, after, np.exp(ended + after - every).sum(axis=0))

    def _segments(self, sums: "_Sums", total: np.ndarray) -> SegmentPosterior:
        """Collect the probable segments from both sides of them."""
        parts = []
        durations = np.log(self.duration)
        for first in range(len(total) - 1):
            stops = slice(first + 1, first + 1 + durations.shape[1])
            inside = total[stops] - total[first] + durations.T[: len(total) - 1 - first]
            probable = np.exp(sums.before[first] + inside + sums.after[stops])
            probable[:, 0] = 0.0
            length, state = np.nonzero(probable >= LEAST)
            firsts = np.full(len(length), first)
            parts.append(np.column_stack([firsts, firsts + 1 + length, state, probable[length, state]]))
        rows = np.concatenate(parts)
        whole = rows[:, :3].astype(np.int64)
        return SegmentPosterior(whole[:, :2], whole[:, 2], np.minimum(rows[:, 3], 1.0), len(self.prior) - 1)


class _Sums(NamedTuple):
    """Sums over the sequences of a recording.

    Attributes
    ----------
    every : float
        Logarithm of the sum of all sequences.
    before : np.ndarray
        Logarithms for the snippets before each border, if a segment of a class begins there, less `every`:
        (t + 1, S).
    after : np.ndarray
        Logarithms for the snippets after each border, if a segment of a class ends there: (t + 1, S).
    counts : np.ndarray
        Expected number of segments of each class: (S,).
    """

    every: float
    before: np.ndarray
    after: np.ndarray
    counts: np.ndarray


def _forward(
    initial: np.ndarray, change: np.ndarray, duration: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-sums of all beginnings.

    Parameters
    ----------
    initial, change, duration : np.ndarray
        Log-weights: (S,), (S, S) and (S, D).
    total : np.ndarray
        Log-likelihood of the first snippets: (t + 1, S), zero in the first row.

    Returns
    -------
    before, ended : np.ndarray
        Of the snippets before each border, if a segment of a class begins there, and if one ends there:
        (t + 1, S).
    """
    before, ended = (np.full(total.shape, -np.inf) for _ in range(2))
    before[0] = initial
    longest = duration.shape[1]
    latest_first = np.ascontiguousarray(duration.T[::-1])
    for stop in range(1, len(total)):
        firsts = slice(max(0, stop - longest), stop)
        parts = before[firsts] - total[firsts] + latest_first[-min(stop, longest) :]
        ended[stop] = _log_sum(parts) + total[stop]
        before[stop] = _log_sum(ended[stop][:, None] + change)
    return before, ended


def _backward(change: np.ndarray, duration: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the log-sums of the snippets after each border, if a class ends there: (t + 1, S)."""
    after = np.zeros(total.shape)
    longest = duration.shape[1]
    earliest_first = np.ascontiguousarray(duration.T)
    into = np.ascontiguousarray(change.T)
    for first in range(len(total) - 2, -1, -1):
        stops = slice(first + 1, first + 1 + longest)
        parts = after[stops] + total[stops] + earliest_first[: len(total) - 1 - first]
        begun = _log_sum(parts) - total[first]
        after[first] = _log_sum(begun[:, None] + into)
    return after


def _log_sum(logarithms: np.ndarray) -> np.ndarray:
    """Return the logarithm of the sum along the first axis, which has a finite entry in every column.

    The function of SciPy takes three times as long on small arrays.
    """
    largest = logarithms.max(axis=0)
    return largest + np.log(np.exp(logarithms - largest).sum(axis=0))
