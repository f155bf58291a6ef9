"""Weights of a blend's members, from their scores on validation (improvement A of the paper)."""

import csv
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bsnpp.errors import Faults, UserError
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
        Keys `weights`, `floor` and `temperature`.

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
        raise UserError(
            f"no member of the blend scores above the floor {settings.floor}: "
            f"{', '.join(f'{name} {scores[name]:.4f}' for name in raw)}; lower the key floor"
        )
    return {name: weight / total for name, weight in raw.items()}


def _raw_weights(scores: dict[str, float], settings: FusionSettings) -> dict[str, float]:
    """Weights before they are normalised."""
    best = max(scores.values())
    if settings.weights == "share":
        return {name: max(score - settings.floor, 0.0) for name, score in scores.items()}
    if settings.weights == "softmax":
        return {name: math.exp((score - best) / settings.temperature) for name, score in scores.items()}
    if settings.weights == "best":
        winner = next(name for name, score in scores.items() if score == best)
        return {name: float(name == winner) for name in scores}
    return dict.fromkeys(scores, 1.0)


def weights_table(scores: Mapping[str, float], weights: Mapping[str, float]) -> "pd.DataFrame":
    """Table of the members, heaviest first: columns member, score (a share), weight.

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
