"""Class scores of the snippets of recordings by the panel of a bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bsnpp.snippets.classifier import SnippetClassifier
from bsnpp.snippets.outside import snippet_logits
from bsnpp.snippets.panels import fuse_snippet_scores
from bsnpp.snippets.scores import join_recordings, with_background
from bsnpp.stores.snippet_scores import SnippetScores


@dataclass(frozen=True)
class SnippetMember:
    """A classifier of the panel: trained on snippets, or the channels of an encoder.

    Attributes
    ----------
    weight, temperature : float
        Its weight in the mixture, and what its logits are divided by.
    reading : str
        Name of the features that it reads.
    trained : SnippetClassifier or None
        The classifier; None if the features are scores.
    scores : {"logits", "probabilities"}
        What these features are.
    """

    weight: float
    temperature: float
    reading: str
    trained: SnippetClassifier | None
    scores: Literal["logits", "probabilities"]


def panel_scores(
    panel: Sequence[SnippetMember],
    video: str,
    sequences: Mapping[str, np.ndarray],
    classes: Sequence[str],
    snippet_seconds: float,
) -> SnippetScores:
    """Fuse the scores of a panel's classifiers for the snippets of one recording.

    Parameters
    ----------
    panel : sequence of SnippetMember
        Classifiers of weight above 0.
    video : str
        Id of the recording.
    sequences : mapping of str to np.ndarray
        Its features by the name of the reading: float32 (t, C).
    classes : sequence of str
        The K class names in canonical order.
    snippet_seconds : float
        Time from one snippet to the next [s].

    Raises
    ------
    UserError
        If channels are not class scores.
    """
    names = with_background(classes)
    members = []
    for member in panel:
        sequence = sequences[member.reading]
        if member.trained is None:
            scores = snippet_logits({video: sequence}, names, member.scores, snippet_seconds)
            logits = scores.logits.astype(np.float32)
        else:
            logits = member.trained.logits(sequence)
        members.append(join_recordings({video: logits}, names, snippet_seconds))
    weights = np.array([member.weight for member in panel])
    temperatures = np.array([member.temperature for member in panel])
    return fuse_snippet_scores(members, weights, temperatures)
