"""Training targets of one video (paper section 4.1; conventions, section 4)."""

import numpy as np

from bsnpp.core.grid import ProposalGrid, cell_overlap, cells_to_share
from bsnpp.core.segments import Shares, temporal_iou

IGNORED = -1.0
"""Label of cells and proposals that reach into the padding behind a short recording: no loss counts them."""


def region_half_width(length: np.ndarray, scale: int, method: str) -> np.ndarray:
    """Half-width of the boundary regions of instances: shares of the video, (M,).

    `paper` is d/10, but at least one cell: narrower ones leave instances without a positive cell, since
    an edge on a cell's border would overlap either neighbour by exactly one half. `bsn` halves it, and
    `bmn` takes 1.5 cells whatever the length.
    """
    wide = np.maximum(length / 10, cells_to_share(1, scale))
    widths = {"paper": wide, "bsn": wide / 2, "bmn": np.full_like(length, cells_to_share(1.5, scale))}
    return widths[method]


def boundary_labels(
    segments: Shares, scale: int, method: str = "paper", visible: np.ndarray | None = None
) -> np.ndarray:
    """How far each cell lies in a start and in an end region.

    Parameters
    ----------
    segments : ndarray (M, 2)
        Instances as shares of the video.
    scale : int
        T.
    method : {"paper", "bsn", "bmn"}
        See `region_half_width`.
    visible : ndarray (M, 2) bool, optional
        Whether the start and the end of each instance are boundaries, and not where a window cut it (section
        3 of the conventions); those that are not have no region. By default all are.

    Returns
    -------
    ndarray (2, T) float32
        The greatest overlap of the cell with a start (0) or end (1) region, as a share of the cell.
        A cell is positive above 0.5.
    """
    if not len(segments):
        return np.zeros((2, scale), np.float32)
    half = region_half_width(segments[:, 1] - segments[:, 0], scale, method)[:, None, None]
    edges = segments[:, :, None]  # (M, 2, 1)
    overlap = cell_overlap(edges - half, edges + half, scale)  # (M, 2, T)
    if visible is not None:
        overlap = np.where(visible[:, :, None], overlap, 0.0)
    return np.clip(overlap.max(axis=0), 0.0, 1.0).astype(np.float32)


def confidence_labels(segments: Shares, grid: ProposalGrid) -> np.ndarray:
    """The greatest IoU of every proposal with an instance: (M, 2) shares to (V,) float32."""
    if not len(segments):
        return np.zeros(len(grid), np.float32)
    start, end = grid.segments.T
    iou = temporal_iou(start, end, segments[:, :1], segments[:, 1:])  # (M, V)
    return iou.max(axis=0).astype(np.float32)
