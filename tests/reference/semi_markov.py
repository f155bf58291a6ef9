"""Semi-Markov model by enumeration: every division of a recording into segments, with every class."""

import itertools
import math
from collections.abc import Iterator

import numpy as np

Segments = tuple[tuple[int, int, int], ...]
"""First snippet, the one after the last, and class of each segment."""


def sequences(length: int, states: int, longest: int) -> Iterator[Segments]:
    """Yield every sequence of segments of at most `longest` snippets that covers the recording."""
    for count in range(1, length + 1):
        for inner in itertools.combinations(range(1, length), count - 1):
            borders = (0, *inner, length)
            if max(b - a for a, b in itertools.pairwise(borders)) > longest:
                continue
            for classes in itertools.product(range(states), repeat=count):
                yield tuple(zip(borders[:-1], borders[1:], classes, strict=True))


def weight(
    segments: Segments,
    initial: list[float],
    transition: list[list[float]],
    duration: list[list[float]],
    likelihood: list[list[float]],
) -> float:
    """Return the joint probability of a sequence and of the snippets."""
    result = initial[segments[0][2]]
    for (_, _, state), (_, _, following) in itertools.pairwise(segments):
        result *= transition[state][following]
    for first, stop, state in segments:
        result *= duration[state][stop - first - 1]
        result *= math.prod(likelihood[time][state] for time in range(first, stop))
    return result


def posterior(
    initial: list[float],
    transition: list[list[float]],
    duration: list[list[float]],
    likelihood: list[list[float]],
    counts: list[float],
    slack: float | None,
) -> dict[tuple[int, int, int], float]:
    """Return the probability of every segment, by a sum over all sequences.

    With `slack`, the weight of a sequence is multiplied by exp(factor) for each of its segments, where the
    factors of the actions are such that expected number + slack ^ 2 x factor = `counts`.
    """
    states = len(initial)
    everything = list(sequences(len(likelihood), states, len(duration[0])))
    weights = np.array([weight(one, initial, transition, duration, likelihood) for one in everything])
    numbers = np.array(
        [[sum(state == action for *_, state in one) for action in range(1, states)] for one in everything]
    )
    share = weights / weights.sum()
    if slack is not None:
        share = tilted(share, numbers, np.array(counts[1:]), slack)
    sums: dict[tuple[int, int, int], float] = {}
    for segments, value in zip(everything, share.tolist(), strict=True):
        for segment in segments:
            sums[segment] = sums.get(segment, 0.0) + value
    return sums


def tilted(share: np.ndarray, numbers: np.ndarray, counts: np.ndarray, slack: float) -> np.ndarray:
    """Return the shares of the sequences with the factors of `posterior`, by damped Newton steps."""
    factors = np.zeros(len(counts))
    for _ in range(400):
        current = share * np.exp(numbers @ factors)
        current /= current.sum()
        mean = current @ numbers
        deviation = numbers - mean
        curvature = deviation.T @ (deviation * current[:, None]) + slack**2 * np.eye(len(counts))
        factors += 0.2 * np.linalg.solve(curvature, counts - mean - slack**2 * factors)
    return current


def expected_credit(
    segment: tuple[float, float], state: int, probabilities: dict[tuple[int, int, int], float]
) -> float:
    """Return the expected credit of a segment: 0 up to a tIoU of .2, 1 from .9, linear between."""
    return sum(
        probability * credit(segment, (first, stop))
        for (first, stop, label), probability in probabilities.items()
        if label == state
    )


def credit(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the credit of a match of two segments."""
    shared = max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
    if shared == 0.0:
        return 0.0
    tiou = shared / (max(one[1], other[1]) - min(one[0], other[0]))
    return min(max((tiou - 0.2) / 0.7, 0.0), 1.0)


def select(probabilities: dict[tuple[int, int], float], count: int) -> list[tuple[tuple[int, int], float]]:
    """Select segments of one class: the best, then the best for what it leaves, and so on."""
    left = dict(probabilities)
    selected: list[tuple[tuple[int, int], float]] = []
    for _ in range(count):
        taken = [segment for segment, _ in selected]
        scores = {
            one: sum(value * credit(one, other) for other, value in left.items())
            for one in probabilities
            if one not in taken
        }
        if not scores or max(scores.values()) < 1e-3:
            break
        best = max(scores, key=lambda segment: scores[segment])
        selected.append((best, scores[best]))
        left = {other: value * (1.0 - credit(best, other)) for other, value in left.items()}
    return selected
