"""A panel's weights by the method that its section names, and the tables that tell of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.weight_search import WeightSearch, search_weights

SINGLE_MEMBERS = 1.0
"""A grid of this step holds each member alone, and nothing else."""


def weigh_panel(
    logits: np.ndarray,
    targets: np.ndarray,
    settings: WeightSearchSettings,
    method: Literal["search", "best", "equal"],
) -> WeightSearch:
    """Weights of a panel from validation: searched, of the best member alone, or all alike.

    Parameters
    ----------
    logits : ndarray (n, N, K)
        n members, N videos, K classes.
    targets : ndarray bool (N, K)
        True classes.
    settings : WeightSearchSettings
        Metric, and step of the search.
    method : {"search", "best", "equal"}
        Of equally good members the first one is the best.

    Returns
    -------
    WeightSearch
        Its grid holds what was compared. `score` is that of the weights; NaN for equal ones.
    """
    if method == "search":
        return search_weights(logits, targets, settings)
    one_by_one = settings.model_copy(update={"step": SINGLE_MEMBERS, "largest_grid": len(logits)})
    alone = search_weights(logits, targets, one_by_one)
    if method == "best":
        winner = np.flatnonzero(alone.scores == alone.scores.max())[
            -1
        ]  # the grid's last row is the first member
        return replace(alone, weights=alone.grid[winner], score=float(alone.scores[winner]))
    return replace(alone, weights=np.full(len(logits), 1 / len(logits)), score=float("nan"))


def members_table(search: WeightSearch, members: Sequence[str]) -> pd.DataFrame:
    """One row for each member: its weight, and the temperature that its logits are divided by."""
    return pd.DataFrame({"member": members, "weight": search.weights, "temperature": search.temperatures})


def grid_table(search: WeightSearch, members: Sequence[str]) -> pd.DataFrame:
    """One row for each weighting that was tried, with its share of videos hit."""
    return pd.DataFrame(search.grid, columns=list(members)).assign(score=search.scores)
