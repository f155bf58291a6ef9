"""The tables that tell of a panel's weights."""

from collections.abc import Sequence

import pandas as pd

from bsnpp.classification.weight_search import WeightSearch


def members_table(search: WeightSearch, members: Sequence[str]) -> pd.DataFrame:
    """One row for each member: member, score alone, weight, score of the panel, temperature of its logits."""
    return pd.DataFrame(
        {
            "member": members,
            "score": search.alone,
            "weight": search.weights,
            "fused": search.score,
            "temperature": search.temperatures,
        }
    )


def grid_table(search: WeightSearch, members: Sequence[str]) -> pd.DataFrame:
    """One row for each weighting that was tried: the weights, their score, and whether it is the highest."""
    grid = pd.DataFrame(search.grid, columns=list(members))
    return grid.assign(score=search.scores, plateau=search.plateau)
