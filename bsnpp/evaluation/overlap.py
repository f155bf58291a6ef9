"""Turn tables into arrays for the metrics: names into indices, checked times and scores, pairs of a group."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def encode(values: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Turn names into indices.

    Parameters
    ----------
    values : pd.Series
        Names (n,).
    names : sequence of str
        The known names.

    Returns
    -------
    np.ndarray
        Index of each value in `names`, -1 for an unknown name: int64 (n,).
    """
    codes, unique = pd.factorize(values)
    positions = pd.Index(list(names), dtype=object).get_indexer(pd.Index(unique).astype(object))
    return np.append(positions, -1)[codes].astype(np.int64)  # the code of a missing name is -1, too


def video_index(table: pd.DataFrame, videos: Sequence[str]) -> np.ndarray:
    """Turn the column `video` into indices.

    Parameters
    ----------
    table : pd.DataFrame
        Column video (n,).
    videos : sequence of str
        The evaluated videos.

    Returns
    -------
    np.ndarray
        Index of each row's video in `videos`: int64 (n,).

    Raises
    ------
    ValueError
        If a video is unknown.
    """
    index = encode(table["video"], videos)
    unknown = np.flatnonzero(index < 0)
    if unknown.size:
        name = table["video"].iloc[unknown[0]]
        raise ValueError(f"video {name!r} is not among the {len(videos)} evaluated videos")
    return index


def seconds(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns `start` and `end` after checking them.

    Parameters
    ----------
    table : pd.DataFrame
        Columns start, end (n,).

    Returns
    -------
    tuple of np.ndarray
        float64 (n,) each, in the unit of the table.

    Raises
    ------
    ValueError
        If a time is not finite, or an end lies before its start.
    """
    start, end = (table[column].to_numpy(dtype=np.float64) for column in ("start", "end"))
    wrong = np.flatnonzero(~(np.isfinite(start) & np.isfinite(end) & (start <= end)))
    if wrong.size:
        row = wrong[0]
        raise ValueError(
            f"row {row} is not a segment: start {start[row]}, end {end[row]} ({wrong.size} such rows)"
        )
    return start, end


def scores(table: pd.DataFrame) -> np.ndarray:
    """Return the column `score` after checking it.

    Parameters
    ----------
    table : pd.DataFrame
        Column score (n,).

    Returns
    -------
    np.ndarray
        float64 (n,).

    Raises
    ------
    ValueError
        If a score is not finite and cannot be ranked.
    """
    score = table["score"].to_numpy(dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(score))
    if wrong.size:
        raise ValueError(f"row {wrong[0]} has the score {score[wrong[0]]} ({wrong.size} such rows)")
    return score


def pairs_of_groups(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair every element on the left with every element on the right that belongs to the same group.

    Parameters
    ----------
    left, right : np.ndarray
        Group of every element: int (n,) and int (m,).

    Returns
    -------
    tuple of np.ndarray
        Indices on the left and on the right: int64 (p,) each, sorted by the left index, then the right.
    """
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    first = np.searchsorted(ordered, left, side="left")
    counts = np.searchsorted(ordered, left, side="right") - first
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(np.arange(len(left)), counts), order[np.repeat(first, counts) + within]
