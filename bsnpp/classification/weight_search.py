"""The weights of a panel of classifiers, searched on validation (paper, improvement B)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy.special import log_softmax, softmax

from bsnpp.classification.calibration import fit_temperature
from bsnpp.classification.hit_counter import HitCounter
from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.weightings import Score, try_weightings

Method = Literal["search", "best", "equal"]


@dataclass(frozen=True)
class WeightSearch:
    """What a search found.

    Attributes
    ----------
    weights
        (n,) of sum 1.
    temperatures
        (n,): what each member's logits are to be divided by.
    score
        Score of `weights` on the videos searched, in [0, 1]. A plateau need not be convex, so that the score
        of its mean may be lower than the highest one.
    alone
        (n,): score of each member alone.
    grid, scores
        (M, n) and (M,): every weighting tried, and its score.
    """

    weights: np.ndarray
    temperatures: np.ndarray
    score: float
    alone: np.ndarray
    grid: np.ndarray
    scores: np.ndarray

    @property
    def plateau(self) -> np.ndarray:
        """(M,) bool: which weightings have the highest score."""
        return np.asarray(self.scores == self.scores.max())


def search_weights(
    logits: np.ndarray,
    targets: np.ndarray,
    settings: WeightSearchSettings,
    method: Method = "search",
    models: Sequence[str] = (),
    average_map: Callable[[np.ndarray], float] | None = None,
) -> WeightSearch:
    """Find the weights with which softmax(sum_i w_i * logits_i / temperature_i) scores highest.

    For top1 and top5 every weighting of the grid is tried if there are at most `settings.largest_grid`; else,
    if models have several members, all weightings inside each model and then all of the models; else, or if
    those are too many, coordinate ascent from equal weights and from the best single member. Detection mAP is
    climbed by coordinates from the better of these; the result is the first of the best weightings tried.

    For top1 and top5 the result is the mean of all weightings tried with the best score: one point of a
    plateau is an accident of the grid, and its mean does not depend on the order of the members. (Climbs
    break ties between moves by that order; only grids are free of it.)

    Parameters
    ----------
    logits
        (n, N, K) finite, float64: n members, N videos, K classes.
    targets
        (N, K) bool. What a hit is, tells `HitCounter`.
    settings
        Metric and size of the search.
    method
        search; best: the best member alone, of equally good ones the first; equal: the plain mean.
    models
        The model of each member (its modalities share one); without it every member is one.
    average_map
        Average mAP of the detections with class probabilities (N, K); needed for the metric average_map.

    Raises
    ------
    ValueError
        If shapes do not fit, no video has a true class, or `average_map` is needed and not given.
    """
    if logits.ndim != 3 or not len(logits) or logits.shape[1:] != targets.shape or not targets.any():
        raise ValueError(f"logits {logits.shape} and targets {targets.shape} do not fit, or no class is true")
    if models and len(models) != len(logits):
        raise ValueError(f"{len(models)} models for {len(logits)} members")
    scaling = settings.temperature_scaling
    temperatures = np.array([fit_temperature(member, targets) if scaling else 1.0 for member in logits])
    calibrated = logits / temperatures[:, None, None]
    score = _score(calibrated, targets, settings, average_map)
    singles = np.eye(len(logits))
    alone = score(singles)
    grid, scores = singles, alone
    if method == "equal":
        weights = np.full(len(logits), 1 / len(logits))
    elif method == "best":
        weights = singles[alone.argmax()]
    else:
        grid, scores = try_weightings(
            score, models or [str(member) for member in range(len(logits))], settings
        )
        plateau = grid[scores == scores.max()]
        if settings.metric == "average_map":
            plateau = plateau[:1]
        # On a full grid these are whole numbers, whose sum is exact: the mean does not depend on any order.
        weights = plateau.sum(axis=0) / plateau.sum()
    return WeightSearch(
        weights=weights,
        temperatures=temperatures,
        score=float(score(weights[None])[0]),
        alone=alone,
        grid=grid / grid.sum(axis=1, keepdims=True),
        scores=scores,
    )


def _score(
    logits: np.ndarray,
    targets: np.ndarray,
    settings: WeightSearchSettings,
    average_map: Callable[[np.ndarray], float] | None,
) -> Score:
    """What is maximised; no weighting's mAP is computed twice."""
    if settings.metric != "average_map":
        return HitCounter(logits, targets, 1 if settings.metric == "top1" else 5).accuracy
    if average_map is None:
        raise ValueError("the metric average_map needs a way to score class probabilities")
    levels = log_softmax(logits, axis=2)  # as `fuse_scores` mixes them

    @cache
    def of_one(weights: tuple[float, ...]) -> float:
        return average_map(softmax(np.tensordot(weights, levels, axes=1), axis=1))

    return lambda weightings: np.array([of_one(tuple(row)) for row in weightings.tolist()])
