"""Search for the weights of a panel of classifiers of videos, and the tables of any panel's weights."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from bsnpp.classification.targets import true_classes
from bsnpp.classification.weight_search import WeightSearch, search_weights
from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.stores.class_scores import ClassScores
from bsnpp.stores.weights import weight_column


def search_video_weights(
    members: Sequence[ClassScores],
    instances: pd.DataFrame,
    settings: WeightSearchSettings,
    method: WeightMethod,
    models: Sequence[str],
    average_map: Callable[[np.ndarray], float] | None = None,
) -> WeightSearch:
    """Search the weights of a panel on annotated videos.

    Parameters
    ----------
    members : sequence of ClassScores
        n classifiers with the same videos and classes in the same order.
    instances : DataFrame[video, label]
        Instances of these videos.
    settings, method, models, average_map
        As for `search_weights`.

    Returns
    -------
    WeightSearch
        Weights and temperatures of the members.
    """
    logits = np.stack([member.logits for member in members])
    targets = true_classes(instances, members[0].videos, members[0].classes)
    return search_weights(logits, targets, settings, method, models, average_map)


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
