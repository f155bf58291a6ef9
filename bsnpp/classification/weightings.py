"""Weightings that a search over a panel tries: a grid, two nested grids, or a coordinate ascent."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.core.simplex import compositions, coordinate_search, parts_of

Score = Callable[[np.ndarray], np.ndarray]
"""Function to maximise: weightings (M, n) to their scores in [0, 1], (M,)."""


def try_weightings(
    score: Score, models: Sequence[str], settings: WeightSearchSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Try weightings of n classifiers; their number and the metric decide how (`search_weights`).

    Parameters
    ----------
    score : callable
        Function to maximise.
    models : sequence of str
        Model of each of the n classifiers; the modalities of a model share its name.
    settings : WeightSearchSettings
        Keys `metric`, `step` and `largest_grid`.

    Returns
    -------
    weightings : np.ndarray
        Weightings that were tried, (M, n); the sums of rows are positive, but need not be 1.
    scores : np.ndarray
        Their scores, (M,).
    """
    members, parts = len(models), parts_of(settings.step)
    if settings.metric == "average_map":
        starts = np.concatenate([np.full((1, members), 1 / members), np.eye(members)])
        steps = [size * settings.step for size in (4, 2, 1)]
        return coordinate_search(lambda weights: float(score(weights[None])[0]), starts, steps)
    if _grid_size(members, parts) <= settings.largest_grid:
        grid = compositions(members, parts)
        return grid, score(grid)
    groups = [np.flatnonzero([other == model for other in models]) for model in dict.fromkeys(models)]
    largest = max(len(groups), *map(len, groups))
    if len(groups) < members and _grid_size(largest, parts) <= settings.largest_grid:
        return _two_levels(score, groups, members, parts)
    return _ascend(score, members, parts)


def _grid_size(members: int, parts: int) -> int:
    return math.comb(parts + members - 1, members - 1)


def _two_levels(
    score: Score, groups: Sequence[np.ndarray], members: int, parts: int
) -> tuple[np.ndarray, np.ndarray]:
    """Try all weightings within each group, then all of the groups, each with the mean of its plateau."""
    inner = np.zeros((len(groups), members))
    tried = []
    for row, group in zip(inner, groups, strict=True):
        inside = np.zeros((_grid_size(len(group), parts), members))
        inside[:, group] = compositions(len(group), parts)
        scores = score(inside)
        plateau = inside[scores == scores.max()]
        row[:] = plateau.sum(axis=0) / plateau.sum()
        tried.append((inside, scores))
    outer = compositions(len(groups), parts) @ inner
    tried.append((outer, score(outer)))
    return np.concatenate([grid for grid, _ in tried]), np.concatenate([scores for _, scores in tried])


def _ascend(score: Score, members: int, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Climb from equal weights and from the best single member; return all weightings tried and their scores.

    Weights are integers of sum `members * parts`, so that equal weights are among them. A move transfers any
    number of steps from one member to another. The best move is made as long as it improves the score.
    """
    singles = np.eye(members, dtype=np.int64) * members * parts
    equal = np.full((1, members), parts)
    tried = np.concatenate([singles, equal])
    scores = score(tried)
    for point, best in ((equal[0], scores[-1]), (singles[scores[:-1].argmax()], scores[:-1].max())):
        while True:
            moves = np.array(list(_moves(point, members)))
            moved = score(moves)
            tried, scores = np.concatenate([tried, moves]), np.concatenate([scores, moved])
            if moved.max() <= best:
                break
            point, best = moves[moved.argmax()], moved.max()
    tried, first = np.unique(tried, axis=0, return_index=True)
    return tried, scores[first]


def _moves(point: np.ndarray, step: int) -> Iterator[np.ndarray]:
    """Yield `point` after transferring some steps, or the whole weight, from one member to another."""
    for source in range(len(point)):
        for target in range(len(point)):
            if source != target:
                for amount in sorted({*range(step, point[source], step), int(point[source])} - {0}):
                    moved = point.copy()
                    moved[source] -= amount
                    moved[target] += amount
                    yield moved
