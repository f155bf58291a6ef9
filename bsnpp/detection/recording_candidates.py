"""Candidates of recordings of any length, from the maps of windows and the classes of snippets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.core.segments import in_seconds
from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import decode
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.merge import merge_windows
from bsnpp.detection.scored_segments import Proposals
from bsnpp.snippets.pooling import pool_in_segments
from bsnpp.stores.maps import ProposalMaps
from bsnpp.stores.snippet_scores import SnippetScores
from bsnpp.stores.windows import by_recording
from bsnpp.windows.cells import CellSettings


@dataclass(frozen=True)
class RecordingSource:
    """Maps and snippet classes of the recordings of a subset.

    Attributes
    ----------
    generators : sequence of ProposalMaps
        Fused maps of all windows, for each generator.
    windows : DataFrame[window, video, start, end]
        All windows; start and end in seconds.
    videos : DataFrame[video, extent]
        All recordings; extent in seconds.
    scores : SnippetScores
        Class probabilities of all snippets.
    settings : CellSettings
        How recordings were cut into windows.
    """

    generators: Sequence[ProposalMaps]
    windows: pd.DataFrame
    videos: pd.DataFrame
    scores: SnippetScores
    settings: CellSettings

    @property
    def classes(self) -> list[str]:
        """The K class names in canonical order, without the background."""
        return self.scores.classes[1:]

    def __len__(self) -> int:
        return len(self.videos)

    def candidates(self, settings: DecodingSettings, scores: Sequence[str]) -> Iterator[Candidates]:
        """Decode and merge the windows of every recording; the unit of segments is the window length."""
        extents = dict(zip(self.videos["video"], self.videos["extent"], strict=True))
        for video, names, starts in by_recording(self.windows):
            proposals = [
                self._merge(maps, names, starts, extents[video], settings.scored_by(score))
                for maps, score in zip(self.generators, scores, strict=True)
            ]
            probability = [self._probability_of(video, one) for one in proposals]
            yield Candidates(video, self.settings.length, proposals, probability)

    def _merge(
        self,
        maps: ProposalMaps,
        names: Sequence[str],
        starts: np.ndarray,
        extent: float,
        settings: DecodingSettings,
    ) -> Proposals:
        """Decode and merge the windows `names` of one recording by one generator."""
        boundary, fused = maps.read([maps.rows[name] for name in names])
        parts = [
            decode(edges, values, maps.grid, settings) for edges, values in zip(boundary, fused, strict=True)
        ]
        return merge_windows(parts, starts, extent, self.settings)

    def _probability_of(self, video: str, proposals: Proposals) -> np.ndarray:
        """Pool the class probabilities of the snippets inside each of n proposals: float64 (n, K)."""
        seconds = in_seconds(proposals.segments, self.settings.length)
        return pool_in_segments(self.scores.probability_of(video), seconds, self.scores.snippet_seconds)
