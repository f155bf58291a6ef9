"""Estimate the semi-Markov model from training recordings."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from bsnpp.snippets.semi_markov import SemiMarkovModel
from bsnpp.snippets.semi_markov_settings import SemiMarkovSettings
from bsnpp.snippets.smoothing import state_shares

UNIFORM = 0.02
"""Share of a uniform distribution in that of durations, so that none is impossible."""

LONGER = 1.5
"""Longest duration of the model, as a multiple of the longest one in training."""


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
    paths = list(targets)
    initial, prior = state_shares(paths, states, settings.pseudo_count)
    transition = np.full((states, states), settings.pseudo_count)
    if states > 1:
        np.fill_diagonal(transition, 0.0)
    durations: list[list[int]] = [[] for _ in range(states)]
    for path in paths:
        runs = _runs(path, bound)
        for state, length in runs:
            durations[state].append(length)
        for (state, _), (following, _) in pairwise(runs):
            transition[state, following] += 1
    longest = max((length for lengths in durations for length in lengths), default=1)
    return SemiMarkovModel(
        initial,
        prior,
        transition / transition.sum(axis=1, keepdims=True),
        _duration_table(durations, min(bound, int(np.ceil(LONGER * longest))), settings.least_spread),
        np.array([len(lengths) for lengths in durations]) / max(1, len(paths)),
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
