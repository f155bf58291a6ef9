"""Hidden Markov model that smooths the classes of snippets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bsnpp.snippets.smoothing_settings import SmoothingSettings

TINY = 1e-12
"""Lower limit of probabilities before the logarithm."""


@dataclass(frozen=True)
class HiddenMarkovModel:
    """Markov chain over the classes of snippets.

    Attributes
    ----------
    initial : np.ndarray
        Share of each class among first snippets, float64 (S,), sum 1, above 0.
    prior : np.ndarray
        Share of each class among all snippets, float64 (S,), sum 1, above 0.
    transition : np.ndarray
        Share of each next class (column) after each class (row), float64 (S, S), rows of sum 1, above 0.
    prior_strength : float
        See `SmoothingSettings`.
    """

    initial: np.ndarray
    prior: np.ndarray
    transition: np.ndarray
    prior_strength: float

    def smooth(self, probability: np.ndarray) -> np.ndarray:
        """Find the most likely path of classes.

        Parameters
        ----------
        probability : np.ndarray
            Class probabilities of every snippet, float (t, S), t at least 1.

        Returns
        -------
        np.ndarray
            Class of every snippet, int64 (t,).
        """
        likelihood = np.log(np.maximum(probability, TINY)) - self.prior_strength * np.log(self.prior)
        return viterbi(np.log(self.initial), np.log(self.transition), likelihood)


def fit_markov_model(
    targets: Iterable[np.ndarray], states: int, settings: SmoothingSettings
) -> HiddenMarkovModel:
    """Estimate the Markov chain from the labels of the training recordings.

    Parameters
    ----------
    targets : iterable of np.ndarray
        Class of every snippet of each training recording, int (t,), t at least 1.
    states : int
        Number of classes with the background, S.
    settings : SmoothingSettings
        Both keys; `pseudo_count` is added to every count.

    Returns
    -------
    HiddenMarkovModel
        The fitted model.
    """
    paths = list(targets)
    transition = np.full((states, states), settings.pseudo_count)
    for path in paths:
        np.add.at(transition, (path[:-1], path[1:]), 1)
    return HiddenMarkovModel(
        *state_shares(paths, states, settings.pseudo_count),
        transition / transition.sum(axis=1, keepdims=True),
        settings.prior_strength,
    )


def state_shares(
    paths: Sequence[np.ndarray], states: int, pseudo_count: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of each class among first snippets and among all: float64 (S,) each, sum 1.

    Parameters
    ----------
    paths : sequence of np.ndarray
        Class of every snippet of each recording, int (t,), t at least 1.
    states : int
        Number of classes with the background, S.
    pseudo_count : float
        Added to every count, above 0.
    """
    initial, every = (np.full(states, pseudo_count) for _ in range(2))
    for path in paths:
        initial[path[0]] += 1
        every += np.bincount(path, minlength=states)
    return initial / initial.sum(), every / every.sum()


def viterbi(initial: np.ndarray, transition: np.ndarray, likelihood: np.ndarray) -> np.ndarray:
    """Find the best path through a Markov chain; ties go to the lowest state, from the last snippet back.

    Parameters
    ----------
    initial : np.ndarray
        Log-probability of each first state, float (S,).
    transition : np.ndarray
        Log-probability of each next state (column) after each state (row), float (S, S).
    likelihood : np.ndarray
        Log-likelihood of each state at each time, float (t, S), t at least 1.

    Returns
    -------
    np.ndarray
        State at each time, int64 (t,).
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
