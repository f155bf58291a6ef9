"""Soft-NMS as compiled loops: the same bits as `bsnpp.detection.suppression.soft_nms`. Needs numba.

Scores only decrease, so the last computed score of a candidate is an upper bound of its current score. A heap
of these bounds yields the candidate to rescore next. Most candidates are never rescored.
"""

import numpy as np
from numba import njit

from bsnpp.detection.suppression.decay import CUBIC, STEPS, decay_table
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.soft_nms import check_candidates

METHODS = {"gaussian": 0, "linear": 1, "hard": 2, "none": 3}
DROPPED = -1.0
"""Score of a candidate that hard NMS dropped: below every score."""


def soft_nms(
    segments: np.ndarray, scores: np.ndarray, settings: NMSSettings, keep: int
) -> tuple[np.ndarray, np.ndarray]:
    """Select at most `keep` segments: see `bsnpp.detection.suppression.soft_nms.soft_nms`."""
    segments, scores = np.asarray(segments, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    check_candidates(segments, scores, keep)
    table = decay_table(settings.sigma)
    method = METHODS[settings.method]
    return _select(segments, scores, keep, method, settings.low, settings.high, STEPS / settings.sigma, table)


@njit(cache=True)
def _select(segments, scores, keep, method, low, high, steps, table):  # type: ignore[no-untyped-def]
    """Select candidates; return their rows and scores."""
    count = len(scores)
    current = scores.copy()  # upper bound of each score: its value after the first `applied` selections
    applied = np.zeros(count, dtype=np.int64)
    heap = np.arange(count)
    for place in range(count // 2 - 1, -1, -1):
        _sift(heap, place, count, current, scores)
    chosen = np.empty(min(keep, count), dtype=np.int64)
    values = np.empty(len(chosen))
    done = 0
    while done < len(chosen):
        best = heap[0]
        if current[best] < 0.0:
            break
        if applied[best] < done:
            for selected in chosen[applied[best] : done]:
                current[best] = _decayed(
                    current[best], segments, selected, best, method, low, high, steps, table
                )
            applied[best] = done
        else:
            chosen[done], values[done] = best, current[best]
            done += 1
            count -= 1
            heap[0] = heap[count]
        _sift(heap, 0, count, current, scores)
    return chosen[:done], values[:done]


@njit(cache=True)
def _sift(heap, place, count, current, scores):  # type: ignore[no-untyped-def]
    """Restore the heap after a change at `place`: move that candidate below those selected before it."""
    row = heap[place]
    while 2 * place + 1 < count:
        child = 2 * place + 1
        if child + 1 < count and _before(heap[child + 1], heap[child], current, scores):
            child += 1
        if not _before(heap[child], row, current, scores):
            break
        heap[place] = heap[child]
        place = child
    heap[place] = row


@njit(cache=True)
def _before(first, second, current, scores):  # type: ignore[no-untyped-def]
    """Whether `first` is selected before `second`: by current score, initial score, and row."""
    if current[first] != current[second]:
        return current[first] > current[second]
    if scores[first] != scores[second]:
        return scores[first] > scores[second]
    return first < second


@njit(cache=True)
def _decayed(score, segments, selected, other, method, low, high, steps, table):  # type: ignore[no-untyped-def]
    """Compute the score of a candidate after the selection of another."""
    start, end = segments[selected, 0], segments[selected, 1]
    other_start, other_end = segments[other, 0], segments[other, 1]
    intersection = max(min(other_end, end) - max(other_start, start), 0.0)
    iou = intersection / ((other_end - other_start) + (end - start) - intersection)
    if iou <= low + (high - low) * (end - start) or method == 3:
        return score
    if method == 0:
        exponent = iou * iou * steps
        node = np.rint(exponent)
        rest = node - exponent
        factor = ((rest * CUBIC[0] + CUBIC[1]) * rest + CUBIC[2]) * rest + 1.0
        return score * (factor * table[int(node)])
    return score * (1.0 - iou) if method == 1 else DROPPED
