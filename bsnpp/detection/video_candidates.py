"""Candidates of whole videos, from the maps at the scale of each video and one class vector per video."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import decode
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.features.scales import ScaleSettings
from bsnpp.stores.class_scores import read_panel_file
from bsnpp.stores.maps import ProposalMaps


@dataclass(frozen=True)
class VideoSource:
    """Maps and class probabilities of the videos of a subset.

    Attributes
    ----------
    generators : sequence of (mapping of int to ProposalMaps)
        Fused maps by scale T, for each generator.
    scales : ScaleSettings or None
        How the scale of a video follows from its duration; None if a generator has maps of one scale only.
    videos : DataFrame[video, duration, extent]
        All videos; duration and extent in seconds.
    classes : list of str
        The K class names in canonical order.
    probability : mapping of str to np.ndarray
        Class probabilities of each video: float (K,).
    """

    generators: Sequence[Mapping[int, ProposalMaps]]
    scales: ScaleSettings | None
    videos: pd.DataFrame
    classes: list[str]
    probability: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.videos)

    def candidates(self, settings: DecodingSettings, scores: Sequence[str]) -> Iterator[Candidates]:
        """Decode every video at its scale; segments are shares of the extent of the video."""
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
    """Combine the fused maps of each generator, the table of the videos and a panel file.

    Parameters
    ----------
    generators : sequence of (sequence of ProposalMaps)
        Fused maps of each generator, one file per scale.
    scales, videos
        As in `VideoSource`.
    panel : str
        Path of the panel file: class probabilities of every video.
    """
    names, classes, probability = read_panel_file(panel)
    by_scale = [{maps.grid.scale: maps for maps in group} for group in generators]
    return VideoSource(by_scale, scales, videos, classes, dict(zip(names, probability, strict=True)))
