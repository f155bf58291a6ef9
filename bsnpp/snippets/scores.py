"""Class scores of the snippets of many recordings."""

from collections.abc import Mapping, Sequence

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.stores.snippet_scores import BACKGROUND, SnippetScores


def with_background(classes: Sequence[str]) -> list[str]:
    """Return the classes of snippets: "background", then those of the challenge.

    Raises
    ------
    UserError
        If a class of the challenge is called "background".
    """
    if BACKGROUND in classes:
        raise UserError(
            f"a class is called {BACKGROUND!r}, the name of snippets outside all instances; rename the class"
        )
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
