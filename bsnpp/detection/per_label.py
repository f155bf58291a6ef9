"""Suppress overlapping detections within each label, and proposals regardless of their class."""

import numpy as np

from bsnpp.detection.scored_segments import Detections, Proposals
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.suppress import suppress


def suppress_per_label(detections: Detections, nms: NMSSettings, per_video: int) -> Detections:
    """Suppress overlapping detections of the same label, and keep the best of all labels.

    Detections of different labels never suppress each other (conventions, section 6). With one class vector
    for the whole video, every label keeps the segments that `suppress_class_agnostic` keeps.

    Parameters
    ----------
    detections : Detections
        Detections of one video, in any order.
    nms : NMSSettings
        Method, sigma and thresholds.
    per_video : int
        Maximum number of detections to keep, at least 1.

    Returns
    -------
    Detections
        Best first; equal scores in the order of the labels.
    """
    parts = []
    for label in np.unique(detections.labels):
        rows = np.flatnonzero(detections.labels == label)
        # Scores never rise in order of selection, so no label needs more than `per_video`.
        same = detections.take(rows)
        segments, scores = suppress(same.segments, same.scores, nms, per_video)
        parts.append(Detections(segments, scores, np.full(len(scores), label)))
    if not parts:
        return detections
    kept = Detections.concatenate(parts)
    return kept.take(np.argsort(-kept.scores, kind="stable")[:per_video])


def suppress_class_agnostic(proposals: Proposals, nms: NMSSettings, per_video: int) -> Proposals:
    """Suppress overlapping proposals regardless of their class, as AR@AN is evaluated.

    Parameters
    ----------
    proposals : Proposals
        Proposals of one video, in any order.
    nms : NMSSettings
        Method, sigma and thresholds.
    per_video : int
        Maximum number of proposals to keep, at least 1.

    Returns
    -------
    Proposals
        Best first.
    """
    return Proposals(*suppress(proposals.segments, proposals.scores, nms, per_video))
