"""Packed and dense proposal maps, one cell at a time."""

import numpy as np

from bsnpp.core.grid import ProposalGrid


def cells(grid: ProposalGrid) -> list[tuple[int, int]]:
    """Every valid (d, s) in the packed order: by duration index, then by start cell."""
    return [(d, s) for d in range(grid.durations) for s in range(grid.scale) if s + d < grid.scale]


def unpack(packed: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Expand (..., V) to (..., D, T) with 0 in the invalid cells."""
    maps = np.zeros((*packed.shape[:-1], grid.durations, grid.scale), dtype=packed.dtype)
    for index, (duration, start) in enumerate(cells(grid)):
        maps[..., duration, start] = packed[..., index]
    return maps


def pack(maps: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Take the valid cells of (..., D, T): (..., V)."""
    return np.stack([maps[..., duration, start] for duration, start in cells(grid)], axis=-1)
