"""Suppression as settings ask for it, by whichever back end is there: both give the same bits."""

from collections.abc import Callable
from functools import cache
from itertools import count

import numpy as np

from bsnpp.detection.settings import NMSSettings
from bsnpp.detection.suppression import soft_nms as plain
from bsnpp.detection.suppression.voting import voted_segments

COMPILED_AFTER = 1000
"""Calls after which numba pays: reading it in takes a second, or 4 s when it compiles for the first time; a
call of NumPy takes about 2 ms."""

_calls = count()  # of this process so far

Select = Callable[[np.ndarray, np.ndarray, NMSSettings, int], tuple[np.ndarray, np.ndarray]]


def suppress(
    segments: np.ndarray, scores: np.ndarray, nms: NMSSettings, keep: int
) -> tuple[np.ndarray, np.ndarray]:
    """Select at most `keep` segments, and let the others vote for their edges if that is asked for.

    Parameters
    ----------
    segments, scores, nms, keep
        As in `bsnpp.detection.suppression.soft_nms.soft_nms`.

    Returns
    -------
    tuple of np.ndarray
        Segments (m, 2), best first, and their scores after suppression (m,).
    """
    compiled = _compiled() if next(_calls) >= COMPILED_AFTER else None
    chosen, values = (compiled or plain.soft_nms)(segments, scores, nms, keep)
    if nms.voting is None:
        return segments[chosen], values
    return voted_segments(segments[chosen], segments, scores, nms.voting), values


@cache
def _compiled() -> Select | None:
    """The compiled back end, or None where numba is not there or finds no folder for what it compiles."""
    try:
        from bsnpp.detection.suppression.soft_nms_numba import soft_nms
    except (ImportError, RuntimeError):
        return None
    return soft_nms
