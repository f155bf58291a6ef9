"""Tables of the weights of a panel."""

from collections.abc import Sequence

import pandas as pd

from bsnpp.classification.weight_search import WeightSearch
from bsnpp.stores.weights import weight_column


def members_table(search: WeightSearch, members: Sequence[str]) -> pd.DataFrame:
    """Tabulate the members of a panel.

    Parameters
    ----------
    search : WeightSearch
        Result of the search.
    members : sequence of str
        Names of the n members.

    Returns
    -------
    DataFrame[member, score, weight, fused, temperature]
        n rows: score of the member alone, its weight, score of the panel, temperature of the member.
    """
    return pd.DataFrame(
        {
            "member": members,
            "score": search.alone,
            "weight": search.weights,
            "fused": search.score,
            "temperature": search.temperatures,
        }
    )


def weightings_table(search: WeightSearch, members: Sequence[str]) -> pd.DataFrame:
    """Tabulate the weightings that a search tried.

    Parameters
    ----------
    search : WeightSearch
        Result of the search.
    members : sequence of str
        Names of the n members.

    Returns
    -------
    pd.DataFrame
        One row per weighting: the weight of each member (`weight_column`), `score`, and `plateau`, which is
        true for the weightings with the best score.
    """
    table = pd.DataFrame(search.grid, columns=[weight_column(member) for member in members])
    return table.assign(score=search.scores, plateau=search.plateau)
