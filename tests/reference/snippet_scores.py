"""Plain loops: targets of snippets, means inside segments, paths through a chain, runs."""

import itertools

import numpy as np


def snippet_targets(rows: list[tuple[float, float, int]], length: int, seconds: float) -> list[int]:
    """The label of the shortest of `rows` (start, end, label) over each snippet's centre, else 0."""
    labels = []
    for k in range(length):
        centre = (k + 0.5) * seconds
        covering = [(end - start, label) for start, end, label in rows if start <= centre < end]
        labels.append(min(covering)[1] if covering else 0)
    return labels


def pool_in_segments(probability: np.ndarray, segments: np.ndarray, seconds: float) -> np.ndarray:
    """Mean over the snippets inside, or the one nearest to the middle; background dropped."""
    pooled = []
    for start, end in segments:
        inside = [k for k in range(len(probability)) if start <= (k + 0.5) * seconds <= end]
        if not inside:
            middle = (start + end) / 2
            inside = [min(range(len(probability)), key=lambda k: abs((k + 0.5) * seconds - middle))]
        pooled.append([np.mean([probability[k, c] for k in inside]) for c in range(1, probability.shape[1])])
    return np.array(pooled).reshape(len(segments), probability.shape[1] - 1)


def step_mean(sequence: np.ndarray, start: float, end: float, seconds: float) -> np.ndarray:
    """Mean of the step function over [start, end], which goes on with its first and last value."""
    borders = sorted(
        {start, end, *(k * seconds for k in range(len(sequence) + 1) if start < k * seconds < end)}
    )
    total = np.zeros(sequence.shape[1])
    for a, b in itertools.pairwise(borders):
        snippet = int(np.floor((a + b) / 2 / seconds))
        total += (b - a) * sequence[min(max(snippet, 0), len(sequence) - 1)]
    return total / (end - start)


def best_path_score(initial: np.ndarray, transition: np.ndarray, likelihood: np.ndarray) -> float:
    """The highest score of all S^t paths."""
    paths = itertools.product(range(likelihood.shape[1]), repeat=len(likelihood))
    return max(path_score(path, initial, transition, likelihood) for path in paths)


def path_score(
    path: tuple[int, ...], initial: np.ndarray, transition: np.ndarray, likelihood: np.ndarray
) -> float:
    """Score of one path."""
    score = initial[path[0]] + likelihood[0, path[0]]
    for time in range(1, len(path)):
        score += transition[path[time - 1], path[time]] + likelihood[time, path[time]]
    return float(score)


def group_runs(states: list[int], probability: np.ndarray) -> list[tuple[int, int, int, float]]:
    """First, stop, class and mean probability of each run that is not background."""
    runs, first = [], 0
    for state, members in itertools.groupby(states):
        stop = first + len(list(members))
        if state:
            runs.append((first, stop, state, float(np.mean(probability[first:stop, state]))))
        first = stop
    return runs
