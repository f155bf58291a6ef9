"""The maps of one video on its time axis: boundary probabilities, and confidences as an image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bsnpp.core.grid import ProposalGrid


@dataclass(frozen=True)
class VideoMaps:
    """Maps of one generator for a video or recording.

    Attributes
    ----------
    name : str
        Name of the generator, or of a member.
    cell : float
        Length of a cell [s].
    boundary : np.ndarray
        Start and end probability in every half cell, float64 (2, H); NaN where there are no maps.
    confidence : np.ndarray
        Confidence of the proposal of d + 1 cells in the half cells at its centre, float64 (D, H): row d,
        columns 2 s + d and 2 s + d + 1 for the start cell s. NaN where there is no proposal. In this layout
        the time of a column is the centre of its proposals, so that the map has the time axis of the video.
    """

    name: str
    cell: float
    boundary: np.ndarray
    confidence: np.ndarray

    @property
    def seconds(self) -> float:
        """Time that the columns cover [s]."""
        return self.confidence.shape[1] * self.cell / 2

    @property
    def longest(self) -> float:
        """Length of the longest proposal [s]."""
        return len(self.confidence) * self.cell

    @property
    def peak(self) -> float:
        """The highest confidence; 0 without any."""
        return float(np.nanmax(self.confidence, initial=0.0))


def confidence_of(maps: np.ndarray) -> np.ndarray:
    """Return the geometric mean of classification and regression confidence.

    Parameters
    ----------
    maps : np.ndarray
        Maps (..., C, V) whose last two channels are the confidences: of a member or of a blend.

    Returns
    -------
    np.ndarray
        float64 (..., V).
    """
    both = maps[..., -2:, :].astype(np.float64)
    return np.sqrt(np.maximum(both[..., 0, :] * both[..., 1, :], 0.0))


def video_maps(
    name: str, grid: ProposalGrid, boundary: np.ndarray, confidence: np.ndarray, seconds: float
) -> VideoMaps:
    """Return the maps of a whole video.

    Parameters
    ----------
    name : str
        Name of the generator.
    grid : ProposalGrid
        T cells, D durations.
    boundary : np.ndarray
        Start and end probabilities, float (2, T).
    confidence : np.ndarray
        Confidence of every valid proposal, float (V,).
    seconds : float
        Extent of the video [s].
    """
    cell = seconds / grid.scale
    valid = np.ones(len(grid), dtype=bool)
    return _joined(
        name, grid, boundary[None], confidence[None], valid[None], np.zeros(1), 2 * grid.scale, cell
    )


def recording_maps(
    name: str,
    grid: ProposalGrid,
    boundary: np.ndarray,
    confidence: np.ndarray,
    starts: Sequence[float] | np.ndarray,
    extent: float,
    cell: float,
) -> VideoMaps:
    """Join the maps of the windows of a recording.

    Every value is the mean over the windows that have it. As in the detection, a window has no proposal that
    touches its edge inside the recording. Windows are shifted by less than a quarter of a cell where they do
    not start on half a cell.

    Parameters
    ----------
    name : str
        Name of the generator.
    grid : ProposalGrid
        Cells and durations of a window.
    boundary : np.ndarray
        Start and end probabilities of each window, float (W, 2, T).
    confidence : np.ndarray
        Confidence of every valid proposal of each window, float (W, V).
    starts : sequence of float
        Start of each window [s].
    extent : float
        Length of the recording [s].
    cell : float
        Length of a cell [s].
    """
    half = cell / 2
    columns = max(1, int(np.ceil(extent / half - 1e-6)))
    shifts = np.round(np.asarray(starts, dtype=float) / half)
    ends = shifts[:, None] + 2 * (grid.end_cell + 1)
    inner_start = (grid.start_cell == 0) & (shifts[:, None] > 0)
    inner_end = (grid.end_cell == grid.scale - 1) & (ends < columns)
    inside = ends <= columns + 1
    return _joined(
        name, grid, boundary, confidence, ~inner_start & ~inner_end & inside, shifts, columns, cell
    )


def _joined(
    name: str,
    grid: ProposalGrid,
    boundary: np.ndarray,
    confidence: np.ndarray,
    valid: np.ndarray,
    shifts: np.ndarray,
    columns: int,
    cell: float,
) -> VideoMaps:
    """Average the maps of windows that are shifted by half cells: (W, 2, T), (W, V), (W, V), (W,)."""
    edges = np.zeros((2, 2, columns))  # sums and counts
    image = np.zeros((2, grid.durations, columns))
    centre = 2 * grid.start_cell + grid.duration_index
    for curves, values, kept, shift in zip(boundary, confidence, valid, shifts.astype(int), strict=True):
        place = shift + np.arange(2 * grid.scale)
        inside = place < columns
        edges[0][:, place[inside]] += np.repeat(curves, 2, axis=1)[:, inside]
        edges[1][:, place[inside]] += 1
        for side in (0, 1):
            column = shift + centre + side
            chosen = kept & (column < columns)
            image[0][grid.duration_index[chosen], column[chosen]] += values[chosen]
            image[1][grid.duration_index[chosen], column[chosen]] += 1
    with np.errstate(invalid="ignore"):
        return VideoMaps(name, cell, edges[0] / edges[1], image[0] / image[1])
