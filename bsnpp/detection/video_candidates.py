"""Candidates of whole videos: maps of each video's scale, and one class vector for the video."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import decode
from bsnpp.detection.settings import DetectionSettings, ScorePreset
from bsnpp.features.scales import ScaleSettings
from bsnpp.stores.class_scores import read_panel_file
from bsnpp.stores.maps import ProposalMaps


@dataclass(frozen=True)
class VideoSource:
    """The maps and classes of a subset's videos.

    Attributes
    ----------
    generators : sequence of (mapping of int to ProposalMaps)
        Fused maps of each generator by their number of cells T.
    scales : ScaleSettings or None
        Which T a video's maps have; None: every generator has maps of one T.
    videos : DataFrame[video, duration, extent]
        Seconds.
    classes : list of str
    probability : mapping of str to np.ndarray
        Class probabilities of each video: (K,).
    """

    generators: Sequence[Mapping[int, ProposalMaps]]
    scales: ScaleSettings | None
    videos: pd.DataFrame
    classes: list[str]
    probability: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.videos)

    def decoded(self, settings: DetectionSettings, scores: Sequence[ScorePreset]) -> Iterator[Candidates]:
        """Candidates of every video; segments are shares of its extent."""
        columns = (self.videos[name] for name in ("video", "duration", "extent"))
        for video, duration, extent in zip(*columns, strict=True):
            proposals = []
            for by_scale, score in zip(self.generators, scores, strict=True):
                maps = self._maps_of(by_scale, duration)
                boundary, fused = (np.asarray(array[0]) for array in maps.read([maps.rows[video]]))
                proposals.append(decode(boundary, fused, maps.grid, settings.scored_by(score)))
            yield Candidates(video, extent, proposals, [self.probability[video]] * len(proposals))

    def _maps_of(self, by_scale: Mapping[int, ProposalMaps], duration: float) -> ProposalMaps:
        if self.scales is None:
            (maps,) = by_scale.values()
            return maps
        return by_scale[self.scales.of_duration(duration)]


def video_source(
    generators: Sequence[Sequence[ProposalMaps]],
    scales: ScaleSettings | None,
    videos: pd.DataFrame,
    panel: str,
) -> VideoSource:
    """The candidates of a subset: fused maps of each generator, table of the videos, and a panel file."""
    names, classes, probability = read_panel_file(panel)
    by_scale = [{maps.grid.scale: maps for maps in group} for group in generators]
    return VideoSource(by_scale, scales, videos, classes, dict(zip(names, probability, strict=True)))
