"""Class probabilities of segments: means over their snippets."""

import numpy as np

from bsnpp.core.segments import Seconds
from bsnpp.snippets.time_axis import snippet_centres


def snippets_inside(segments: Seconds, length: int, snippet_seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Find the snippets whose centres lie in each segment (both ends included).

    A segment without a centre gets the snippet nearest to its middle.

    Parameters
    ----------
    segments : Seconds
        Starts and ends [s], float (n, 2), start <= end; may extend beyond the video.
    length : int
        Number of snippets of the video, at least 1.
    snippet_seconds : float
        Time from one snippet to the next [s].

    Returns
    -------
    first, stop : np.ndarray
        First snippet and the one after the last, 0 <= first < stop <= length: int64 (n,) each.
    """
    centres = snippet_centres(length, snippet_seconds)
    first = np.searchsorted(centres, segments[:, 0], side="left")
    stop = np.searchsorted(centres, segments[:, 1], side="right")
    nearest = np.clip(segments.mean(axis=1) // snippet_seconds, 0, length - 1).astype(np.int64)
    empty = stop <= first
    return np.where(empty, nearest, first), np.where(empty, nearest + 1, stop)


def pool_in_segments(probability: np.ndarray, segments: Seconds, snippet_seconds: float) -> np.ndarray:
    """Average class probabilities over the snippets of each segment, with cumulative sums.

    Parameters
    ----------
    probability : np.ndarray
        Probabilities of one video's snippets, "background" first: float (t, K + 1), t at least 1.
    segments : Seconds
        Starts and ends [s], float (n, 2); see `snippets_inside`.
    snippet_seconds : float
        Time from one snippet to the next [s]; snippet k is centred at (k + .5) * snippet_seconds.

    Returns
    -------
    np.ndarray
        Probabilities of the K classes without the background, float64 (n, K). Values are at least 0, and
        rows sum to at most 1: they are not renormalised.
    """
    first, stop = snippets_inside(segments, len(probability), snippet_seconds)
    before = np.zeros((len(probability) + 1, probability.shape[1] - 1))
    np.cumsum(probability[:, 1:], axis=0, dtype=np.float64, out=before[1:])
    # A difference of sums may be slightly negative because of rounding.
    return np.maximum((before[stop] - before[first]) / (stop - first)[:, None], 0.0)
