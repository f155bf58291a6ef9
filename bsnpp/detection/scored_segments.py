"""Scored segments of one video: proposals, and detections, which also have a label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bsnpp.core.segments import Shares


@dataclass(frozen=True)
class Proposals:
    """Scored segments of one video.

    Attributes
    ----------
    segments : Shares
        Start and end, float64 (n, 2): shares of the video, or in units of the window length for recordings.
    scores : np.ndarray
        float64 (n,).
    """

    segments: Shares
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Concatenate the proposals of several generators; no score changes.

        Raises
        ------
        ValueError
            If there is no part.
        """
        return cls(
            Shares(np.concatenate([part.segments for part in parts])),
            np.concatenate([part.scores for part in parts]),
        )


@dataclass(frozen=True)
class Detections:
    """Labelled, scored segments of one video.

    Attributes
    ----------
    segments : Shares
        Start and end, float64 (n, 2): shares of the video, or in units of the window length for recordings.
    scores : np.ndarray
        float64 (n,).
    labels : np.ndarray
        Index into the canonical class list, int64 (n,).
    """

    segments: Shares
    scores: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: np.ndarray) -> "Detections":
        """Select detections, in the order of `rows`: int64 (m,)."""
        return Detections(Shares(self.segments[rows]), self.scores[rows], self.labels[rows])

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Concatenate the detections of several generators, as the paper does; no score changes.

        Raises
        ------
        ValueError
            If there is no part.
        """
        return cls(
            Shares(np.concatenate([part.segments for part in parts])),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.labels for part in parts]),
        )
