"""Detections from snippet probabilities alone: what a proposal generator has to beat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.snippets.settings import SmoothingSettings

LEAST = 1e-12


def group_runs(states: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join neighbouring snippets of the same class; runs of background (class 0) are left out.

    Parameters
    ----------
    states : np.ndarray
        Class of every snippet of a recording: int (t,).
    probability : np.ndarray
        float (t, K + 1).

    Returns
    -------
    tuple of np.ndarray
        borders int64 (n, 2): first snippet, and the one after the last; state int64 (n,), above 0; score
        float64 (n,): the mean probability of that class inside.
    """
    changes = np.flatnonzero(np.diff(states)) + 1
    first = np.concatenate([[0], changes]).astype(np.int64)
    stop = np.append(changes, len(states)).astype(np.int64)
    chosen = probability[np.arange(len(states)), states].astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(chosen)])
    state = states[first].astype(np.int64)
    active = state > 0
    score = (sums[stop] - sums[first]) / (stop - first)
    return np.column_stack([first, stop])[active], state[active], score[active]


@dataclass(frozen=True)
class HiddenMarkovModel:
    """Classes of snippets as a Markov chain.

    Attributes
    ----------
    initial, prior : np.ndarray
        Share of each class among first snippets, and among all: float64 (S,), sum 1, above 0.
    transition : np.ndarray
        Share of each next class (column) after each class (row): float64 (S, S), rows of sum 1, above 0.
    prior_strength : float
        See `SmoothingSettings`.
    """

    initial: np.ndarray
    prior: np.ndarray
    transition: np.ndarray
    prior_strength: float

    def smooth(self, probability: np.ndarray) -> np.ndarray:
        """The most probable path of classes, given probabilities (t, S) of every snippet: int64 (t,)."""
        likelihood = np.log(np.maximum(probability, LEAST)) - self.prior_strength * np.log(self.prior)
        return viterbi(np.log(self.initial), np.log(self.transition), likelihood)


def fit_markov_model(
    targets: Iterable[np.ndarray], states: int, settings: SmoothingSettings
) -> HiddenMarkovModel:
    """Estimate the chain by counting in the labels of the training recordings.

    Parameters
    ----------
    targets : iterable of np.ndarray
        Class of every snippet of each training recording, int (t,), t at least 1.
    states : int
        S, classes and background together.
    settings : SmoothingSettings
        `pseudo_count` is added to every count.
    """
    initial, prior = (np.full(states, settings.pseudo_count) for _ in range(2))
    transition = np.full((states, states), settings.pseudo_count)
    for path in targets:
        initial[path[0]] += 1
        prior += np.bincount(path, minlength=states)
        np.add.at(transition, (path[:-1], path[1:]), 1)
    return HiddenMarkovModel(
        initial / initial.sum(),
        prior / prior.sum(),
        transition / transition.sum(axis=1, keepdims=True),
        settings.prior_strength,
    )


def viterbi(initial: np.ndarray, transition: np.ndarray, likelihood: np.ndarray) -> np.ndarray:
    """The best path through a chain; of equally good ones that with the lowest states, from its end back.

    Parameters
    ----------
    initial : np.ndarray
        Logarithm of the share of each first state: float (S,).
    transition : np.ndarray
        Logarithm of the share of each next state (column) after each state (row): float (S, S).
    likelihood : np.ndarray
        Logarithm of the likelihood of each state at each time: float (t, S), t at least 1.

    Returns
    -------
    np.ndarray
        int64 (t,).
    """
    length, states = likelihood.shape
    came_from = np.zeros((length, states), dtype=np.int64)
    best = initial + likelihood[0]
    columns = np.arange(states)
    for time in range(1, length):
        reached = best[:, None] + transition  # (from, to)
        came_from[time] = reached.argmax(axis=0)
        best = reached[came_from[time], columns] + likelihood[time]
    path = np.empty(length, dtype=np.int64)
    path[-1] = best.argmax()
    for time in range(length - 1, 0, -1):
        path[time - 1] = came_from[time, path[time]]
    return path


def runs_table(
    runs: Iterable[tuple[str, tuple[np.ndarray, np.ndarray, np.ndarray]]],
    classes: Sequence[str],
    snippet_seconds: float,
    extent: dict[str, float],
) -> pd.DataFrame:
    """Runs of many recordings as detections in seconds.

    Parameters
    ----------
    runs : iterable of (video, what `group_runs` returns)
    classes : sequence of str
        K + 1 names, "background" first.
    snippet_seconds : float
        Seconds of a snippet.
    extent : dict of str to float
        Seconds of each recording: no run ends later.

    Returns
    -------
    DataFrame[video, label, score, start, end]
    """
    rows = [
        (video, classes[label], float(value), first * snippet_seconds, stop * snippet_seconds)
        for video, (borders, state, score) in runs
        for (first, stop), label, value in zip(borders.tolist(), state.tolist(), score, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["video", "label", "score", "start", "end"])
    table = table.astype({"score": float, "start": float, "end": float})
    table["end"] = np.minimum(table["end"], table["video"].map(extent).astype(float))
    # A snippet that begins behind the recording's end shows nothing of it.
    return table[table["start"] < table["end"]].reset_index(drop=True)
