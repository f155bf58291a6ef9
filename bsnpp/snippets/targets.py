"""Class scores of snippets: what they should be, their HDF5 file, and their means inside segments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_softmax

from bsnpp.core.errors import UserError
from bsnpp.stores.snippet_scores import SnippetScores

if TYPE_CHECKING:
    import pandas as pd


def snippet_centres(length: int, snippet_seconds: float) -> np.ndarray:
    """Centres of a video's snippets in seconds: float64 (length,)."""
    return (np.arange(length) + 0.5) * snippet_seconds


def snippet_targets(
    instances: "pd.DataFrame", classes: Sequence[str], length: int, snippet_seconds: float
) -> np.ndarray:
    """The class of every snippet of one video.

    Parameters
    ----------
    instances : DataFrame[start, end, label]
        Of this video alone, in seconds.
    classes : sequence of str
        K + 1 names, "background" first.
    length : int
        Snippets of the video.
    snippet_seconds : float
        Snippet k is centred at (k + .5) * snippet_seconds.

    Returns
    -------
    np.ndarray
        int64 (length,): index into `classes` of the instance that covers the snippet's centre (start
        included, end not): of several the shortest, of equally long ones the first class; 0 where there is
        none.

    Raises
    ------
    ValueError
        If a label is none of the classes, or is "background".
    """
    index = {name: place for place, name in enumerate(classes)}
    targets = np.zeros(length, dtype=np.int64)
    unknown = sorted(set(instances["label"]) - set(classes[1:]))
    if unknown:
        raise ValueError(f"label {unknown[0]!r} is none of the {len(classes) - 1} classes")
    rows = [
        (float(end) - float(start), index[label], float(start), float(end))
        for start, end, label in zip(instances["start"], instances["end"], instances["label"], strict=True)
    ]
    centres = snippet_centres(length, snippet_seconds)
    # The longest first, of these the last class: what comes later is painted over it.
    for _, target, start, end in sorted(rows, reverse=True):
        first, stop = np.searchsorted(centres, (start, end))
        targets[first:stop] = target
    return targets


def snippets_inside(
    segments: np.ndarray, length: int, snippet_seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """First snippet, and the one after the last, whose centres lie in each segment (both ends included).

    A segment that holds no centre gets the snippet nearest to its middle.

    Parameters
    ----------
    segments : np.ndarray
        Start and end in seconds, float (n, 2), start <= end; may reach past the video.
    length : int
        Snippets of the video, at least 1.

    Returns
    -------
    tuple of np.ndarray
        int64 (n,) each, 0 <= first < stop <= length.
    """
    centres = snippet_centres(length, snippet_seconds)
    first = np.searchsorted(centres, segments[:, 0], side="left")
    stop = np.searchsorted(centres, segments[:, 1], side="right")
    nearest = np.clip(segments.mean(axis=1) // snippet_seconds, 0, length - 1).astype(np.int64)
    empty = stop <= first
    return np.where(empty, nearest, first), np.where(empty, nearest + 1, stop)


def pool_in_segments(probability: np.ndarray, segments: np.ndarray, snippet_seconds: float) -> np.ndarray:
    """Mean probability of each class over the snippets inside each segment, by cumulative sums.

    Parameters
    ----------
    probability : np.ndarray
        Of one video's snippets, "background" first: float (t, K + 1), t at least 1.
    segments : np.ndarray
        Start and end in seconds, float (n, 2); see `snippets_inside`.
    snippet_seconds : float
        Snippet k is centred at (k + .5) * snippet_seconds.

    Returns
    -------
    np.ndarray
        float64 (n, K), at least 0, rows of sum 1 at most: the background is left out, not shared out.
    """
    first, stop = snippets_inside(segments, len(probability), snippet_seconds)
    before = np.zeros((len(probability) + 1, probability.shape[1] - 1))
    np.cumsum(probability[:, 1:], axis=0, dtype=np.float64, out=before[1:])
    # A difference of sums may fall below 0 by rounding.
    return np.maximum((before[stop] - before[first]) / (stop - first)[:, None], 0.0)


def fuse_snippet_scores(
    members: Sequence[SnippetScores], weights: np.ndarray, temperatures: np.ndarray
) -> SnippetScores:
    """Fuse the scores of a panel, as `scores.fuse_scores` does for videos.

    Parameters
    ----------
    members : sequence of SnippetScores
        n classifiers of the same snippets and classes, in the same order.
    weights, temperatures : np.ndarray
        (n,) each: weights of the logits, and what these are divided by before.

    Returns
    -------
    SnippetScores
        Logarithms of softmax(sum_i weight_i * logits_i / temperature_i).

    Raises
    ------
    UserError
        If the members differ in videos, lengths, classes or seconds.
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
    scaled = [
        weight * log_softmax(member.logits.astype(np.float64), axis=1) / temperature
        for member, weight, temperature in zip(members, weights, temperatures, strict=True)
    ]
    logits = log_softmax(np.sum(scaled, axis=0), axis=1).astype(np.float32)
    return SnippetScores(first.videos, first.lengths, first.classes, logits, first.snippet_seconds)
