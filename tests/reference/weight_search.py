"""Searching a panel's weights, one weighting, one video and one class at a time."""

import itertools

import numpy as np


def weightings(members: int, parts: int) -> list[tuple[int, ...]]:
    """Every tuple of whole numbers that sums to `parts`, in lexical order."""
    return [w for w in itertools.product(range(parts + 1), repeat=members) if sum(w) == parts]


def is_hit(logits: np.ndarray, targets: np.ndarray, weights: tuple[int, ...], top: int) -> bool:
    """Tell whether one video (logits (n, K), targets (K,)) is hit: a tie with a false class loses."""
    for true in np.flatnonzero(targets):
        rivals = 0
        for other in np.flatnonzero(~targets):
            difference = 0.0
            for member, weight in enumerate(weights):
                difference += weight * (logits[member, other] - logits[member, true])
            rivals += difference >= 0
        if rivals < top:
            return True
    return False


def hits(logits: np.ndarray, targets: np.ndarray, weights: tuple[int, ...], top: int) -> int:
    """Count the videos hit; one without a true class never is."""
    return sum(is_hit(logits[:, video], targets[video], weights, top) for video in range(len(targets)))


def best_weights(logits: np.ndarray, targets: np.ndarray, parts: int, top: int) -> np.ndarray:
    """Return the mean of every weighting that hits most often."""
    counts = {weights: hits(logits, targets, weights, top) for weights in weightings(len(logits), parts)}
    plateau = [weights for weights, count in counts.items() if count == max(counts.values())]
    return np.array(plateau).sum(axis=0) / (len(plateau) * parts)


def two_levels(
    logits: np.ndarray, targets: np.ndarray, models: list[str], parts: int, top: int
) -> tuple[list[np.ndarray], list[int]]:
    """Every weighting inside each model, then of the models with the mean of each plateau; and their hits."""
    tried, counts, inner = [], [], []
    for model in dict.fromkeys(models):
        group = [member for member, name in enumerate(models) if name == model]
        inside = []
        for weights in weightings(len(group), parts):
            whole = np.zeros(len(models))
            whole[group] = np.array(weights) / parts
            inside.append((whole, hits(logits, targets, tuple(parts * whole), top)))
        best = max(count for _, count in inside)
        inner.append(np.mean([whole for whole, count in inside if count == best], axis=0))
        tried += [whole for whole, _ in inside]
        counts += [count for _, count in inside]
    for weights in weightings(len(inner), parts):
        whole = sum(weight / parts * part for weight, part in zip(weights, inner, strict=True))
        tried.append(whole)
        counts.append(hits(logits, targets, tuple(whole), top))
    return tried, counts
