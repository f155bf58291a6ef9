"""Class scores of snippets that an encoder predicts itself."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.core.errors import Faults
from bsnpp.core.wording import counted
from bsnpp.snippets.scores import join_recordings
from bsnpp.stores.snippet_scores import SnippetScores


def snippet_logits(
    sequences: Mapping[str, np.ndarray],
    classes: Sequence[str],
    scores: Literal["logits", "probabilities"],
    snippet_seconds: float,
) -> SnippetScores:
    """Use the channels of recordings as class scores.

    Parameters
    ----------
    sequences : mapping of str to ndarray
        Scores of every recording, background first: float (t, K + 1).
    classes : sequence of str
        K + 1 names, background first.
    scores : {"logits", "probabilities"}
        Meaning of the channels; probabilities, in [0, 1], become log(max(p, 1e-8)).
    snippet_seconds : float
        Time from one snippet to the next [s].

    Returns
    -------
    SnippetScores
        Scores in the order of `sequences`.

    Raises
    ------
    UserError
        Lists every recording with another number of channels than classes, probabilities outside [0, 1], or
        logits that are probabilities.
    """
    faults = Faults(
        "channels that are not class scores",
        "Expected: one channel for the background and one per class, in the order of the class list.",
    )
    logits = {}
    for video, values in sequences.items():
        if values.shape[1] != len(classes):
            faults.add(f"{video}: {counted(values.shape[1], 'channel')}, expected {len(classes)}")
        elif scores == "probabilities" and (values.min() < 0 or values.max() > 1):
            faults.add(f"{video}: values from {values.min():g} to {values.max():g} are not probabilities")
        elif scores == "logits" and _are_probabilities(values):
            faults.add(f"{video}: every row lies in [0, 1] and sums to 1; set `scores` to `probabilities`")
        else:
            logits[video] = probabilities_to_logits(values) if scores == "probabilities" else values
    faults.raise_if_any()
    return join_recordings(logits, list(classes), snippet_seconds)


def _are_probabilities(values: np.ndarray) -> bool:
    return bool(len(values) and (values >= 0).all() and np.allclose(values.sum(axis=1), 1, rtol=0, atol=1e-3))
