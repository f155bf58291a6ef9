"""Labels of one video (paper section 4.1; conventions, section 4)."""

from dataclasses import dataclass

import numpy as np

from bsnpp.core.grid import ProposalGrid, begun_cells, cell_overlap, cells_to_share
from bsnpp.core.segments import Shares, temporal_iou

IGNORED = -1.0
"""Label of cells and proposals that lie in the padding of a short recording; no loss counts them."""


@dataclass(frozen=True)
class VideoInstances:
    """Annotated instances of one video.

    Attributes
    ----------
    segments : Shares (M, 2)
        Start and end; M may be 0.
    visible : ndarray (M, 2) bool, optional
        Whether the start and the end are real boundaries; False where a window cuts an instance off
        (conventions, section 3). All are by default.
    covered : float
        Share of the video that its recording covers; the rest is padding.
    """

    segments: Shares
    visible: np.ndarray | None = None
    covered: float = 1.0


def video_labels(
    instances: VideoInstances, grid: ProposalGrid, boundary_region: str
) -> dict[str, np.ndarray]:
    """Return the boundary and confidence labels of one video; padding is `IGNORED`.

    A cell is padding if it begins after the end of the recording, and a proposal if it contains such a
    cell.

    Parameters
    ----------
    instances : VideoInstances
        Annotated instances.
    grid : ProposalGrid
        T cells and V proposals of the video.
    boundary_region : {"paper", "bsn", "bmn"}
        See `region_half_width`.

    Returns
    -------
    dict
        `boundary` (2, T) float32, see `boundary_labels`; `iou` (V,) float32, see `confidence_labels`.
    """
    boundary = boundary_labels(instances.segments, grid.scale, boundary_region, instances.visible)
    iou = confidence_labels(instances.segments, grid)
    cells = begun_cells(instances.covered, grid.scale)
    boundary[:, cells:] = IGNORED
    iou[grid.end_cell >= cells] = IGNORED
    return {"boundary": boundary, "iou": iou}


def region_half_width(length: np.ndarray, scale: int, method: str) -> np.ndarray:
    """Return the half-width of the boundary regions of instances.

    `paper` is d/10, but at least one cell: with a narrower region some instances would have no positive
    cell, because an edge on a cell border overlaps either neighbour by exactly one half. `bsn` is half of
    that, and `bmn` is 1.5 cells for every length.

    Parameters
    ----------
    length : ndarray (M,)
        d, as shares of the video.
    scale : int
        T.
    method : {"paper", "bsn", "bmn"}
        Definition of the half-width.

    Returns
    -------
    ndarray (M,)
        Shares of the video.
    """
    wide = np.maximum(length / 10, cells_to_share(1, scale))
    widths = {"paper": wide, "bsn": wide / 2, "bmn": np.full_like(length, cells_to_share(1.5, scale))}
    return widths[method]


def boundary_labels(
    segments: Shares, scale: int, method: str, visible: np.ndarray | None = None
) -> np.ndarray:
    """Return the overlap of each cell with the start and end regions of the instances.

    Parameters
    ----------
    segments : Shares (M, 2)
        Instances.
    scale : int
        T.
    method : {"paper", "bsn", "bmn"}
        See `region_half_width`.
    visible : ndarray (M, 2) bool, optional
        Which starts and ends have a region; all by default.

    Returns
    -------
    ndarray (2, T) float32
        Largest overlap of the cell with a start (0) or end (1) region, as a share of the cell, in [0, 1].
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
    """Return the largest tIoU of every proposal with an instance.

    Parameters
    ----------
    segments : Shares (M, 2)
        Instances.
    grid : ProposalGrid
        V proposals.

    Returns
    -------
    ndarray (V,) float32
    """
    if not len(segments):
        return np.zeros(len(grid), np.float32)
    start, end = grid.segments.T
    iou = temporal_iou(start, end, segments[:, :1], segments[:, 1:])  # (M, V)
    return iou.max(axis=0).astype(np.float32)
