"""Soft-NMS and hard NMS over the segments of one video (section 4.2 of the paper; conventions, section 7).

Scores only decrease. A candidate whose initial score is below the best current score therefore cannot be
selected next and needs no rescoring yet: only a prefix of the sorted candidates is kept up to date, and it
grows on demand. The order of all floating-point operations is fixed, so the compiled back end gives the same
bits.
"""

import numpy as np

from bsnpp.detection.suppression.decay import gaussian_decay
from bsnpp.detection.suppression.settings import NMSSettings

PREFIX = 1024
"""Initial length of the prefix. A shorter one saves little: a NumPy call costs as much as 1,000 elements."""


def soft_nms(
    segments: np.ndarray, scores: np.ndarray, settings: NMSSettings, keep: int
) -> tuple[np.ndarray, np.ndarray]:
    """Select the best segment, lower the scores of those that overlap it, and repeat up to `keep` times.

    Of equal scores the one with the higher initial score is selected first, then the first of the input. So
    the result does not depend on the order of the input if the initial scores differ.

    Parameters
    ----------
    segments : np.ndarray
        Start and end of each candidate as shares of the video: float (n, 2), start < end.
    scores : np.ndarray
        Initial scores: float (n,), at least 0.
    settings : NMSSettings
        Method, sigma and thresholds.
    keep : int
        Maximum number of selected segments, at least 1.

    Returns
    -------
    indices : np.ndarray
        Rows of the selected candidates in order of selection: int64 (m,). Soft methods select
        m = min(n, keep); hard NMS may select fewer.
    scores : np.ndarray
        Their scores after suppression: float64 (m,), non-increasing.

    Raises
    ------
    ValueError
        If a shape, a value or `keep` is invalid.
    """
    segments, scores = np.asarray(segments, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    check_candidates(segments, scores, keep)
    order = np.argsort(-scores, kind="stable")
    starts, ends = segments[order].T.copy()  # (n,) each, contiguous
    if settings.method == "none":
        chosen, values = np.arange(min(keep, len(order))), scores[order][:keep]
    elif settings.method == "hard":
        chosen = _hard(starts, ends, settings, keep)
        values = scores[order][chosen]
    else:
        chosen, values = _soft(starts, ends, scores[order], settings, keep)
    return order[chosen], values


def check_candidates(segments: np.ndarray, scores: np.ndarray, keep: int) -> None:
    """Raise a ValueError if a segment, a score or `keep` is invalid."""
    if segments.shape != (len(scores), 2) or scores.ndim != 1:
        raise ValueError(f"segments must be (n, 2) and scores (n,), not {segments.shape} and {scores.shape}")
    if keep < 1:
        raise ValueError(f"keep must be at least 1, not {keep}")
    if not (np.isfinite(segments).all() and (segments[:, 0] < segments[:, 1]).all()):
        raise ValueError("every segment must be finite, with start < end")
    if not (np.isfinite(scores).all() and (scores >= 0).all()):
        raise ValueError("every score must be finite and at least 0")


def _soft(
    starts: np.ndarray, ends: np.ndarray, scores: np.ndarray, settings: NMSSettings, keep: int
) -> tuple[np.ndarray, np.ndarray]:
    """Apply Soft-NMS to candidates sorted by score; return positions and scores of the selected ones."""
    count = len(scores)
    current = scores.copy()
    examined = min(count, PREFIX)
    chosen = np.empty(min(keep, count), dtype=np.int64)
    values = np.empty(len(chosen))
    done = 0
    while done < len(chosen):
        best = int(current[:examined].argmax())
        if examined < count and current[best] < scores[examined]:
            added = slice(examined, min(count, 2 * examined))
            for selected in chosen[:done]:
                _decay(current, added, selected, starts, ends, settings)
            examined = added.stop
            continue
        chosen[done], values[done] = best, current[best]
        done += 1
        _decay(current, slice(0, examined), best, starts, ends, settings)
        current[chosen[:done]] = -1.0  # below every score; set again each time, because it decays too
    return chosen, values


def _decay(
    current: np.ndarray,
    part: slice,
    selected: int,
    starts: np.ndarray,
    ends: np.ndarray,
    settings: NMSSettings,
) -> None:
    """Lower the scores of `part` in place by their overlap with `selected`."""
    iou = _iou(selected, part, starts, ends)
    threshold = _threshold(ends[selected] - starts[selected], settings)
    if threshold <= 0:  # no mask is needed: without overlap the factor is exactly 1
        current[part] *= _factor(iou, settings)
        return
    above = np.flatnonzero(iou > threshold)
    current[part.start + above] *= _factor(iou[above], settings)


def _factor(iou: np.ndarray, settings: NMSSettings) -> np.ndarray:
    """Compute the factor of a score from the tIoU with the selected segment."""
    if settings.method == "linear":
        return 1.0 - iou  # never negative: `_iou` stays at most 1 after rounding
    return gaussian_decay(iou, settings.sigma)


def _hard(starts: np.ndarray, ends: np.ndarray, settings: NMSSettings, keep: int) -> np.ndarray:
    """Apply hard NMS to candidates sorted by score; return positions of the selected ones."""
    alive = np.ones(len(starts), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < keep and alive.any():
        best = int(alive.argmax())
        chosen.append(best)
        alive &= _iou(best, slice(None), starts, ends) <= _threshold(ends[best] - starts[best], settings)
        alive[best] = False
    return np.array(chosen, dtype=np.int64)


def _iou(selected: int, part: slice, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Compute the tIoU of one segment with those of `part`: float64 (m,)."""
    part_starts, part_ends = starts[part], ends[part]
    intersection = np.minimum(part_ends, ends[selected])
    intersection -= np.maximum(part_starts, starts[selected])
    np.maximum(intersection, 0.0, out=intersection)
    union = part_ends - part_starts
    union += ends[selected] - starts[selected]
    union -= intersection
    return np.divide(intersection, union, out=intersection)


def _threshold(width: float, settings: NMSSettings) -> float:
    """Compute the tIoU above which a segment of this length, a share of the video, suppresses others."""
    return settings.low + (settings.high - settings.low) * width
