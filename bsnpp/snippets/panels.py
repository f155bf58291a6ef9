"""Search for the weights of a panel of snippet classifiers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.classification.weight_search import WeightSearch, search_weights
from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.snippets.targets import scored_targets
from bsnpp.stores.snippet_scores import SnippetScores

if TYPE_CHECKING:
    import pandas as pd

SEARCHED = 2000
"""Approximate maximum number of snippets for the search, evenly spaced: neighbours are nearly identical."""


def search_snippet_weights(
    members: Sequence[SnippetScores],
    instances: "pd.DataFrame",
    settings: WeightSearchSettings,
    method: WeightMethod,
    models: Sequence[str],
) -> WeightSearch:
    """Search the weights of a panel on annotated recordings.

    Parameters
    ----------
    members : sequence of SnippetScores
        n classifiers of the same snippets and classes in the same order.
    instances : DataFrame[video, start, end, label]
        Instances of these recordings [s].
    settings, method, models
        As for `search_weights`.

    Returns
    -------
    WeightSearch
        Weights and temperatures of the members.
    """
    first = members[0]
    step = 1 + len(first.logits) // SEARCHED
    truth = np.concatenate(list(scored_targets(first, instances).values()))[::step]
    targets = np.eye(len(first.classes), dtype=bool)[truth]
    logits = np.stack([member.logits[::step].astype(np.float64) for member in members])
    return search_weights(logits, targets, settings, method, models)
