"""Annotated classes of snippets: the targets of snippet classifiers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.snippets.time_axis import snippet_centres
from bsnpp.stores.snippet_scores import SnippetScores

if TYPE_CHECKING:
    import pandas as pd


def snippet_targets(
    instances: "pd.DataFrame", classes: Sequence[str], length: int, snippet_seconds: float
) -> np.ndarray:
    """Return the class of every snippet of one video.

    A snippet has the class of the instance that covers its centre (start included, end excluded). Of several
    instances the shortest counts, of equally long ones the one with the first class.

    Parameters
    ----------
    instances : DataFrame[start, end, label]
        Instances of this video [s].
    classes : sequence of str
        K + 1 names, "background" first.
    length : int
        Number of snippets.
    snippet_seconds : float
        Time from one snippet to the next [s]; snippet k is centred at (k + .5) * snippet_seconds.

    Returns
    -------
    np.ndarray
        Index into `classes`, 0 outside all instances: int64 (length,).

    Raises
    ------
    ValueError
        If a label is unknown or is "background".
    """
    index = {name: place for place, name in enumerate(classes)}
    targets = np.zeros(length, dtype=np.int64)
    unknown = sorted(set(instances["label"]) - set(classes[1:]))
    if unknown:
        raise ValueError(f"label {unknown[0]!r} is not one of the {len(classes) - 1} classes")
    rows = [
        (float(end) - float(start), index[label], float(start), float(end))
        for start, end, label in zip(instances["start"], instances["end"], instances["label"], strict=True)
    ]
    centres = snippet_centres(length, snippet_seconds)
    # Longest first, then last class first: later rows overwrite earlier ones.
    for _, target, start, end in sorted(rows, reverse=True):
        first, stop = np.searchsorted(centres, (start, end))
        targets[first:stop] = target
    return targets


def recording_targets(
    lengths: Mapping[str, int], instances: "pd.DataFrame", classes: Sequence[str], snippet_seconds: float
) -> dict[str, np.ndarray]:
    """Return the class of every snippet of several recordings (`snippet_targets`).

    Parameters
    ----------
    lengths : mapping of str to int
        Number of snippets of each recording.
    instances : DataFrame[video, start, end, label]
        Instances of these recordings [s]; those of other recordings are ignored.
    classes : sequence of str
        K + 1 names, "background" first.
    snippet_seconds : float
        Time from one snippet to the next [s].

    Returns
    -------
    dict of str to np.ndarray
        int64 (t,) for each recording.
    """
    return {
        video: snippet_targets(instances[instances["video"] == video], classes, length, snippet_seconds)
        for video, length in lengths.items()
    }


def scored_targets(scores: SnippetScores, instances: "pd.DataFrame") -> dict[str, np.ndarray]:
    """Return the class of every snippet that has scores (`recording_targets`)."""
    lengths = dict(zip(scores.videos, scores.lengths.tolist(), strict=True))
    return recording_targets(lengths, instances, scores.classes, scores.snippet_seconds)
