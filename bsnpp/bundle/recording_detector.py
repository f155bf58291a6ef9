"""Detection in recordings of any length: maps of windows, classes of snippets, and the recogniser."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsnpp.bundle.blas import one_thread
from bsnpp.bundle.manifest import Manifest
from bsnpp.bundle.maps import Blend, joined
from bsnpp.bundle.snippet_panel import SnippetMember, panel_scores
from bsnpp.bundle.videos import NewVideo
from bsnpp.core.segments import Seconds, in_seconds, seconds_of
from bsnpp.detection.calibration import calibrated
from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import decode
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.merge import merge_windows
from bsnpp.detection.per_label import suppress_class_agnostic, suppress_per_label
from bsnpp.detection.scored_segments import Detections, Proposals
from bsnpp.detection.tables import detections_table, proposals_table
from bsnpp.models.compute import ComputeSettings
from bsnpp.recogniser.detections import recognised_detections
from bsnpp.recogniser.evidence import assemble_evidence, propose
from bsnpp.recogniser.recogniser import Recogniser
from bsnpp.recogniser.recordings import Recording
from bsnpp.recogniser.segments import dense_segments
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.stores.snippet_scores import SnippetScores
from bsnpp.windows.cutting import windows
from bsnpp.windows.sampling import window_features
from bsnpp.windows.settings import WindowSettings


@dataclass
class _Cut:
    """A recording and the proposals of its windows.

    Attributes
    ----------
    video : NewVideo
        The recording.
    starts : np.ndarray
        Starts of its W windows [s], (W,).
    features : mapping of str to np.ndarray
        Features of the windows by encoder, float32 (W, C, T).
    parts : list of (list of Proposals)
        Proposals of the first windows, for each generator.
    """

    video: NewVideo
    starts: np.ndarray
    features: Mapping[str, np.ndarray]
    parts: list[list[Proposals]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every window has its proposals."""
        return all(len(part) == len(self.starts) for part in self.parts)


