"""Search weights on the simplex (weights at least 0 of sum 1): on a grid, or by coordinate search."""

from collections.abc import Callable, Sequence

import numpy as np


def parts_of(step: float) -> int:
    """Return the number of steps that make up 1.

    Raises
    ------
    ValueError
        If `step` does not divide 1.
    """
    parts = round(1 / step)
    if abs(parts * step - 1) > 1e-9:
        raise ValueError(f"step {step} does not divide 1")
    return parts


def compositions(members: int, parts: int) -> np.ndarray:
    """List all vectors of whole numbers, at least 0, that sum to `parts`, in lexical order.

    Returns
    -------
    np.ndarray
        int64 (M, members) with M = binomial(parts + members - 1, members - 1): 10,626 for 5 members and 20
        parts.

    Raises
    ------
    ValueError
        If there are no members.
    """
    if members < 1:
        raise ValueError("a weighting needs at least one member")
    if members == 1:
        return np.array([[parts]])
    blocks = []
    for first in range(parts + 1):
        rest = compositions(members - 1, parts - first)
        blocks.append(np.concatenate([np.full((len(rest), 1), first), rest], axis=1))
    return np.concatenate(blocks)


def coordinate_search(
    score: Callable[[np.ndarray], float], starts: np.ndarray, steps: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Maximise an expensive score over weights by coordinate search from the best of some start points.

    Each weight in turn is increased and decreased by a step, but not below 0, and all weights are divided by
    their sum. A move is kept if the score increases. If no move is kept any more, the next step size follows.
    The best weights are at least as good as every start point.

    Parameters
    ----------
    score : callable
        Returns the score of weights (n,); higher is better. The same weights are never scored twice.
    starts : np.ndarray
        Start points (S, n), S at least 1, rows of sum 1. The first of equally good ones is taken.
    steps : sequence of float
        Step sizes, above 0, usually decreasing.

    Returns
    -------
    tried : np.ndarray
        All weights that were scored, (M, n), in order.
    scores : np.ndarray
        Their scores, float64 (M,).
    """
    tried: dict[tuple[float, ...], tuple[np.ndarray, float]] = {}

    def value(weights: np.ndarray) -> float:
        key = tuple(np.round(weights, 9).tolist())  # rounding: a step back does not restore the same digits
        if key not in tried:
            tried[key] = weights, score(weights)
        return tried[key][1]

    point = max(starts, key=value)
    for step in steps:
        moved = True
        while moved:
            moved = False
            for move in (sign * row for row in step * np.eye(len(point)) for sign in (1, -1)):
                weights = np.maximum(point + move, 0.0)
                total = weights.sum()
                if total > 0 and value(weights / total) > value(point):
                    point, moved = weights / total, True
    weights_tried, scores = zip(*tried.values(), strict=True)
    return np.array(weights_tried), np.array(scores)
