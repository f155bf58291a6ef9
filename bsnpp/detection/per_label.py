"""Several generators' detections of a video become one list (improvement D of the paper)."""

from collections.abc import Sequence

import numpy as np

from bsnpp.detection.decode import Proposals
from bsnpp.detection.labelling import Detections
from bsnpp.detection.settings import NMSSettings
from bsnpp.detection.suppression.suppress import suppress


def concatenate(parts: Sequence[Detections]) -> Detections:
    """Put the detections of several generators together, directly, as the paper does: no score is changed.

    Raises
    ------
    ValueError
        If there is no part.
    """
    return Detections(
        np.concatenate([part.segments for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def concatenate_proposals(parts: Sequence[Proposals]) -> Proposals:
    """Put the proposals of several generators together: no score is changed.

    Raises
    ------
    ValueError
        If there is no part.
    """
    return Proposals(
        np.concatenate([part.segments for part in parts]), np.concatenate([part.scores for part in parts])
    )


def suppress_per_label(detections: Detections, nms: NMSSettings, per_video: int) -> Detections:
    """Suppress overlapping detections of the same label, and keep the best of all labels.

    Detections of different labels never suppress each other (conventions, section 6). With one class vector
    for the whole video every label keeps the same segments as `class_agnostic` suppression would.

    Parameters
    ----------
    detections : Detections
        Of one video, in any order.
    nms : NMSSettings
        The suppression.
    per_video : int
        The most that are kept, at least 1.

    Returns
    -------
    Detections
        Best first; equal scores in order of the labels.
    """
    parts = []
    for label in np.unique(detections.labels):
        rows = np.flatnonzero(detections.labels == label)
        # Selected scores never rise, so no label needs to keep more than the video does.
        segments, scores = suppress(detections.segments[rows], detections.scores[rows], nms, per_video)
        parts.append(Detections(segments, scores, np.full(len(scores), label)))
    if not parts:
        return detections
    kept = concatenate(parts)
    return kept.take(np.argsort(-kept.scores, kind="stable")[:per_video])


def class_agnostic(proposals: Proposals, nms: NMSSettings, per_video: int) -> Proposals:
    """Suppress overlapping proposals whatever their class, as AR@AN asks; at most `per_video`, best first."""
    return Proposals(*suppress(proposals.segments, proposals.scores, nms, per_video))
