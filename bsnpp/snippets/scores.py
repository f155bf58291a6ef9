"""Class scores of the snippets of many recordings: put together, and fused over a panel."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import log_softmax

from bsnpp.classification.mixing import mix_logits
from bsnpp.core.errors import UserError
from bsnpp.stores.snippet_scores import BACKGROUND, SnippetScores


def with_background(classes: Sequence[str]) -> list[str]:
    """Return the classes of snippets: "background", then those of the challenge."""
    return [BACKGROUND, *classes]


def join_recordings(
    logits: Mapping[str, np.ndarray], classes: Sequence[str], snippet_seconds: float
) -> SnippetScores:
    """Put the scores of several recordings together.

    Parameters
    ----------
    logits : mapping of str to np.ndarray
        Logits of each recording, float (t, K + 1).
    classes : sequence of str
        K + 1 names, "background" first.
    snippet_seconds : float
        Time from one snippet to the next [s].

    Returns
    -------
    SnippetScores
        Scores in the order of `logits`.
    """
    lengths = np.array([len(values) for values in logits.values()], dtype=np.int64)
    return SnippetScores(
        list(logits), lengths, list(classes), np.concatenate(list(logits.values())), snippet_seconds
    )


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
