"""The weights of a panel of classifiers, searched on validation (paper, improvement B)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from bsnpp.classification.settings import WeightSearchSettings

TEMPERATURES = (0.05, 20.0)
CHUNK = 2**21  # numbers in one product; 16 MB, so that it stays near the processor


@dataclass(frozen=True)
class WeightSearch:
    """What a search found.

    Attributes
    ----------
    weights
        (n,) of sum 1: the mean of the plateau.
    temperatures
        (n,): what each member's logits are to be divided by.
    score
        Accuracy of `weights` on the videos searched, in [0, 1].
    best
        The highest accuracy of any weighting tried; a plateau need not be convex, so `score` may be lower.
    plateau
        How many weightings reach `best`.
    grid, scores
        (M, n) and (M,): every weighting tried, and its accuracy.
    """

    weights: np.ndarray
    temperatures: np.ndarray
    score: float
    best: float
    plateau: int
    grid: np.ndarray
    scores: np.ndarray


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the temperature, in [0.05, 20], whose softmax(logits / temperature) is the most likely.

    Parameters
    ----------
    logits
        (N, K).
    targets
        (N, K) bool. The loss of a video with several true classes is the mean over them; videos with none
        are left out, and without any the temperature is 1.
    """
    labelled = targets.any(axis=1)
    logits, targets = logits[labelled], targets[labelled]
    if not len(logits):
        return 1.0
    true_logit = (logits * targets).sum(axis=1) / targets.sum(axis=1)

    def loss(log_temperature: float) -> float:
        temperature = math.exp(log_temperature)
        return float(np.mean(logsumexp(logits / temperature, axis=1) - true_logit / temperature))

    # Convex in 1 / temperature, hence with one valley in its logarithm.
    bounds = (math.log(TEMPERATURES[0]), math.log(TEMPERATURES[1]))
    return math.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-8}).x)


def simplex_grid(members: int, step: float) -> np.ndarray:
    """Return every weighting (M, members) of multiples of `step` that sum to 1, in lexical order.

    M = binomial(1/step + members - 1, members - 1): 10,626 for 5 members and a step of 0.05.

    Raises
    ------
    ValueError
        If there is no member, or `step` does not divide 1.
    """
    parts = _parts(step)
    return np.asarray(_compositions(members, parts) / parts)


def search_weights(logits: np.ndarray, targets: np.ndarray, settings: WeightSearchSettings) -> WeightSearch:
    """Find the weights with which softmax(sum_i w_i * logits_i / temperature_i) hits most often.

    Every weighting of the grid is tried if there are at most `settings.largest_grid`; else coordinate ascent
    from equal weights and from the best single member. The result is the mean of all weightings tried with
    the best score: one point of a plateau is an accident of the grid, and its mean does not depend on the
    order of the members. (Ascent breaks ties between moves by that order; only the full grid is free of it.)

    A video is hit if one of its true classes has less than k false ones at its height or above (k = 1 or 5):
    a tie counts as a miss, so that a constant classifier earns nothing. Videos without a true class do not
    count.

    Parameters
    ----------
    logits
        (n, N, K) finite, float64: n members, N videos, K classes.
    targets
        (N, K) bool.

    Raises
    ------
    ValueError
        If shapes do not fit, or no video has a true class.
    """
    if logits.ndim != 3 or not len(logits) or logits.shape[1:] != targets.shape or not targets.any():
        raise ValueError(f"logits {logits.shape} and targets {targets.shape} do not fit, or no class is true")
    members = len(logits)
    scaling = settings.temperature_scaling
    temperatures = np.array([fit_temperature(member, targets) if scaling else 1.0 for member in logits])
    counter = _HitCounter(
        logits / temperatures[:, None, None], targets, 1 if settings.metric == "top1" else 5
    )
    parts = _parts(settings.step)
    if math.comb(parts + members - 1, members - 1) <= settings.largest_grid:
        tried = _compositions(members, parts)
        hits = counter.hits(tried)
    else:
        tried, hits = _ascend(counter, members, parts)
    plateau = tried[hits == hits.max()]
    # The sum of whole numbers is exact: the mean does not depend on any order.
    weights = plateau.sum(axis=0) / plateau.sum()
    return WeightSearch(
        weights=weights,
        temperatures=temperatures,
        score=float(counter.hits(weights[None])[0] / counter.videos),
        best=float(hits.max() / counter.videos),
        plateau=len(plateau),
        grid=tried / tried.sum(axis=1, keepdims=True),
        scores=hits / counter.videos,
    )


