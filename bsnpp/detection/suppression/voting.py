"""Score voting: the edges of a selected segment become means over the candidates that agree with it."""

import numpy as np

from bsnpp.core.segments import temporal_iou


def voted_segments(
    selected: np.ndarray, segments: np.ndarray, scores: np.ndarray, threshold: float
) -> np.ndarray:
    """Move the edges of selected segments to the means of their neighbours', weighted by scores.

    As box voting in object detection (Gidaris and Komodakis 2015) and ActionFormer's public code do.

    Parameters
    ----------
    selected : np.ndarray
        Start and end of each selected segment, float (m, 2), start < end.
    segments : np.ndarray
        All candidates, float (n, 2), start < end.
    scores : np.ndarray
        Their scores at entry, float (n,), at least 0.
    threshold : float
        IoU with the selected one, in (0, 1], from which a candidate votes.

    Returns
    -------
    np.ndarray
        float64 (m, 2), start < end. A segment whose voters all score 0 stays where it is.
    """
    iou = temporal_iou(selected[:, None, 0], selected[:, None, 1], segments[:, 0], segments[:, 1])  # (m, n)
    weights = np.where(iou >= threshold, scores, 0.0)
    totals = weights.sum(axis=1, keepdims=True)
    return np.where(totals > 0, weights @ segments / np.where(totals > 0, totals, 1.0), selected)
