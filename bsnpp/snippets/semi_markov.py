"""Semi-Markov model of the classes of snippets: which action follows which, and how long each lasts.

A recording is a sequence of segments without gaps; the background is a class. The probability of a sequence
is the product of the probabilities of its first class, of every change of class and of every duration, and of
the snippets' likelihoods. Sums over all sequences are exact (forward-backward). Source: Murphy, Hidden
semi-Markov models, 2002. The likelihoods are those of the hidden Markov model, raised to a power.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from scipy.special import logsumexp

from bsnpp.snippets.segment_posterior import SegmentPosterior
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.smoothing import TINY

UNIFORM = 0.02
"""Share of a uniform distribution in that of durations, so that none is impossible."""

LONGER = 1.5
"""Longest duration of the model, as a multiple of the longest one in training."""

DISTRIBUTIONS = ("initial", "prior", "transition", "duration")
"""Fields of the model that are arrays."""

LEAST = 3e-4
"""Segments of a lower probability are left out."""


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
    settings : SemiMarkovSettings
        The settings of the training.
    """

    initial: np.ndarray
    prior: np.ndarray
    transition: np.ndarray
    duration: np.ndarray
    settings: SemiMarkovSettings

    def as_lists(self) -> dict[str, list[Any]]:
        """Return the distributions as lists, from which `from_lists` makes the same model."""
        return {name: getattr(self, name).tolist() for name in DISTRIBUTIONS}

    @classmethod
    def from_lists(cls, lists: Mapping[str, list[Any]], states: int, settings: SemiMarkovSettings) -> Self:
        """Make a model of `states` classes; ValueError if the distributions do not fit."""
        arrays = {name: np.asarray(lists[name], dtype=np.float64) for name in DISTRIBUTIONS}
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
        with np.errstate(divide="ignore"):  # a class does not follow itself
            change = np.log(self.transition)
        before, all_sequences = _forward(np.log(self.initial), change, np.log(self.duration), total)
        after = _backward(change, np.log(self.duration), total)
        return self._segments(before - all_sequences, after, total)

    def _segments(self, before: np.ndarray, after: np.ndarray, total: np.ndarray) -> SegmentPosterior:
        """Collect the probable segments from both sides of them."""
        parts = []
        durations = np.log(self.duration)
        for first in range(len(total) - 1):
            stops = slice(first + 1, first + 1 + durations.shape[1])
            inside = total[stops] - total[first] + durations.T[: len(total) - 1 - first]
            probable = np.exp(before[first] + inside + after[stops])
            probable[:, 0] = 0.0
            length, state = np.nonzero(probable >= LEAST)
            firsts = np.full(len(length), first)
            parts.append(np.column_stack([firsts, firsts + 1 + length, state, probable[length, state]]))
        rows = np.concatenate(parts)
        whole = rows[:, :3].astype(np.int64)
        return SegmentPosterior(whole[:, :2], whole[:, 2], np.minimum(rows[:, 3], 1.0), len(self.prior) - 1)


def _forward(
    initial: np.ndarray, change: np.ndarray, duration: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return the log-sums of all beginnings.

    Parameters
    ----------
    initial, change, duration : np.ndarray
        Log-probabilities: (S,), (S, S) and (S, D).
    total : np.ndarray
        Log-likelihood of the first snippets: (t + 1, S), zero in the first row.

    Returns
    -------
    before : np.ndarray
        Of the snippets before each border, if a segment of a class begins there: (t + 1, S).
    all_sequences : float
        Of all sequences.
    """
    before = np.full(total.shape, -np.inf)
    before[0] = initial
    longest = duration.shape[1]
    for stop in range(1, len(total)):
        firsts = slice(max(0, stop - longest), stop)
        parts = before[firsts] - total[firsts] + duration.T[: min(stop, longest)][::-1]
        ended = logsumexp(parts, axis=0) + total[stop]
        before[stop] = logsumexp(ended[:, None] + change, axis=0)
    return before, float(logsumexp(ended))


def _backward(change: np.ndarray, duration: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the log-sums of the snippets after each border, if a class ends there: (t + 1, S)."""
    after = np.zeros(total.shape)
    longest = duration.shape[1]
    for first in range(len(total) - 2, -1, -1):
        stops = slice(first + 1, first + 1 + longest)
        parts = after[stops] + total[stops] + duration.T[: len(total) - 1 - first]
        begun = logsumexp(parts, axis=0) - total[first]
        after[first] = logsumexp(change + begun, axis=1)
    return after


def fit_semi_markov(
    targets: Iterable[np.ndarray], states: int, snippet_seconds: float, settings: SemiMarkovSettings
) -> SemiMarkovModel:
    """Estimate the model from the classes of the snippets of training recordings.

    The durations of a class are log-normal, cut at 1.5 times the longest one in training, and at `longest`.

    Parameters
    ----------
    targets : iterable of np.ndarray
        Class of every snippet of each training recording, int (t,), t at least 1.
    states : int
        Number of classes with the background, S.
    snippet_seconds : float
        Time from one snippet to the next [s].
    settings : SemiMarkovSettings
        `pseudo_count` is added to every count but that of a class after itself.
    """
    bound = max(1, int(settings.longest / snippet_seconds))
    initial, prior = (np.full(states, settings.pseudo_count) for _ in range(2))
    transition = np.full((states, states), settings.pseudo_count)
    if states > 1:
        np.fill_diagonal(transition, 0.0)
    durations: list[list[int]] = [[] for _ in range(states)]
    for path in targets:
        prior += np.bincount(path, minlength=states)
        runs = _runs(path, bound)
        initial[runs[0][0]] += 1
        for state, length in runs:
            durations[state].append(length)
        for (state, _), (following, _) in pairwise(runs):
            transition[state, following] += 1
    longest = max((length for lengths in durations for length in lengths), default=1)
    return SemiMarkovModel(
        initial / initial.sum(),
        prior / prior.sum(),
        transition / transition.sum(axis=1, keepdims=True),
        _duration_table(durations, min(bound, int(np.ceil(LONGER * longest))), settings.least_spread),
        settings,
    )


def _runs(path: np.ndarray, bound: int) -> list[tuple[int, int]]:
    """Return class and length of the runs of a path; longer ones than `bound` are divided."""
    borders = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    runs = []
    for first, stop in pairwise(borders):
        pieces = [*range(first, stop, bound), stop]
        runs += [(int(path[first]), b - a) for a, b in pairwise(pieces)]
    return runs


def _duration_table(durations: Sequence[Sequence[int]], longest: int, least_spread: float) -> np.ndarray:
    """Return the log-normal distribution of the durations of each class: (S, longest).

    A class without two segments gets the mean and the spread of all classes.
    """
    pooled = np.log([length for lengths in durations for length in lengths] or [1])
    steps = np.log(np.arange(1, longest + 1))
    rows = []
    for lengths in durations:
        logs = np.log(lengths) if len(lengths) > 1 else pooled
        spread = max(float(logs.std()), least_spread)
        row = np.exp(-0.5 * ((steps - logs.mean()) / spread) ** 2 - steps)
        rows.append((1.0 - UNIFORM) * row / row.sum() + UNIFORM / longest)
    return np.array(rows)
