"""The ensemble of one subset: candidates of its videos become detections and proposals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bsnpp.detection.candidates import Candidates, CandidateSource
from bsnpp.detection.decode import Proposals
from bsnpp.detection.external import ExternalDetections
from bsnpp.detection.labelling import Detections
from bsnpp.detection.per_label import class_agnostic, concatenate, concatenate_proposals, suppress_per_label
from bsnpp.detection.score_scales import UNCHANGED, ScoreScale, fit_scales
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.detection.tables import detections_table, proposals_table


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
        self, candidates: Iterable[Candidates], settings: DetectionSettings, instances: pd.DataFrame | None
    ) -> list[ScoreScale]:
        """The score scale of each part, fitted on this subset, which is validation, with its ground truth.

        A single part keeps its scores: there is nothing to match them with.

        Raises
        ------
        ValueError
            If scores are to be matched and there is no ground truth.
        """
        count = len(self.presets) + len(self.external)
        if settings.ensemble == "concatenate" or count == 1:
            return [UNCHANGED] * count
        if instances is None:
            raise ValueError("score scales are fitted on the ground truth of validation, which is not given")
        parts = ((found.video, found.unit, self.parts(found, settings)) for found in candidates)
        return fit_scales(settings.ensemble, parts, instances, self.source.classes)

    def joined(
        self, found: Candidates, settings: DetectionSettings, scales: Sequence[ScoreScale]
    ) -> Detections:
        """All detections of a video, before suppression."""
        parts = zip(self.parts(found, settings), scales, strict=True)
        return concatenate([scale.applied(part) for part, scale in parts])

    def detected(
        self, found: Candidates, settings: DetectionSettings, scales: Sequence[ScoreScale]
    ) -> Detections:
        """At most `per_video` detections of a video, best first."""
        return suppress_per_label(self.joined(found, settings, scales), settings.nms, settings.per_video)

    def proposed(self, found: Candidates, settings: DetectionSettings) -> Proposals:
        """At most `per_video` proposals of a video by the generators, whatever their class; best first."""
        return class_agnostic(concatenate_proposals(found.proposals), settings.nms, settings.per_video)

    def proposals(self, candidates: Iterable[Candidates], settings: DetectionSettings) -> pd.DataFrame:
        """Return the proposals of all videos in seconds. Candidates of one video at a time are in memory."""
        units: dict[str, float] = {}
        proposals = []
        for found in candidates:
            units[found.video] = found.unit
            proposals.append((found.video, self.proposed(found, settings)))
        return proposals_table(proposals, units)

    def tables(
        self, candidates: Iterable[Candidates], settings: DetectionSettings, scales: Sequence[ScoreScale]
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Detections and proposals of the videos in seconds; candidates of one video at a time are held."""
        units: dict[str, float] = {}
        detections, proposals = [], []
        for found in candidates:
            units[found.video] = found.unit
            detections.append((found.video, self.detected(found, settings, scales)))
            proposals.append((found.video, self.proposed(found, settings)))
        return detections_table(detections, units, self.source.classes), proposals_table(proposals, units)
