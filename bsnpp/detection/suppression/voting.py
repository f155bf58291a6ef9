"""Score voting: replace the edges of a selected segment by means over the candidates that overlap it."""

import numpy as np

from bsnpp.core.segments import temporal_iou


def voted_segments(
    selected: np.ndarray, segments: np.ndarray, scores: np.ndarray, threshold: float
) -> np.ndarray:
    """Replace the edges of selected segments by the means of their voters' edges, weighted by score.

    The method is box voting (Gidaris and Komodakis 2015), as in the public code of ActionFormer.

    Parameters
    ----------
    selected : np.ndarray
        Start and end of each selected segment: float (m, 2), start < end.
    segments : np.ndarray
        Start and end of each candidate in the same unit: float (n, 2), start < end.
    scores : np.ndarray
        Initial scores of the candidates: float (n,), at least 0.
    threshold : float
        tIoU with the selected segment, in (0, 1], from which a candidate votes.

    Returns
    -------
    np.ndarray
        float64 (m, 2), start < end. A segment whose voters all score 0 keeps its edges.
    """
    iou = temporal_iou(selected[:, None, 0], selected[:, None, 1], segments[:, 0], segments[:, 1])  # (m, n)
    weights = np.where(iou >= threshold, scores, 0.0)
    totals = weights.sum(axis=1, keepdims=True)
    return np.where(totals > 0, weights @ segments / np.where(totals > 0, totals, 1.0), selected)
