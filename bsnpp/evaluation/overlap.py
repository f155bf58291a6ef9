"""What both metrics stand on: names as integers, pairs of one group, and the overlap of segments."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def encode(values: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Turn names into their positions in `names`: int64 (n,), -1 for a name that is not there."""
    codes, unique = pd.factorize(values)
    positions = pd.Index(list(names), dtype=object).get_indexer(pd.Index(unique).astype(object))
    return np.append(positions, -1)[codes].astype(np.int64)  # a missing name has code -1: the appended -1


def video_index(table: pd.DataFrame, videos: Sequence[str]) -> np.ndarray:
    """Turn `video` of a table into positions in `videos`: int64 (n,).

    Raises
    ------
    ValueError
        If a video is not there.
    """
    index = encode(table["video"], videos)
    unknown = np.flatnonzero(index < 0)
    if unknown.size:
        name = table["video"].iloc[unknown[0]]
        raise ValueError(f"video {name!r} is not among the {len(videos)} videos evaluated")
    return index


def seconds(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Take `start` and `end` of a table: float64 (n,) each.

    Raises
    ------
    ValueError
        If one is not finite, or an end lies before its start.
    """
    start, end = (table[column].to_numpy(dtype=np.float64) for column in ("start", "end"))
    wrong = np.flatnonzero(~(np.isfinite(start) & np.isfinite(end) & (start <= end)))
    if wrong.size:
        row = wrong[0]
        raise ValueError(
            f"row {row} is no segment: start {start[row]}, end {end[row]} ({wrong.size} such rows)"
        )
    return start, end


def scores(table: pd.DataFrame) -> np.ndarray:
    """Take `score` of a table: float64 (n,).

    Raises
    ------
    ValueError
        If one is not finite: it has no place in an order.
    """
    score = table["score"].to_numpy(dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(score))
    if wrong.size:
        raise ValueError(f"row {wrong[0]} has the score {score[wrong[0]]} ({wrong.size} such rows)")
    return score


def pairs_of_groups(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair every element of the left with every element of the right that is of the same group.

    Parameters
    ----------
    left, right : np.ndarray
        Group of every element: int (n,) and int (m,).

    Returns
    -------
    tuple of np.ndarray
        Positions on the left and on the right, int64 (p,) each, in the order of the left, then of the right.
    """
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    first = np.searchsorted(ordered, left, side="left")
    counts = np.searchsorted(ordered, left, side="right") - first
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(np.arange(len(left)), counts), order[np.repeat(first, counts) + within]
