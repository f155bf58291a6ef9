"""Rescale snippet sequences of any length to T cells on the cell grid (conventions 3)."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from pydantic import Field

from bsnpp.core.grid import cell_edges
from bsnpp.core.settings import Settings
from bsnpp.features.interpolation import values_at

Method = Literal["linear", "bin_mean", "roi_align"]


class RescalingSettings(Settings):
    """How a snippet sequence is rescaled to T cells."""

    method: Method = Field(
        "linear",
        description="`linear`: interpolation at the centre of each cell; `bin_mean`: mean of three samples "
        "per cell as in BSN, 0 for cells outside the snippet centres; `roi_align`: mean of two samples per "
        "cell",
    )


def rescale(sequence: np.ndarray, scale: int, method: Method = "linear") -> np.ndarray:
    """Rescale a snippet sequence to `scale` cells; every method commutes with time reversal.

    Parameters
    ----------
    sequence : np.ndarray
        float32 (t, C), t at least 1; snippet k is centred at the share (k + 0.5) / t of the video.
    scale : int
        Number of cells T, at least 1; cell i covers the share [i/T, (i+1)/T] of the video.
    method : str
        `linear`: the value at the centre of each cell, interpolated between snippet centres; equal to
        torch's `interpolate(mode="linear", align_corners=False)`.
        `bin_mean`: as in BSN, the mean of the values at start, middle and end of the part of the cell between
        the first and the last snippet centre; 0 without such a part; a single snippet fills every cell.
        `roi_align`: the mean of the values at 1/4 and 3/4 of each cell (sampling ratio 2).
        `linear` and `roi_align` repeat the first and the last snippet beyond their centres.

    Returns
    -------
    np.ndarray
        float32 (C, T).

    Raises
    ------
    ValueError
        If a shape or the scale is out of range.
    """
    sequence = np.asarray(sequence, dtype=np.float32)
    if sequence.ndim != 2 or not len(sequence):
        raise ValueError(f"sequence must be (t, C) with t at least 1, not {sequence.shape}")
    if scale < 1:
        raise ValueError(f"scale must be at least 1, not {scale}")
    length = len(sequence)
    # In snippets, not in shares of the video: for T = t the samples are then exactly at the centres.
    axis, edges = np.arange(length) + 0.5, cell_edges(scale, length)
    return np.ascontiguousarray(METHODS[method](sequence, axis, edges).T)


def _sample(sequence: np.ndarray, axis: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Interpolate at `positions` (n,) between the snippet centres `axis` (t,), constant beyond: (n, C)."""
    return values_at(sequence, np.interp(positions, axis, np.arange(len(axis))))


def _linear(sequence: np.ndarray, axis: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return _sample(sequence, axis, (edges[:-1] + edges[1:]) / 2)


def _roi_align(sequence: np.ndarray, axis: np.ndarray, edges: np.ndarray) -> np.ndarray:
    start, width = edges[:-1], np.diff(edges)
    return (_sample(sequence, axis, start + width / 4) + _sample(sequence, axis, start + width * 3 / 4)) / 2


def _bin_mean(sequence: np.ndarray, axis: np.ndarray, edges: np.ndarray) -> np.ndarray:
    if len(sequence) == 1:
        return np.repeat(sequence, len(edges) - 1, axis=0)
    start, end = np.maximum(edges[:-1], axis[0]), np.minimum(edges[1:], axis[-1])
    samples = [_sample(sequence, axis, at) for at in (start, (start + end) / 2, end)]
    outside = start > end
    return np.where(outside[:, None], np.float32(0), sum(samples) / np.float32(3))


METHODS: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {
    "linear": _linear,
    "bin_mean": _bin_mean,
    "roi_align": _roi_align,
}
