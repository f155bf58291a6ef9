"""Several generators' detections of a video become one list (improvement D of the paper)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.detection.candidates import Candidates, CandidateSource
from bsnpp.detection.classes import Detections
from bsnpp.detection.decode import Proposals
from bsnpp.detection.external import ExternalDetections
from bsnpp.detection.score_scales import UNCHANGED, ScoreScale, fit_scales
from bsnpp.detection.settings import DetectionSettings, NMSSettings, ScorePreset
from bsnpp.detection.suppression import suppress


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


@dataclass(frozen=True)
class Ensemble:
    """Generators and outside detections of one subset.

    Attributes
    ----------
    source : CandidateSource
        Of the generators.
    presets : sequence of ScorePreset
        Of each generator.
    external : sequence of ExternalDetections
        Files of anyone's detections.
    """

    source: CandidateSource
    presets: Sequence[ScorePreset]
    external: Sequence[ExternalDetections]

    def candidates(self, settings: DetectionSettings) -> Iterator[Candidates]:
        """Decode every video."""
        return self.source.decoded(settings, self.presets)

    def parts(self, found: Candidates, settings: DetectionSettings) -> list[Detections]:
        """Labelled detections of a video: of each generator, then of each outside file."""
        return [*found.labelled(settings), *(one.of(found.video, found.unit) for one in self.external)]

    def scales(
        self, candidates: Iterable[Candidates], settings: DetectionSettings, instances: pd.DataFrame
    ) -> list[ScoreScale]:
        """The score scale of each part, fitted on this subset, which is validation, with its ground truth."""
        if settings.ensemble == "concatenate":
            return [UNCHANGED] * (len(self.presets) + len(self.external))
        parts = ((found.video, found.unit, self.parts(found, settings)) for found in candidates)
        return fit_scales(settings.ensemble, parts, instances, self.source.classes)

    def joined(
        self, found: Candidates, settings: DetectionSettings, scales: Sequence[ScoreScale]
    ) -> Detections:
        """All detections of a video, before suppression."""
        parts = zip(self.parts(found, settings), scales, strict=True)
        return concatenate([scale.applied(part) for part, scale in parts])

    def detections(
        self, found: Candidates, settings: DetectionSettings, scales: Sequence[ScoreScale]
    ) -> Detections:
        """At most `per_video` detections of a video, best first."""
        return suppress_per_label(self.joined(found, settings, scales), settings.nms, settings.per_video)

    def proposals(self, found: Candidates, settings: DetectionSettings) -> Proposals:
        """At most `per_video` proposals of a video by the generators, whatever their class; best first."""
        return class_agnostic(concatenate_proposals(found.proposals), settings.nms, settings.per_video)
