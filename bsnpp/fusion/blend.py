"""Weighted fusion of boundary and confidence maps (improvement A of the paper)."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from bsnpp.core.grid import ProposalGrid


def boundary_map(boundary: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Compute the boundary map M^b = H^s H^e of all proposals (Eq. 2, cell reading).

    Parameters
    ----------
    boundary : np.ndarray
        Start and end probabilities of the cells, float (..., 2, T).
    grid : ProposalGrid
        T cells, D durations; the proposal (d, s) ends with cell s + d.

    Returns
    -------
    np.ndarray
        Products of start and end probability, (..., V), with the dtype of `boundary`.

    Raises
    ------
    ValueError
        If the shape does not match the grid.
    """
    if boundary.shape[-2:] != (2, grid.scale):
        raise ValueError(f"boundary must be (..., 2, {grid.scale}), not {boundary.shape}")
    return boundary[..., 0, grid.start_cell] * boundary[..., 1, grid.end_cell]


def fuse(
    members: Mapping[str, tuple[np.ndarray, np.ndarray]],
    weights: Mapping[str, float | np.ndarray],
    grid: ProposalGrid,
    how: Literal["boundary_map", "sequences"],
) -> tuple[np.ndarray, np.ndarray]:
    """Fuse the maps of several members for n videos.

    Sums are computed in float64 in the order of the members' names and rounded to float32 once. So the result
    does not depend on the order of the mapping, and a single member, or copies of it, give exactly its maps.

    Parameters
    ----------
    members : mapping of str to (boundary, confidence)
        Start and end probabilities, float32 (n, 2, T), and classification and regression confidences, float32
        (n, 2, V), of each member.
    weights : mapping of str to float or np.ndarray (n,)
        Weight of each member, at least 0, for all videos or for each; only their ratios matter.
    grid : ProposalGrid
        T cells, D durations.
    how : {"boundary_map", "sequences"}
        Average the boundary maps (paper), or the start and end probabilities before their product.

    Returns
    -------
    boundary : np.ndarray
        Fused start and end probabilities, float32 (n, 2, T).
    maps : np.ndarray
        Fused boundary, classification and regression maps, float32 (n, 3, V).

    Raises
    ------
    ValueError
        If members and weights differ in names, or the weights of a video are negative or sum to 0.
    """
    names = sorted(members)
    if not names or names != sorted(weights):
        raise ValueError(f"maps of {names}, but weights of {sorted(weights)}")
    count = len(members[names[0]][0])
    columns = np.stack(
        [np.broadcast_to(np.asarray(weights[name], dtype=np.float64), count) for name in names]
    )
    total = columns.sum(axis=0)
    if (columns < 0).any() or not ((total > 0) & np.isfinite(total)).all():
        raise ValueError("weights must be finite and at least 0, with at least one above 0 for each video")
    shares = columns / total  # (members, n)
    boundary = np.zeros((count, 2, grid.scale))
    maps = np.zeros((count, 3, len(grid)))
    for name, share in zip(names, shares[:, :, None, None], strict=True):
        member_boundary, confidence = members[name]
        boundary += share * member_boundary
        maps[:, 1:] += share * confidence
        if how == "boundary_map":
            # Round to float32 first; otherwise copies of one member could differ from it in the last bit.
            maps[:, 0] += share[:, 0] * boundary_map(member_boundary.astype(np.float32), grid)
    fused = boundary.astype(np.float32)
    if how == "sequences":
        maps[:, 0] = boundary_map(fused, grid)
    return fused, maps.astype(np.float32)
