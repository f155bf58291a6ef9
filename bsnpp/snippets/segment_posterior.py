"""Probabilities of the segments of a recording, and the detections that match most of them."""

from dataclasses import dataclass

import numpy as np

from bsnpp.core.segments import Seconds, temporal_iou

WORTHLESS, PERFECT = 0.2, 0.9
"""tIoU up to which a match counts nothing, and from which it counts fully; linear between."""

LEAST_SCORE = 1e-3
"""Detections of a lower score are not worth listing."""


def credit(tiou: np.ndarray) -> np.ndarray:
    """Return how much a match of a tIoU counts, in [0, 1]."""
    return np.clip((tiou - WORTHLESS) / (PERFECT - WORTHLESS), 0.0, 1.0)


@dataclass(frozen=True)
class SegmentPosterior:
    """Segments of a recording that are not improbable.

    Attributes
    ----------
    borders : np.ndarray
        First snippet and the one after the last: int64 (n, 2).
    state : np.ndarray
        Class, from 1 to K: int64 (n,).
    probability : np.ndarray
        Probability that the recording has exactly this segment: float64 (n,) in [0, 1].
    classes : int
        Number of classes without the background, K.
    """

    borders: np.ndarray
    state: np.ndarray
    probability: np.ndarray
    classes: int

    def match(self, segments: Seconds, snippet_seconds: float) -> np.ndarray:
        """Compute how well segments match instances of each class: the expected `credit`.

        Parameters
        ----------
        segments : Seconds
            Starts and ends [s]: float (m, 2).
        snippet_seconds : float
            Time from one snippet to the next [s].

        Returns
        -------
        np.ndarray
            float64 (m, K), at least 0. Rows have sums of at most 1, because the instances of a recording do
            not overlap.
        """
        start, end = segments[:, :1] / snippet_seconds, segments[:, 1:] / snippet_seconds
        result = np.zeros((len(segments), self.classes))
        for state in np.unique(self.state):
            chosen = self.state == state
            first, stop = self.borders[chosen].T.astype(np.float64)
            result[:, state - 1] = credit(temporal_iou(start, end, first, stop)) @ self.probability[chosen]
        return result

    def select(self, per_class: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Select the segments of each class that match most instances.

        The best segment of a class is selected, what it matches is subtracted from the probabilities, and so
        on.

        Parameters
        ----------
        per_class : int
            Maximum number of segments of a class.

        Returns
        -------
        borders : np.ndarray
            First snippet and the one after the last: int64 (m, 2).
        state : np.ndarray
            Class: int64 (m,).
        score : np.ndarray
            Expected credit beyond that of the segments selected before: float64 (m,), in [0, 1], falling
            within each class.
        """
        rows, scores = [], []
        for state in np.unique(self.state):
            chosen = np.flatnonzero(self.state == state)
            for place, score in _cover(self.borders[chosen], self.probability[chosen], per_class):
                rows.append(chosen[place])
                scores.append(score)
        picked = np.array(rows, dtype=np.int64)
        return self.borders[picked], self.state[picked], np.minimum(np.array(scores, dtype=np.float64), 1.0)


def _cover(borders: np.ndarray, probability: np.ndarray, count: int) -> list[tuple[int, float]]:
    """Return rows and scores of at most `count` segments of one class; see `SegmentPosterior.select`."""
    first, stop = borders.T.astype(np.float64)
    credits = credit(temporal_iou(first[:, None], stop[:, None], first, stop))
    left, free = probability.copy(), np.ones(len(first), dtype=bool)
    selected = []
    for _ in range(min(count, len(first))):
        value = np.where(free, credits @ left, -1.0)
        best = int(value.argmax())
        if value[best] < LEAST_SCORE:
            break
        selected.append((best, float(value[best])))
        free[best] = False
        left *= 1.0 - credits[best]
    return selected
