"""Proposals and class probabilities become labelled detections (conventions, section 7: class fusion)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bsnpp.detection.decode import Proposals


@dataclass(frozen=True)
class Detections:
    """Labelled, scored segments of one video.

    Attributes
    ----------
    segments : np.ndarray
        Start and end as shares of the video, float64 (n, 2).
    scores : np.ndarray
        float64 (n,).
    labels : np.ndarray
        Index into the canonical class list, int64 (n,).
    """

    segments: np.ndarray
    scores: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: np.ndarray) -> "Detections":
        """Some of the detections, in the order of `rows`."""
        return Detections(self.segments[rows], self.scores[rows], self.labels[rows])


def fuse_classes(
    proposals: Proposals, class_probability: np.ndarray, top_k: int, how: Literal["product", "sqrt"]
) -> Detections:
    """Give every proposal its most probable classes.

    Parameters
    ----------
    proposals : Proposals
        n proposals of one video.
    class_probability : np.ndarray
        Probabilities of the K classes, at least 0: float (K,) for the video, or (n, K) for each proposal.
        They need not sum to 1.
    top_k : int
        Classes given to a proposal, at least 1; all K if there are fewer. Equal probabilities go to the class
        that stands first.
    how : {"product", "sqrt"}
        Score of a detection, p c or sqrt(p c).

    Returns
    -------
    Detections
        n min(top_k, K) detections: the proposals in their order, each with its classes, most probable first.

    Raises
    ------
    ValueError
        If shapes or values are out of range.
    """
    probability = np.asarray(class_probability, dtype=np.float64)
    if probability.ndim not in (1, 2) or (probability.ndim == 2 and len(probability) != len(proposals)):
        raise ValueError(
            f"class probabilities must be (K,) or ({len(proposals)}, K), not {probability.shape}"
        )
    if top_k < 1:
        raise ValueError(f"top_k must be at least 1, not {top_k}")
    if not (np.isfinite(probability).all() and (probability >= 0).all()):
        raise ValueError("class probabilities must be finite and at least 0")
    labels = np.argsort(-probability, axis=-1, kind="stable")[..., :top_k]  # (k,) or (n, k)
    chosen = np.take_along_axis(probability, labels, axis=-1)
    scores = proposals.scores[:, None] * chosen  # (n, k)
    if how == "sqrt":
        scores = np.sqrt(scores)
    return Detections(
        np.repeat(proposals.segments, scores.shape[1], axis=0),
        scores.ravel(),
        np.broadcast_to(labels, scores.shape).ravel().astype(np.int64),
    )