@dataclass(frozen=True)
class RecordingDetector:
    """Detects actions in recordings.

    Attributes
    ----------
    manifest : Manifest
        Settings, classes and weights of the parts; with `windows`.
    blends : sequence of Blend
        Generators, in the order of the manifest; none if the recogniser labels dense windows.
    panel : sequence of SnippetMember
        Classifiers of snippets; none if the recogniser needs no panel.
    recogniser : (str, Recogniser) or None
        Name of the features that the recogniser reads, and the recogniser.
    compute : ComputeSettings
        Device and precision.
    """

    manifest: Manifest
    blends: Sequence[Blend]
    panel: Sequence[SnippetMember]
    recogniser: tuple[str, Recogniser] | None
    compute: ComputeSettings

    @property
    def windows(self) -> WindowSettings:
        """How recordings are cut into windows."""
        if self.manifest.windows is None:
            raise ValueError("no windows in the manifest")
        return self.manifest.windows

    def detect_all(self, videos: Iterable[NewVideo]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in a stream of recordings; see `bsnpp.bundle.bundle.Bundle.detect_all`."""
        for cut in self._proposed(videos):
            video = cut.video
            with one_thread():
                unit, kept = self._detected(video, [self._merged(cut, part) for part in cut.parts])
            yield video, detections_table([(video.video, unit, kept)], self.manifest.classes)

    def _proposed(self, videos: Iterable[NewVideo]) -> Iterator[_Cut]:
        """Yield the recordings in their order, with the proposals of their windows.

        A batch of windows may come from several recordings, as in the workflow.
        """
        size = self.manifest.inference.batch_size
        begun: deque[_Cut] = deque()
        waiting: list[tuple[_Cut, int]] = []
        for video in videos:
            cut = self._cut(video)
            begun.append(cut)
            waiting += [(cut, row) for row in range(len(cut.starts))] if self.blends else []
            while len(waiting) >= size:
                self._propose(waiting[:size])
                del waiting[:size]
            while begun and begun[0].complete:
                yield begun.popleft()
        if waiting:
            self._propose(waiting)
        yield from begun

    def _cut(self, video: NewVideo) -> _Cut:
        starts = windows(video.extent, self.windows.cutting)
        grid, seconds = self.windows.grid, self.windows.snippet_seconds
        encoders = sorted({member.encoder for blend in self.blends for member in blend.members.values()})
        features = {
            name: window_features(video.sequences[name], starts, video.extent, grid, seconds)
            for name in encoders
        }
        return _Cut(video, starts, features, [[] for _ in self.blends])

    def _propose(self, batch: Sequence[tuple[_Cut, int]]) -> None:
        """Predict, fuse and decode the maps of windows, and add the proposals to their recordings."""
        names = batch[0][0].features
        features = {name: np.stack([cut.features[name][row] for cut, row in batch]) for name in names}
        fusion, reversal = self.manifest.fusion, self.manifest.inference.reversal
        for number, blend in enumerate(self.blends):
            boundary, fused, grid = blend.fused_maps(features, fusion, self.compute, reversal)
            options = self.manifest.detection.scored_by(blend.score)
            for row, (cut, _) in enumerate(batch):
                cut.parts[number].append(decode(boundary[row], fused[row], grid, options))

    def _merged(self, cut: _Cut, parts: Sequence[Proposals]) -> Proposals:
        return merge_windows(parts, cut.starts, cut.video.extent, self.windows.grid)

    def _scores(self, video: NewVideo) -> SnippetScores | None:
        if not self.panel:
            return None
        classes, seconds = self.manifest.classes, self.windows.snippet_seconds
        return panel_scores(self.panel, video.video, video.sequences, classes, seconds)

    def _detected(self, video: NewVideo, proposals: list[Proposals]) -> tuple[float, Detections]:
        """Return the detections of a recording, and the unit of their segments [s]."""
        scores, unit = self._scores(video), self.windows.length
        if self.recogniser is not None:
            return video.extent, self._recognised(*self.recogniser, video, proposals, scores)
        if scores is None:
            raise ValueError("neither a panel nor a recogniser")
        probability = scores.probability_of(video.video)
        pooled = [
            pool_in_segments(probability, in_seconds(one.segments, unit), scores.snippet_seconds)
            for one in proposals
        ]
        options = self.manifest.detection
        labelled = joined(self.blends, Candidates(video.video, unit, proposals, pooled), options)
        return unit, suppress_per_label(labelled, options.nms, options.per_video)

    def _recognised(
        self,
        reading: str,
        recogniser: Recogniser,
        video: NewVideo,
        proposals: list[Proposals],
        scores: SnippetScores | None,
    ) -> Detections:
        segments, given = self._segments(recogniser, video, proposals)
        recording = Recording(video.sequences[reading], video.extent, self.windows.snippet_seconds)
        proposed = propose(recogniser, video.video, video.extent, segments, given, scores)
        recognised = recogniser.score(recording, proposed.segments)
        evidence = assemble_evidence(video.video, video.extent, recognised, proposed, scores)
        options = self.manifest.detection.part(LabellingSettings)
        return calibrated(
            recognised_detections(evidence, recogniser.settings, options), recogniser.calibration
        )

    def _segments(
        self, recogniser: Recogniser, video: NewVideo, proposals: list[Proposals]
    ) -> tuple[Seconds, np.ndarray]:
        """Return the segments to recognise [s] and their scores: proposals of the generators, or dense."""
        if not self.blends:
            segments = dense_segments(video.extent, recogniser.settings.dense)
            return segments, np.ones(len(segments))
        options = self.manifest.detection
        kept = suppress_class_agnostic(Proposals.concatenate(proposals), options.nms, options.per_video)
        table = proposals_table([(video.video, self.windows.length, kept)])
        return seconds_of(table), table["score"].to_numpy(dtype=np.float64)
