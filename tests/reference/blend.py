"""Map fusion cell by cell: the slow twin of bsnpp.fusion.blend, on dense (D, T) maps."""

import numpy as np

from bsnpp.core.grid import ProposalGrid
from tests.reference.packing import pack, unpack


def boundary_map(boundary: np.ndarray, durations: int) -> np.ndarray:
    """(2, T) to (D, T), 0 in cells that are no proposals."""
    scale = boundary.shape[1]
    result = np.zeros((durations, scale), dtype=boundary.dtype)
    for duration in range(durations):
        for start in range(scale - duration):
            result[duration, start] = boundary[0, start] * boundary[1, start + duration]
    return result


def fuse(
    members: list[tuple[np.ndarray, np.ndarray]], weights: list[float], grid: ProposalGrid, how: str
) -> tuple[np.ndarray, np.ndarray]:
    """One video: (2, T) and (2, V) of each member to the fused (2, T) and (3, V), float64."""
    total = sum(weights)
    boundary = np.zeros((2, grid.scale))
    dense = np.zeros((3, grid.durations, grid.scale))
    for (member_boundary, confidence), weight in zip(members, weights, strict=True):
        boundary += weight / total * member_boundary.astype(np.float64)
        dense[1:] += weight / total * unpack(confidence.astype(np.float64), grid)
        dense[0] += weight / total * boundary_map(member_boundary.astype(np.float64), grid.durations)
    if how == "sequences":
        dense[0] = boundary_map(boundary, grid.durations)
    return boundary, pack(dense, grid)