class _HitCounter:
    """Counts the videos that a weighting hits, for many weightings at once.

    With d_i = logit of a false class - logit of a true class in member i, the false class rivals the true
    one if sum_i w_i d_i >= 0. Where all d_i have the same sign every weighting agrees, so that only the
    others enter the matrix product; this changes no count.
    """

    def __init__(self, logits: np.ndarray, targets: np.ndarray, top: int) -> None:
        self.top = top
        pairs = np.argwhere(targets)  # (pairs, 2): video, true class
        self.first_pair = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1))
        self.videos = len(self.first_pair)
        always, rivals, differences = [], [], []
        for video, label in pairs:
            gap = logits[:, video, ~targets[video]] - logits[:, video, label, None]  # (n, false classes)
            always.append(np.count_nonzero((gap >= 0).all(axis=0)))
            open_question = (gap >= 0).any(axis=0) & (gap < 0).any(axis=0)
            rivals.append(np.count_nonzero(open_question))
            differences.append(gap[:, open_question].T)
        self.always, self.rivals = np.array(always), np.array(rivals)
        self.differences = np.concatenate(differences)  # (sum of rivals, n)

    def hits(self, weightings: np.ndarray) -> np.ndarray:
        """Return the number of videos hit by each of (M, n) weightings, which need not sum to 1."""
        hits = np.zeros(len(weightings), dtype=np.int64)
        size = max(1, CHUNK // max(1, len(self.differences)))
        for start in range(0, len(weightings), size):
            hits[start : start + size] = self._count(weightings[start : start + size].astype(np.float64))
        return hits

    def _count(self, weightings: np.ndarray) -> np.ndarray:
        rivalry = (self.differences @ weightings.T >= 0).astype(np.int32)  # (sum of rivals, M)
        above = np.repeat(self.always[:, None], len(weightings), axis=1)  # (pairs, M)
        contested = np.flatnonzero(self.rivals)
        if len(contested):
            borders = np.concatenate([[0], np.cumsum(self.rivals[contested])[:-1]])
            above[contested] += np.add.reduceat(rivalry, borders, axis=0)
        # A video counts by its best true class.
        best = np.minimum.reduceat(above, self.first_pair, axis=0)  # (videos, M)
        return np.asarray((best < self.top).sum(axis=0))


def _parts(step: float) -> int:
    parts = round(1 / step)
    if abs(parts * step - 1) > 1e-9:
        raise ValueError(f"step {step} does not divide 1")
    return parts


def _compositions(members: int, parts: int) -> np.ndarray:
    """Return every (M, members) of whole numbers >= 0 that sum to `parts`, in lexical order."""
    if members < 1:
        raise ValueError("a panel needs at least one member")
    if members == 1:
        return np.array([[parts]])
    blocks = []
    for first in range(parts + 1):
        rest = _compositions(members - 1, parts - first)
        blocks.append(np.concatenate([np.full((len(rest), 1), first), rest], axis=1))
    return np.concatenate(blocks)


def _ascend(counter: _HitCounter, members: int, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Climb from equal weights and from the best single member; return all that was tried, and its hits.

    Weights are whole numbers of sum `members * parts`, so that equal weights are among them. A move takes any
    number of steps from one member to another; the best move is made as long as it gains.
    """
    singles = np.eye(members, dtype=np.int64) * members * parts
    equal = np.full((1, members), parts)
    tried = np.concatenate([singles, equal])
    hits = counter.hits(tried)
    for point, height in ((equal[0], hits[-1]), (singles[hits[:-1].argmax()], hits[:-1].max())):
        while True:
            moves = np.array(list(_moves(point, members)))
            found = counter.hits(moves)
            tried, hits = np.concatenate([tried, moves]), np.concatenate([hits, found])
            if found.max() <= height:
                break
            point, height = moves[found.argmax()], found.max()
    tried, first = np.unique(tried, axis=0, return_index=True)
    return tried, hits[first]


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
