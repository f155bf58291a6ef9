"""Candidates of recordings of any length: maps of their windows, merged, and classes of their snippets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import Proposals, decode
from bsnpp.detection.merge import merge_windows
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.stores.maps import ProposalMaps
from bsnpp.stores.snippet_scores import SnippetScores
from bsnpp.stores.windows import by_recording
from bsnpp.windows.cells import CellSettings


@dataclass(frozen=True)
class RecordingSource:
    """The maps and classes of a subset's recordings.

    Attributes
    ----------
    generators : sequence of ProposalMaps
        Fused maps of the windows, of each generator.
    windows : DataFrame
        As `bsnpp.stores.windows.read_windows` reads it.
    videos : DataFrame[video, extent]
        Seconds of each recording.
    scores : SnippetScores
    settings : CellSettings
    """

    generators: Sequence[ProposalMaps]
    windows: pd.DataFrame
    videos: pd.DataFrame
    scores: SnippetScores
    settings: CellSettings

    @property
    def classes(self) -> list[str]:
        """The K classes, without the background."""
        return self.scores.classes[1:]

    def __len__(self) -> int:
        return len(self.videos)

    def decoded(self, settings: DetectionSettings, scores: Sequence[ScorePreset]) -> Iterator[Candidates]:
        """Candidates of every recording; segments are in window lengths."""
        extents = dict(zip(self.videos["video"], self.videos["extent"], strict=True))
        for video, names, starts in by_recording(self.windows):
            proposals = [
                self._merged(maps, names, starts, extents[video], settings.scored_by(score))
                for maps, score in zip(self.generators, scores, strict=True)
            ]
            probability = [self._probability_of(video, found) for found in proposals]
            yield Candidates(video, self.settings.length, proposals, probability)

    def _merged(
        self,
        maps: ProposalMaps,
        names: Sequence[str],
        starts: np.ndarray,
        extent: float,
        settings: DetectionSettings,
    ) -> Proposals:
        """One generator's proposals of a recording, from the maps of its windows."""
        boundary, fused = maps.read([maps.rows[name] for name in names])
        parts = [
            decode(edges, values, maps.grid, settings) for edges, values in zip(boundary, fused, strict=True)
        ]
        return merge_windows(parts, starts, extent, self.settings)

    def _probability_of(self, video: str, proposals: Proposals) -> np.ndarray:
        """Probabilities of the classes of every proposal of a recording: (n, K)."""
        seconds = proposals.segments * self.settings.length
        return pool_in_segments(self.scores.probability_of(video), seconds, self.scores.snippet_seconds)
