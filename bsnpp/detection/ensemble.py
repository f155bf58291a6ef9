"""The ensemble of one subset: combine the candidates of its videos into detections and proposals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bsnpp.core.calibration import UNCHANGED, Calibration
from bsnpp.core.commandline import progress
from bsnpp.detection.calibration import calibrated, fit_calibrations
from bsnpp.detection.candidates import Candidates, CandidateSource
from bsnpp.detection.ensemble_settings import CONCATENATE, EnsembleSettings
from bsnpp.detection.external import ExternalDetections
from bsnpp.detection.merging import join_parts
from bsnpp.detection.per_label import suppress_class_agnostic, suppress_per_label
from bsnpp.detection.scored_segments import Detections, Proposals
from bsnpp.detection.tables import detections_table, proposals_table


@dataclass(frozen=True)
class Ensemble:
    """Generators and external detections of one subset; each of them is a part of the ensemble.

    Attributes
    ----------
    source : CandidateSource
        Candidates of the generators.
    scores : sequence of str
        Name of the score of each generator.
    external : sequence of ExternalDetections
        External submissions.
    """

    source: CandidateSource
    scores: Sequence[str]
    external: Sequence[ExternalDetections]

    def candidates(self, settings: EnsembleSettings) -> Iterator[Candidates]:
        """Decode every video, and report the progress."""
        return progress(self.source.candidates(settings, self.scores), len(self.source), "videos")

    def parts(self, candidates: Candidates, settings: EnsembleSettings) -> list[Detections]:
        """Label a video's candidates: the detections of each generator, then of each external submission."""
        external = [one.of(candidates.video, candidates.unit) for one in self.external]
        return [*candidates.labelled(settings), *external]

    def calibrations(
        self, videos: Iterable[Candidates], settings: EnsembleSettings, instances: pd.DataFrame | None
    ) -> list[Calibration]:
        """Fit the calibration of each part on this subset, which must be validation.

        The scores of a single part stay as they are.

        Parameters
        ----------
        videos : iterable of Candidates
            Candidates of all videos. They are not read if there is nothing to fit.
        settings : EnsembleSettings
            Key `ensemble`, and the keys of class fusion.
        instances : DataFrame[video, start, end, label] or None
            Ground truth; start and end in seconds.

        Raises
        ------
        ValueError
            If there are calibrations to fit, but no ground truth.
        """
        count = len(self.scores) + len(self.external)
        if settings.ensemble == CONCATENATE or count == 1:
            return [UNCHANGED] * count
        if instances is None:
            raise ValueError("calibrations need the ground truth of validation")
        parts = ((one.video, one.unit, self.parts(one, settings)) for one in videos)
        return fit_calibrations(settings.ensemble, parts, instances, self.source.classes)

    def join(
        self, candidates: Candidates, settings: EnsembleSettings, calibrations: Sequence[Calibration]
    ) -> Detections:
        """Calibrate, then merge or concatenate the detections of all parts, without suppression."""
        parts = zip(self.parts(candidates, settings), calibrations, strict=True)
        return join_parts([calibrated(part, calibration) for part, calibration in parts], settings.merging)

    def detect(
        self, candidates: Candidates, settings: EnsembleSettings, calibrations: Sequence[Calibration]
    ) -> Detections:
        """Detect the actions of a video: at most `per_video` detections, best first."""
        joined = self.join(candidates, settings, calibrations)
        return suppress_per_label(joined, settings.nms, settings.per_video)

    def propose(self, candidates: Candidates, settings: EnsembleSettings) -> Proposals:
        """Join the generators' proposals of a video, without classes: at most `per_video`, best first."""
        joined = Proposals.concatenate(candidates.proposals)
        return suppress_class_agnostic(joined, settings.nms, settings.per_video)

    def proposals(self, videos: Iterable[Candidates], settings: EnsembleSettings) -> pd.DataFrame:
        """Tabulate the proposals of all videos in seconds."""
        return proposals_table((one.video, one.unit, self.propose(one, settings)) for one in videos)

    def detections(
        self, videos: Iterable[Candidates], settings: EnsembleSettings, calibrations: Sequence[Calibration]
    ) -> pd.DataFrame:
        """Tabulate the detections of all videos in seconds."""
        return detections_table(
            ((one.video, one.unit, self.detect(one, settings, calibrations)) for one in videos),
            self.source.classes,
        )

    def tables(
        self, videos: Iterable[Candidates], settings: EnsembleSettings, calibrations: Sequence[Calibration]
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Tabulate detections and proposals in one pass, with one video's candidates in memory at a time."""
        detections, proposals = [], []
        for one in videos:
            detections.append((one.video, one.unit, self.detect(one, settings, calibrations)))
            proposals.append((one.video, one.unit, self.propose(one, settings)))
        return detections_table(detections, self.source.classes), proposals_table(proposals)
