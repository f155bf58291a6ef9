"""Label proposals by class probabilities (conventions, section 7: class fusion)."""

import numpy as np

from bsnpp.core.segments import Shares
from bsnpp.detection.labelling_settings import ClassFusion
from bsnpp.detection.scored_segments import Detections, Proposals


def fuse_classes(
    proposals: Proposals, class_probability: np.ndarray, top_k: int, how: ClassFusion
) -> Detections:
    """Label every proposal with its most probable classes.

    Parameters
    ----------
    proposals : Proposals
        n proposals of one video.
    class_probability : np.ndarray
        Probabilities of the K classes, at least 0: float (K,) for the whole video, or (n, K), one row per
        proposal. They need not sum to 1.
    top_k : int
        Number of classes per proposal, at least 1; all K if there are fewer. Of equally probable classes the
        first of the class list goes first.
    how : {"product", "sqrt"}
        Score of a detection from proposal score p and class probability c: p c or sqrt(p c).

    Returns
    -------
    Detections
        n min(top_k, K) detections: proposals in their order, each with its classes, the most probable first.

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
        Shares(np.repeat(proposals.segments, scores.shape[1], axis=0)),
        scores.ravel(),
        np.broadcast_to(labels, scores.shape).ravel().astype(np.int64),
    )
