"""Weights of the members of a blend, from their scores on validation (improvement A of the paper)."""

import math
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.simplex import coordinate_search
from bsnpp.fusion.settings import FusionSettings

if TYPE_CHECKING:
    import pandas as pd


def member_weights(scores: Mapping[str, float], settings: FusionSettings) -> dict[str, float]:
    """Compute the weights of the members from their validation scores.

    Parameters
    ----------
    scores : mapping of str to float
        Score of each member, in [0, 1].
    settings : FusionSettings
        Keys `weights`, `floor` and `temperature`. A search starts from the weights of share, and
        contributions from equal weights.

    Returns
    -------
    dict of str to float
        Weights in [0, 1] that sum to 1, sorted by name; they do not depend on the order of `scores`. If all
        scores are 0, all weights are the same, with a warning.

    Raises
    ------
    ValueError
        If there is no member.
    UserError
        If a score is not in [0, 1], or none is above the floor although some are above 0.
    """
    if not scores:
        raise ValueError("a blend needs at least one member")
    faults = Faults("validation scores outside [0, 1]")
    faults.extend(f"{name}: {score}" for name, score in sorted(scores.items()) if not 0 <= score <= 1)
    faults.raise_if_any()
    raw = _raw_weights({name: float(scores[name]) for name in sorted(scores)}, settings)
    total = math.fsum(raw.values())
    if not any(scores.values()) and total == 0:
        warnings.warn(
            "no proposal of any member matches an annotated instance of validation: all members get the same "
            "weight",
            stacklevel=2,
        )
        return dict.fromkeys(raw, 1 / len(raw))
    if total == 0:
        shown = ", ".join(f"{name} {scores[name]:.4f}" for name in raw)
        raise UserError(
            f"no member of the blend scores above the floor {settings.floor}: {shown}; lower the key "
            "`fusion.floor`"
        )
    return {name: weight / total for name, weight in raw.items()}


def weigh_members(
    scores: Mapping[str, float],
    fused_score: Callable[[Mapping[str, float]], float],
    settings: FusionSettings,
) -> tuple[dict[str, float], float]:
    """Weight the members, and score their fusion.

    Parameters
    ----------
    scores : mapping of str to float
        Score of each member alone, in [0, 1].
    fused_score : callable
        Function that returns the score of the maps fused with given weights.
    settings : FusionSettings
        All keys that determine the weights. With `search` the fusion has the highest score of all weightings
        tried; it is not below that of any member alone.

    Returns
    -------
    weights : dict of str to float
        Weights in [0, 1] that sum to 1, sorted by name.
    fused : float
        Score of the fusion.

    Raises
    ------
    ValueError, UserError
        As for `member_weights`.
    """
    names = sorted(scores)

    def score(weights: np.ndarray) -> float:
        if weights.max() == 1:  # the fusion of one member is the member
            return float(scores[names[int(weights.argmax())]])
        return fused_score(dict(zip(names, weights.tolist(), strict=True)))

    weights = np.array(list(member_weights(scores, settings).values()))
    if settings.weights == "leave_one_out" and len(names) > 1:
        weights = _contributions(score, weights)
    if settings.weights != "search":
        return dict(zip(names, weights.tolist(), strict=True)), score(weights)
    starts = np.concatenate([weights[None], np.full((1, len(names)), 1 / len(names)), np.eye(len(names))])
    tried, heights = coordinate_search(score, starts, settings.steps)
    best = int(heights.argmax())
    return dict(zip(names, tried[best].tolist(), strict=True)), float(heights[best])


def _contributions(score: Callable[[np.ndarray], float], equal: np.ndarray) -> np.ndarray:
    """Weight every member by what the score of the equally weighted fusion loses without it."""
    others = 1.0 - np.eye(len(equal))
    without = [score(row / row.sum()) for row in others]
    loss = np.maximum(score(equal) - np.array(without), 0.0)
    if loss.sum() == 0:
        warnings.warn("no member raises the score of the others: all get the same weight", stacklevel=3)
        return equal
    return loss / loss.sum()


def _raw_weights(scores: dict[str, float], settings: FusionSettings) -> dict[str, float]:
    """Return the weights before normalisation."""
    best = max(scores.values())
    if settings.weights in ("share", "search"):
        return {name: max(score - settings.floor, 0.0) for name, score in scores.items()}
    if settings.weights == "softmax":
        return {name: math.exp((score - best) / settings.temperature) for name, score in scores.items()}
    if settings.weights == "best":
        winner = next(name for name, score in scores.items() if score == best)
        return {name: float(name == winner) for name in scores}
    return dict.fromkeys(scores, 1.0)


def weights_table(scores: Mapping[str, float], weights: Mapping[str, float], fused: float) -> "pd.DataFrame":
    """Tabulate the members, heaviest first.

    Parameters
    ----------
    scores : mapping of str to float
        Score of each member alone, in [0, 1].
    weights : mapping of str to float
        Weight of each member, in [0, 1].
    fused : float
        Score of the fusion, in [0, 1].

    Returns
    -------
    DataFrame[member, score, weight, fused]
        A row per member.

    Raises
    ------
    ValueError
        If scores and weights are of different members.
    """
    import pandas as pd

    if set(scores) != set(weights):
        raise ValueError(f"scores of {sorted(scores)}, but weights of {sorted(weights)}")
    members = sorted(weights, key=lambda name: (-weights[name], name))
    return pd.DataFrame(
        {
            "member": members,
            "score": [float(scores[name]) for name in members],
            "weight": [float(weights[name]) for name in members],
            "fused": float(fused),
        }
    )
