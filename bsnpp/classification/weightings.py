"""Which weightings of a panel are tried: a grid, two grids, or those on a climb."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.core.simplex import compositions, coordinate_search, parts_of

Score = Callable[[np.ndarray], np.ndarray]
"""What is maximised: the score in [0, 1] of each of (M, n) weightings, (M,)."""


def try_weightings(
    score: Score, models: Sequence[str], settings: WeightSearchSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Try weightings of n classifiers in the way that suits their number and the metric (`search_weights`).

    Parameters
    ----------
    score
        What is maximised.
    models
        n names: classifiers of one name are modalities of one model.
    settings
        Keys `metric`, `step` and `largest_grid`.

    Returns
    -------
    tuple of ndarray
        The weightings tried, (M, n), of any positive sum, and their scores, (M,).
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
    """All weightings inside each group, then all of the groups, each of which is the mean of its plateau."""
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
    """Climb from equal weights and from the best single member; return all that was tried, and its scores.

    Weights are whole numbers of sum `members * parts`, so that equal weights are among them. A move takes any
    number of steps from one member to another; the best move is made as long as it gains.
    """
    singles = np.eye(members, dtype=np.int64) * members * parts
    equal = np.full((1, members), parts)
    tried = np.concatenate([singles, equal])
    scores = score(tried)
    for point, height in ((equal[0], scores[-1]), (singles[scores[:-1].argmax()], scores[:-1].max())):
        while True:
            moves = np.array(list(_moves(point, members)))
            found = score(moves)
            tried, scores = np.concatenate([tried, moves]), np.concatenate([scores, found])
            if found.max() <= height:
                break
            point, height = moves[found.argmax()], found.max()
    tried, first = np.unique(tried, axis=0, return_index=True)
    return tried, scores[first]


def _moves(point: np.ndarray, step: int) -> Iterator[np.ndarray]:
    """Yield `point` with some steps, or all that is left, taken from one member and given to another."""
    for giver in range(len(point)):
        for taker in range(len(point)):
            if giver != taker:
                for amount in sorted({*range(step, point[giver], step), int(point[giver])} - {0}):
                    moved = point.copy()
                    moved[giver] -= amount
                    moved[taker] += amount
                    yield moved
