"""Decode the fused maps of one video into scored proposals (section 4.2 of the paper)."""

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.core.segments import Shares
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.scored_segments import Proposals
from bsnpp.detection.scores import SCORES


def candidate_cells(boundary: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Find the map cells whose start and end are candidate boundaries (conventions, section 7).

    A cell is a candidate start if its start probability is higher than in both neighbouring cells (a missing
    neighbour counts as lower) or above half the maximum over the video. The same holds for ends. The first
    cell is always a candidate start and the last cell always a candidate end.

    Parameters
    ----------
    boundary : np.ndarray
        Start and end probabilities, float (2, T).
    grid : ProposalGrid
        T cells, D durations.

    Returns
    -------
    np.ndarray
        bool (V,). With D < T all of them may be False.

    Raises
    ------
    ValueError
        If the shape does not fit the grid.
    """
    if boundary.shape != (2, grid.scale):
        raise ValueError(f"boundary must be (2, {grid.scale}), not {boundary.shape}")
    padded = np.pad(boundary, ((0, 0), (1, 1)), constant_values=-np.inf)
    peak = (boundary > padded[:, :-2]) & (boundary > padded[:, 2:])
    candidate = peak | (boundary > 0.5 * boundary.max(axis=1, keepdims=True))  # (2, T)
    candidate[0, 0] = candidate[1, -1] = True
    return candidate[0, grid.start_cell] & candidate[1, grid.end_cell]


def decode(
    boundary: np.ndarray, maps: np.ndarray, grid: ProposalGrid, settings: DecodingSettings
) -> Proposals:
    """Score the candidate proposals of one video and keep the best.

    Parameters
    ----------
    boundary : np.ndarray
        Fused start and end probabilities, float (2, T).
    maps : np.ndarray
        Fused boundary, classification and regression maps, float (3, V).
    grid : ProposalGrid
        T cells, D durations.
    settings : DecodingSettings
        Keys `candidates`, `score` and `top_candidates`.

    Returns
    -------
    Proposals
        The `top_candidates` best, best first; equal scores keep the order of the map cells.

    Raises
    ------
    ValueError
        If the shapes do not fit the grid.
    """
    if maps.shape != (3, len(grid)):
        raise ValueError(f"maps must be (3, {len(grid)}), not {maps.shape}")
    scores = SCORES[settings.score](*maps.astype(np.float64))
    if settings.candidates == "peaks":
        cells = np.flatnonzero(candidate_cells(boundary, grid))
    else:
        cells = np.arange(len(grid))
    best = cells[np.argsort(-scores[cells], kind="stable")[: settings.top_candidates]]
    return Proposals(Shares(grid.segments[best]), scores[best])
