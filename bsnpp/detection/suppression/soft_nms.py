"""Soft-NMS and hard NMS over the segments of one video (section 4.2 of the paper; conventions, section 7).

Scores only ever fall, so a candidate whose score at entry is below the best score of those examined so far
needs no rescoring: only a prefix of the sorted candidates is examined, and it grows when it has to.
Every float is made by one fixed order of operations, so that plain loops give the same to the last bit.
"""

import numpy as np

from bsnpp.detection.settings import NMSSettings
from bsnpp.detection.suppression.decay import gaussian_decay

PREFIX = 1024
"""Candidates examined at first. Fewer save little: calling NumPy costs about as much as 1,000 elements."""


def soft_nms(
    segments: np.ndarray, scores: np.ndarray, settings: NMSSettings, keep: int
) -> tuple[np.ndarray, np.ndarray]:
    """Select at most `keep` segments, each time the best one, letting those that overlap it fall.

    Equal scores are taken in the order of the scores at entry, then of the input: the result does not
    depend on the order of the input when the scores at entry differ.

    Parameters
    ----------
    segments : np.ndarray
        Start and end of each candidate as shares of the video, float (n, 2), start < end.
    scores : np.ndarray
        Float (n,), at least 0.
    settings : NMSSettings
        Method, sigma and thresholds.
    keep : int
        The most that are selected, at least 1.

    Returns
    -------
    indices : np.ndarray
        Rows of the selected candidates in order of selection, int64 (m,). Soft methods select
        m = min(n, keep); hard NMS may select fewer.
    scores : np.ndarray
        Their scores after suppression, float64 (m,), never rising.

    Raises
    ------
    ValueError
        If shapes, values or `keep` are out of range.
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
    """Refuse what has no defined overlap or no defined order."""
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
    """Soft-NMS of candidates sorted by score: positions and scores of the selected ones."""
    count = len(scores)
    current = scores.copy()
    examined = min(count, PREFIX)
    chosen = np.empty(min(keep, count), dtype=np.int64)
    values = np.empty(len(chosen))
    done = 0
    while done < len(chosen):
        best = int(current[:examined].argmax())
        if examined < count and current[best] < scores[examined]:
            fresh = slice(examined, min(count, 2 * examined))
            for selected in chosen[:done]:
                _decay(current, fresh, selected, starts, ends, settings)
            examined = fresh.stop
            continue
        chosen[done], values[done] = best, current[best]
        done += 1
        _decay(current, slice(0, examined), best, starts, ends, settings)
        current[chosen[:done]] = -1.0  # below every score; again each time, as it decays like a score
    return chosen, values


def _decay(
    current: np.ndarray,
    part: slice,
    selected: int,
    starts: np.ndarray,
    ends: np.ndarray,
    settings: NMSSettings,
) -> None:
    """Let the scores of `part` fall, in place, by their overlap with `selected`."""
    iou = _iou(selected, part, starts, ends)
    threshold = _threshold(ends[selected] - starts[selected], settings)
    if threshold <= 0:  # without overlap both factors are exactly 1: no mask is needed
        current[part] *= _factor(iou, settings)
        return
    above = np.flatnonzero(iou > threshold)
    current[part.start + above] *= _factor(iou[above], settings)


def _factor(iou: np.ndarray, settings: NMSSettings) -> np.ndarray:
    """What a score is multiplied by."""
    if settings.method == "linear":
        return 1.0 - iou  # never negative: `_iou` is monotone in rounding, so at most 1
    return gaussian_decay(iou, settings.sigma)


def _hard(starts: np.ndarray, ends: np.ndarray, settings: NMSSettings, keep: int) -> np.ndarray:
    """Hard NMS of candidates sorted by score: positions of the selected ones."""
    alive = np.ones(len(starts), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < keep and alive.any():
        best = int(alive.argmax())
        chosen.append(best)
        alive &= _iou(best, slice(None), starts, ends) <= _threshold(ends[best] - starts[best], settings)
        alive[best] = False
    return np.array(chosen, dtype=np.int64)


def _iou(selected: int, part: slice, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Overlap of one segment with those of `part`: intersection over union, float64 (m,)."""
    part_starts, part_ends = starts[part], ends[part]
    intersection = np.minimum(part_ends, ends[selected])
    intersection -= np.maximum(part_starts, starts[selected])
    np.maximum(intersection, 0.0, out=intersection)
    union = part_ends - part_starts
    union += ends[selected] - starts[selected]
    union -= intersection
    return np.divide(intersection, union, out=intersection)


def _threshold(width: float, settings: NMSSettings) -> float:
    """The IoU above which a segment of this width, as a share of the video, suppresses others."""
    return settings.low + (settings.high - settings.low) * width
