"""The time axis: cells, map cells and their segments. No other module computes them from T.

A video is divided into T cells; cell i covers the share [i/T, (i+1)/T]. A map cell (d, s) is the proposal
[s/T, (s+d+1)/T] with duration index d < D and start cell s. It is valid if s + d < T. (Eq. 2 of the paper
counts durations from 1: d = j - 1.) The grid is symmetric under time reversal, as the backward pass requires.
Valid cells are always packed in the same order: by duration index, then by start cell.

Windows of recordings have cells of a fixed length in seconds instead; see `bsnpp.windows.cells`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bsnpp.core.segments import Shares


def cell_edges(scale: int, length: float = 1.0) -> np.ndarray:
    """Return the edges of T cells that divide a length, from 0 to `length`: float64 (T + 1,)."""
    return np.arange(scale + 1) * length / scale


def cells_to_share(cells: float, scale: int) -> float:
    """Convert a length in cells to a share of the video."""
    return cells / scale


def whole_cells(share: float, scale: int) -> int:
    """Return how many whole cells fit into a share of the video; 1e-9 cells of rounding error are ignored."""
    return int(share * scale + 1e-9)


def begun_cells(share: float, scale: int) -> int:
    """Return how many cells begin before a share of the video; 1e-6 cells of rounding error are ignored."""
    return int(np.ceil(share * scale - 1e-6))


def cell_overlap(start: np.ndarray, end: np.ndarray, scale: int) -> np.ndarray:
    """Return the overlap of segments with each cell, as a share of the cell.

    Parameters
    ----------
    start, end : np.ndarray
        Shares of the video, (..., 1) each.
    scale : int
        T, the number of cells.

    Returns
    -------
    np.ndarray
        float64 (..., T); negative where a segment and a cell are apart.
    """
    first = np.arange(scale) / scale
    return (np.minimum(end, first + 1 / scale) - np.maximum(start, first)) * scale


@dataclass(frozen=True)
class ProposalGrid:
    """The proposals of a sequence of `scale` cells that are at most `durations` cells long.

    Parameters
    ----------
    scale : int
        T, the number of cells; at least 1.
    durations : int, optional
        D, the number of durations, 1 to T. Default: T.

    Raises
    ------
    ValueError
        If either is out of range.
    """

    scale: int
    durations: int = 0

    def __post_init__(self) -> None:
        if self.scale < 1:
            raise ValueError(f"scale must be at least 1, not {self.scale}")
        object.__setattr__(self, "durations", self.durations or self.scale)
        if not 1 <= self.durations <= self.scale:
            raise ValueError(f"durations must be in 1..{self.scale}, not {self.durations}")

    @cached_property
    def valid(self) -> np.ndarray:
        """Which map cells are proposals: bool (D, T)."""
        duration, start = np.mgrid[: self.durations, : self.scale]
        return start + duration < self.scale

    @cached_property
    def duration_index(self) -> np.ndarray:
        """d of every valid cell: int64 (V,)."""
        return np.nonzero(self.valid)[0]

    @cached_property
    def start_cell(self) -> np.ndarray:
        """s of every valid cell: int64 (V,)."""
        return np.nonzero(self.valid)[1]

    @property
    def end_cell(self) -> np.ndarray:
        """The last cell of every proposal, s + d: int64 (V,). Its end probability is that of the proposal."""
        return self.start_cell + self.duration_index

    @property
    def length(self) -> np.ndarray:
        """Length of every proposal in cells, d + 1: int64 (V,)."""
        return self.duration_index + 1

    def __len__(self) -> int:
        """V, the number of valid cells: T (T + 1) / 2 if D = T."""
        return self.durations * self.scale - self.durations * (self.durations - 1) // 2

    @cached_property
    def segments(self) -> Shares:
        """Start and end of every proposal as shares of the video: float64 (V, 2)."""
        return Shares(np.stack([self.start_cell, self.end_cell + 1], axis=1) / self.scale)

    @cached_property
    def reversal(self) -> np.ndarray:
        """Position of each valid cell after time reversal: int64 (V,); its own inverse.

        The mirror image of (d, s) is (d, T - 1 - d - s): the reversed video has `packed[reversal]`.
        """
        index = np.full(self.valid.shape, -1)
        index[self.valid] = np.arange(len(self))
        return index[self.duration_index, self.scale - 1 - self.end_cell]
