"""Weights of a blend's members, from their scores on validation (improvement A of the paper)."""

import csv
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.simplex import coordinate_search
from bsnpp.fusion.settings import FusionSettings

if TYPE_CHECKING:
    import pandas as pd


def member_weights(scores: Mapping[str, float], settings: FusionSettings) -> dict[str, float]:
    """Turn each member's validation score into its weight.

    Parameters
    ----------
    scores : mapping of str to float
        Score of each member, a share in [0, 1].
    settings : FusionSettings
        Keys `weights`, `floor` and `temperature`. A search starts from the weights of share.

    Returns
    -------
    dict of str to float
        Weights in [0, 1] that sum to 1, in order of the names: the order of `scores` changes nothing.

    Raises
    ------
    ValueError
        If there is no member.
    UserError
        If a score is not a share, or none lies above the floor.
    """
    if not scores:
        raise ValueError("a blend needs at least one member")
    faults = Faults("validation scores that are no shares in [0, 1]")
    faults.extend(f"{name}: {score}" for name, score in sorted(scores.items()) if not 0 <= score <= 1)
    faults.raise_if_any()
    raw = _raw_weights({name: float(scores[name]) for name in sorted(scores)}, settings)
    total = math.fsum(raw.values())
    if total == 0:
        below, at_zero = "lower the key `fusion.floor`", "no proposal meets an annotated instance"
        shown = ", ".join(f"{name} {scores[name]:.4f}" for name in raw)
        raise UserError(
            f"no member of the blend scores above the floor {settings.floor}: "
            f"{shown}; {below if settings.floor else at_zero}"
        )
    return {name: weight / total for name, weight in raw.items()}


def weigh_members(
    scores: Mapping[str, float],
    fused_score: Callable[[Mapping[str, float]], float],
    settings: FusionSettings,
) -> tuple[dict[str, float], float]:
    """Weigh the members, and score their fusion.

    Parameters
    ----------
    scores : mapping of str to float
        Score of each member alone, a share in [0, 1].
    fused_score : callable
        Score of the maps fused with given weights.
    settings : FusionSettings
        How; with `search` the score of the fusion is the highest of all weightings tried, and no lower than
        that of any member alone.

    Returns
    -------
    weights : dict of str to float
        Weights in [0, 1] that sum to 1, in order of the names.
    fused : float
        The score of the fusion.

    Raises
    ------
    ValueError, UserError
        As `member_weights`.
    """
    names = sorted(scores)

    def score(weights: np.ndarray) -> float:
        if weights.max() == 1:  # one member is the identity
            return float(scores[names[int(weights.argmax())]])
        return fused_score(dict(zip(names, weights.tolist(), strict=True)))

    weights = np.array(list(member_weights(scores, settings).values()))
    if settings.weights != "search":
        return dict(zip(names, weights.tolist(), strict=True)), score(weights)
    starts = np.concatenate([weights[None], np.full((1, len(names)), 1 / len(names)), np.eye(len(names))])
    tried, found = coordinate_search(score, starts, settings.steps)
    best = int(found.argmax())
    return dict(zip(names, tried[best].tolist(), strict=True)), float(found[best])


def _raw_weights(scores: dict[str, float], settings: FusionSettings) -> dict[str, float]:
    """Weights before they are normalised."""
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
    """Table of the members, heaviest first: columns member, score (a share), weight, score of the fusion.

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


def read_weights(path: str | Path) -> dict[str, float]:
    """Read the weights back from the CSV of a `weights_table`.

    Raises
    ------
    UserError
        If the file is missing, has no columns member and weight, names a member twice, or holds a weight
        that is no share.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8") as file:
            rows = [(row["member"], float(row["weight"])) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as error:
        raise UserError(f"{path}: no table of weights with columns member and weight ({error!r})") from error
    faults = Faults(f"{path}: weights that are no shares in [0, 1]")
    faults.extend(f"{member}: {weight}" for member, weight in rows if not 0 <= weight <= 1)
    faults.raise_if_any()
    if len(dict(rows)) != len(rows) or not rows:
        raise UserError(f"{path}: must name each member once, and one at least")
    return dict(rows)
