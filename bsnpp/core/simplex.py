"""Weightings: numbers at least 0 of sum 1, all of a grid, or those met while climbing by coordinates."""

from collections.abc import Callable, Sequence

import numpy as np


def parts_of(step: float) -> int:
    """How many steps make 1.

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
    """Return every (M, members) of whole numbers >= 0 that sum to `parts`, in lexical order.

    M = binomial(parts + members - 1, members - 1): 10,626 for 5 members and 20 parts.

    Raises
    ------
    ValueError
        If there is no member.
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
    """Climb by coordinates from the best of some weightings, for scores that are costly.

    One weight after the other is moved a step up and a step down, but not below 0, and all are divided by
    their sum; a move stays if it gains. When no weight moves any more, the next step is taken. So the best
    weighting tried is at least as good as every start.

    Parameters
    ----------
    score : callable
        Score of a weighting (n,), the higher the better. No weighting is scored twice.
    starts : np.ndarray
        (S, n), S at least 1, rows of sum 1; of equally good ones the first is climbed from.
    steps : sequence of float
        Steps of a weight, above 0, mostly falling.

    Returns
    -------
    tried : np.ndarray
        Every weighting that was scored, (M, n), in the order of scoring.
    scores : np.ndarray
        float64 (M,).
    """
    tried: dict[tuple[float, ...], tuple[np.ndarray, float]] = {}

    def value(weights: np.ndarray) -> float:
        key = tuple(np.round(weights, 9).tolist())  # the same way back may end a bit beside
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
    return np.array([weights for weights, _ in tried.values()]), np.array(
        [found for _, found in tried.values()]
    )
