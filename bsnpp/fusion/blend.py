"""Weighted fusion of the members' boundary and confidence maps (improvement A of the paper)."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from bsnpp.core.grid import ProposalGrid


def boundary_map(boundary: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Probability that a proposal begins and ends at boundaries, M^b = H^s H^e (Eq. 2, cell reading).

    Parameters
    ----------
    boundary : np.ndarray
        Start and end probabilities of the cells, float (..., 2, T).
    grid : ProposalGrid
        The end of map cell (d, s) is that of cell s + d.

    Returns
    -------
    np.ndarray
        (..., V), the dtype of `boundary`.
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
    """Blend the maps of the members of n videos.

    Sums run in float64 in order of the members' names, and are rounded to float32 once. So, bit for bit, the
    order of the mapping changes nothing, one member is the identity, and copies of a member give that member.

    Parameters
    ----------
    members : mapping of str to (boundary, confidence)
        float32 (n, 2, T) start and end probabilities and (n, 2, V) classification and regression confidences.
    weights : mapping of str to float or np.ndarray (n,)
        Weight of each member, at least 0, for all videos or one for each; only their ratios count.
    grid : ProposalGrid
        T cells, D durations.
    how : {"boundary_map", "sequences"}
        Boundary maps before the mean (the paper), or the mean of the sequences first.

    Returns
    -------
    boundary : np.ndarray
        Fused start and end probabilities, float32 (n, 2, T).
    maps : np.ndarray
        Fused boundary, classification and regression maps, float32 (n, 3, V).

    Raises
    ------
    ValueError
        If members and weights do not name the same, or the weights of a video are negative or sum to 0.
    """
    names = sorted(members)
    if not names or names != sorted(weights):
        raise ValueError(f"members {names}, but weights of {sorted(weights)}")
    count = len(members[names[0]][0])
    columns = np.stack(
        [np.broadcast_to(np.asarray(weights[name], dtype=np.float64), count) for name in names]
    )
    total = columns.sum(axis=0)
    if (columns < 0).any() or not ((total > 0) & np.isfinite(total)).all():
        raise ValueError("weights must be at least 0 and finite, and one of each video above 0")
    shares = columns / total  # (members, n)
    boundary = np.zeros((count, 2, grid.scale))
    maps = np.zeros((count, 3, len(grid)))
    for name, share in zip(names, shares[:, :, None, None], strict=True):
        member_boundary, confidence = members[name]
        boundary += share * member_boundary
        maps[:, 1:] += share * confidence
        if how == "boundary_map":
            # Rounded to float32 first: else copies of one member could differ from it in the last bit.
            maps[:, 0] += share[:, 0] * boundary_map(member_boundary.astype(np.float32), grid)
    fused = boundary.astype(np.float32)
    if how == "sequences":
        maps[:, 0] = boundary_map(fused, grid)
    return fused, maps.astype(np.float32)
