"""Search for the weights of a panel of classifiers on validation (improvement B of the paper)."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import softmax

from bsnpp.classification.calibration import fit_temperature
from bsnpp.classification.hit_counter import HitCounter
from bsnpp.classification.mixing import mixer
from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.classification.weightings import Score, try_weightings


@dataclass(frozen=True)
class WeightSearch:
    """Result of a search.

    Attributes
    ----------
    weights : np.ndarray
        Weight of each member, float64 (n,), sum 1.
    temperatures : np.ndarray
        Temperature by which the logits of each member are divided, float64 (n,).
    score : float
        Score of `weights` on the videos of the search, in [0, 1]. It may be lower than the best score: a
        plateau need not be convex, and `weights` is its mean.
    alone : np.ndarray
        Score of each member alone, float64 (n,).
    grid, scores : np.ndarray
        Weightings that were tried, float64 (M, n), rows of sum 1, and their scores, float64 (M,).
    """

    weights: np.ndarray
    temperatures: np.ndarray
    score: float
    alone: np.ndarray
    grid: np.ndarray
    scores: np.ndarray

    @property
    def plateau(self) -> np.ndarray:
        """Weightings with the best score: bool (M,)."""
        return np.asarray(self.scores == self.scores.max())


def search_weights(
    logits: np.ndarray,
    targets: np.ndarray,
    settings: WeightSearchSettings,
    method: WeightMethod = "search",
    models: Sequence[str] = (),
    average_map: Callable[[np.ndarray], float] | None = None,
) -> WeightSearch:
    """Find the weights that maximise the score of softmax(sum_i w_i * logits_i / temperature_i).

    For top1 and top5 all weightings of the grid are tried if there are at most `settings.largest_grid`. If
    there are more, and if some models have several members, all weightings within each model are tried, and
    then all of the models. If those are too many as well, coordinate ascent starts from equal weights and
    from the best single member. The result is the mean of the weightings with the best score: a single point
    of a plateau would be arbitrary, and the mean does not depend on the order of the members. (Coordinate
    ascent does, because it breaks ties by that order.)

    For average_map a coordinate search starts from the better of equal weights and the best single member.
    The result is the first weighting with the best score.

    Parameters
    ----------
    logits : np.ndarray
        Logits of n members for N videos and K classes, finite, float64 (n, N, K).
    targets : np.ndarray
        True classes, bool (N, K). `HitCounter` defines a hit.
    settings : WeightSearchSettings
        Metric and size of the search.
    method : {"search", "best", "equal"}
        Search; the best member alone (the first of equally good ones); or equal weights.
    models : sequence of str, optional
        Model of each member; the modalities of a model share its name. By default every member is a model.
    average_map : callable, optional
        Function that returns the average mAP of the detections with given class probabilities (N, K), for the
        metric average_map.

    Returns
    -------
    WeightSearch
        Weights, temperatures, and all weightings that were tried. If no video has a true class, all weights
        are the same and all scores 0, with a warning.

    Raises
    ------
    ValueError
        If the shapes do not match, or `average_map` is required but missing.
    """
    if logits.ndim != 3 or not len(logits) or logits.shape[1:] != targets.shape:
        raise ValueError(f"logits {logits.shape} and targets {targets.shape} do not match")
    if models and len(models) != len(logits):
        raise ValueError(f"{len(models)} models for {len(logits)} members")
    if not targets.any():
        return _without_targets(len(logits))
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
        # A full grid holds integers, whose sums are exact, so the mean does not depend on any order.
        weights = plateau.sum(axis=0) / plateau.sum()
    return WeightSearch(
        weights=weights,
        temperatures=temperatures,
        score=float(score(weights[None])[0]),
        alone=alone,
        grid=grid / grid.sum(axis=1, keepdims=True),
        scores=scores,
    )


def _without_targets(members: int) -> WeightSearch:
    """Return equal weights for a panel that cannot be scored."""
    warnings.warn(
        "no validation video has an annotation: all members get the same weight, and scores of 0",
        stacklevel=3,
    )
    equal = np.full(members, 1 / members)
    return WeightSearch(equal, np.ones(members), 0.0, np.zeros(members), np.eye(members), np.zeros(members))


def _score(
    logits: np.ndarray,
    targets: np.ndarray,
    settings: WeightSearchSettings,
    average_map: Callable[[np.ndarray], float] | None,
) -> Score:
    """Return the function to maximise. The mAP of a weighting is computed only once."""
    if settings.metric != "average_map":
        return HitCounter(logits, targets, 1 if settings.metric == "top1" else 5).accuracy
    if average_map is None:
        raise ValueError("the metric average_map requires the argument average_map")
    mix = mixer(list(logits), np.ones(len(logits)))

    @cache
    def score_one(weights: tuple[float, ...]) -> float:
        return average_map(softmax(mix(weights), axis=1))

    return lambda weightings: np.array([score_one(tuple(row)) for row in weightings.tolist()])
