"""The time axis: cells, proposal-map cells and their segments. No other module does this arithmetic.

A video is cut into T cells; cell i covers the share [i/T, (i+1)/T]. A map cell (d, s) is the proposal
[s/T, (s+d+1)/T], with duration index d < D and start cell s, valid iff s + d < T (the cell reading of
Eq. 2: d = j - 1). This grid is exactly symmetric under time reversal, which the backward pass needs.
Valid cells are packed in one order everywhere: by duration index, then by start.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class ProposalGrid:
    """The proposals of a sequence of `scale` cells that are at most `durations` cells long.

    Parameters
    ----------
    scale : int
        T, the number of cells; at least 1.
    durations : int, optional
        D, the number of durations, 1 to T; T by default.

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
            raise ValueError(f"durations must lie in 1..{self.scale}, not {self.durations}")

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
        """The last cell of every proposal, s + d: int64 (V,). Its end probability is the proposal's."""
        return self.start_cell + self.duration_index

    def __len__(self) -> int:
        """V, the number of valid cells: T (T + 1) / 2 for D = T."""
        return self.durations * self.scale - self.durations * (self.durations - 1) // 2

    @cached_property
    def segments(self) -> np.ndarray:
        """Start and end of every proposal as shares of the video: float64 (V, 2)."""
        return np.stack([self.start_cell, self.end_cell + 1], axis=1) / self.scale

    @cached_property
    def reversal(self) -> np.ndarray:
        """Where time reversal takes each valid cell: int64 (V,); its own inverse.

        The mirror of (d, s) is (d, T - 1 - d - s): the reversed video has `packed[reversal]`.
        """
        index = np.full(self.valid.shape, -1)
        index[self.valid] = np.arange(len(self))
        return index[self.duration_index, self.scale - 1 - self.end_cell]

    def pack(self, maps: np.ndarray) -> np.ndarray:
        """Take the valid cells: (..., D, T) to (..., V)."""
        return maps[..., self.duration_index, self.start_cell]

    def unpack(self, packed: np.ndarray, fill: float = 0.0) -> np.ndarray:
        """Put packed values back into maps: (..., V) to (..., D, T); `fill` stands in invalid cells."""
        maps = np.full((*packed.shape[:-1], self.durations, self.scale), fill, dtype=packed.dtype)
        maps[..., self.duration_index, self.start_cell] = packed
        return maps
