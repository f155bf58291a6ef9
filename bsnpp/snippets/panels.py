"""Panels of classifiers of snippets: search for the weights of the members, and fusion."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_softmax

from bsnpp.classification.mixing import mix_logits
from bsnpp.classification.weight_search import WeightSearch, search_weights
from bsnpp.classification.weight_search_settings import WeightMethod, WeightSearchSettings
from bsnpp.core.errors import UserError
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


def fuse_snippet_scores(
    members: Sequence[SnippetScores], weights: np.ndarray, temperatures: np.ndarray
) -> SnippetScores:
    """Return the logarithms of softmax(sum_i weight_i * logits_i / temperature_i).

    Parameters
    ----------
    members : sequence of SnippetScores
        n classifiers of the same snippets and classes in the same order.
    weights, temperatures : np.ndarray
        Weight and temperature of each member, float (n,) each; temperatures above 0.

    Returns
    -------
    SnippetScores
        Log-probabilities of the panel.

    Raises
    ------
    UserError
        If the members differ in recordings, snippets or classes.
    """
    first = members[0]
    for other in members[1:]:
        alike = (
            other.videos == first.videos
            and np.array_equal(other.lengths, first.lengths)
            and other.classes == first.classes
            and other.snippet_seconds == first.snippet_seconds
        )
        if not alike:
            raise UserError("snippet classifiers of a panel differ in recordings, snippets or classes")
    logits = mix_logits([member.logits.astype(np.float64) for member in members], weights, temperatures)
    fused = log_softmax(logits, axis=1).astype(np.float32)
    return SnippetScores(first.videos, first.lengths, first.classes, fused, first.snippet_seconds)
