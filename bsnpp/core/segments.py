"""TODO bsnpp.core.segments."""

import numpy as np


def temporal_iou(
    start: np.ndarray, end: np.ndarray, other_start: np.ndarray, other_end: np.ndarray
) -> np.ndarray:
    """Intersection over union of segments, element by element.

    Parameters
    ----------
    start, end, other_start, other_end : np.ndarray
        Segments of any shapes that broadcast; one unit for all, for example seconds.

    Returns
    -------
    np.ndarray
        tIoU in [0, 1]. Two segments of zero length have 0: the official scripts divide 0 by 0 there.
    """
    intersection = np.maximum(np.minimum(end, other_end) - np.maximum(start, other_start), 0.0)
    union = (end - start) + (other_end - other_start) - intersection
    return np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0.0)
