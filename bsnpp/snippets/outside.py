"""Class scores of snippets that an encoder's network gives by itself."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from bsnpp.classification.logits import probabilities_to_logits
from bsnpp.core.errors import Faults
from bsnpp.snippets.scores import join_recordings
from bsnpp.stores.snippet_scores import SnippetScores


def snippet_logits(
    sequences: Mapping[str, np.ndarray],
    classes: Sequence[str],
    scores: Literal["logits", "probabilities"],
    snippet_seconds: float,
) -> SnippetScores:
    """Take the channels of recordings as class scores.

    Parameters
    ----------
    sequences : mapping of str to ndarray
        Scores of every recording: (t, K + 1), background first.
    classes : sequence of str
        K + 1 names, background first.
    scores : {"logits", "probabilities"}
        What the channels hold. Probabilities are in [0, 1]; they become logarithms.
    snippet_seconds : float
        Seconds from one snippet to the next.

    Raises
    ------
    UserError
        If the channels are not one per class, or probabilities lie outside [0, 1], with every recording.
    """
    faults = Faults(
        "channels that are no class scores",
        "An encoder that scores snippets has one channel for the background and one per class, in the order "
        "of the class list.",
    )
    logits = {}
    for video, values in sequences.items():
        if values.shape[1] != len(classes):
            faults.add(f"{video}: {values.shape[1]} channels, expected {len(classes)}")
        elif scores == "probabilities" and (values.min() < 0 or values.max() > 1):
            faults.add(f"{video}: values from {values.min():g} to {values.max():g} are no probabilities")
        else:
            logits[video] = probabilities_to_logits(values) if scores == "probabilities" else values
    faults.raise_if_any()
    return join_recordings(logits, list(classes), snippet_seconds)
