"""From the fused maps of one video to scored proposals (section 4.2 of the paper)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.settings import DetectionSettings


@dataclass(frozen=True)
class Proposals:
    """Scored segments of one video.

    Attributes
    ----------
    segments : np.ndarray
        Start and end as shares of the video, float64 (n, 2).
    scores : np.ndarray
        float64 (n,).
    """

    segments: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)


def candidate_cells(boundary: np.ndarray, grid: ProposalGrid) -> np.ndarray:
    """Map cells whose start and end are candidate boundaries.

    A cell is a candidate start if its start probability is higher than in both neighbouring cells (a missing
    neighbour counts as lower) or above half the maximum over the video; likewise for ends. The first cell is
    always a candidate start, the last one always a candidate end (conventions, section 7).

    Parameters
    ----------
    boundary : np.ndarray
        Start and end probabilities, float (2, T).
    grid : ProposalGrid
        T cells, D durations.

    Returns
    -------
    np.ndarray
        bool (V,). With D < T it may be False throughout.
    """
    if boundary.shape != (2, grid.scale):
        raise ValueError(f"boundary must be (2, {grid.scale}), not {boundary.shape}")
    padded = np.pad(boundary, ((0, 0), (1, 1)), constant_values=-np.inf)
    peak = (boundary > padded[:, :-2]) & (boundary > padded[:, 2:])
    candidate = peak | (boundary > 0.5 * boundary.max(axis=1, keepdims=True))  # (2, T)
    candidate[0, 0] = candidate[1, -1] = True
    return candidate[0, grid.start_cell] & candidate[1, grid.end_cell]


def proposal_scores(maps: np.ndarray, preset: Literal["paper", "recall", "detection"]) -> np.ndarray:
    """One score of each map cell.

    Parameters
    ----------
    maps : np.ndarray
        Boundary map b, classification c and regression r, float (3, V), at least 0.
    preset : {"paper", "recall", "detection"}
        paper: b sqrt(c r) (Eq. 8); recall: b c r (BMN); detection: c r.

    Returns
    -------
    np.ndarray
        float64 (V,).
    """
    boundary, classification, regression = maps.astype(np.float64)
    confidence = classification * regression
    if preset == "paper":
        return boundary * np.sqrt(confidence)
    if preset == "recall":
        return boundary * confidence
    return confidence


def decode(
    boundary: np.ndarray, maps: np.ndarray, grid: ProposalGrid, settings: DetectionSettings
) -> Proposals:
    """Choose and score the candidate proposals of one video.

    Parameters
    ----------
    boundary : np.ndarray
        Fused start and end probabilities, float (2, T).
    maps : np.ndarray
        Fused boundary, classification and regression maps, float (3, V).
    grid : ProposalGrid
        T cells, D durations.
    settings : DetectionSettings
        Keys `candidates`, `score` and `top_candidates`.

    Returns
    -------
    Proposals
        The best `top_candidates`, best first; equal scores in the order of the cells.

    Raises
    ------
    ValueError
        If the shapes do not fit the grid.
    """
    if maps.shape != (3, len(grid)):
        raise ValueError(f"maps must be (3, {len(grid)}), not {maps.shape}")
    scores = proposal_scores(maps, settings.score)
    if settings.candidates == "peaks":
        cells = np.flatnonzero(candidate_cells(boundary, grid))
    else:
        cells = np.arange(len(grid))
    best = cells[np.argsort(-scores[cells], kind="stable")[: settings.top_candidates]]
    return Proposals(grid.segments[best], scores[best])
