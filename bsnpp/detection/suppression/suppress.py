"""Suppression and score voting, by NumPy or by compiled loops. Both back ends give the same bits."""

from collections.abc import Callable
from functools import cache
from itertools import count

import numpy as np

from bsnpp.core.segments import Shares
from bsnpp.detection.suppression import soft_nms as plain
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.voting import voted_segments

COMPILED_AFTER = 1000
"""Number of calls after which the compiled back end pays. Importing numba takes 1 s, or 4 s with compilation;
a call of the NumPy back end takes about 2 ms."""

calls = count()
"""Counter of the calls of `suppress` in this process."""

Select = Callable[[np.ndarray, np.ndarray, NMSSettings, int], tuple[np.ndarray, np.ndarray]]
"""A back end: see `bsnpp.detection.suppression.soft_nms.soft_nms`."""


def suppress(segments: Shares, scores: np.ndarray, nms: NMSSettings, keep: int) -> tuple[Shares, np.ndarray]:
    """Select at most `keep` segments, and refine their edges by voting if the key `voting` is set.

    Parameters
    ----------
    segments, scores, nms, keep
        As in `bsnpp.detection.suppression.soft_nms.soft_nms`.

    Returns
    -------
    segments : Shares
        Selected segments, best first: float64 (m, 2).
    scores : np.ndarray
        Their scores after suppression: float64 (m,).
    """
    compiled = compiled_back_end() if next(calls) >= COMPILED_AFTER else None
    chosen, values = (compiled or plain.soft_nms)(segments, scores, nms, keep)
    if nms.voting is None:
        return Shares(segments[chosen]), values
    return Shares(voted_segments(segments[chosen], segments, scores, nms.voting)), values


@cache
def compiled_back_end() -> Select | None:
    """Import the compiled back end; None if numba is missing or has no folder for its compiled code."""
    try:
        from bsnpp.detection.suppression.soft_nms_numba import soft_nms
    except (ImportError, RuntimeError):
        return None
    return soft_nms
