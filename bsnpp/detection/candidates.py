"""Candidates of a video: the proposals of every generator, with class probabilities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.labelling import fuse_classes
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.scored_segments import Detections, Proposals


@dataclass(frozen=True)
class Candidates:
    """Proposals of one video, before labelling and suppression.

    Attributes
    ----------
    video : str
        Id of the video.
    unit : float
        Length in seconds of the unit of all segments: the video, or one window of a recording.
    proposals : list of Proposals
        Proposals of each generator.
    probability : list of np.ndarray
        Class probabilities for the n proposals of each generator: float (K,) for all, or (n, K).
    """

    video: str
    unit: float
    proposals: list[Proposals]
    probability: list[np.ndarray]

    def labelled(self, settings: LabellingSettings) -> list[Detections]:
        """Label the proposals of each generator with their most probable classes."""
        return [
            fuse_classes(proposals, probability, settings.classes_per_video, settings.class_fusion)
            for proposals, probability in zip(self.proposals, self.probability, strict=True)
        ]


class CandidateSource(Protocol):
    """Provides the candidates of every video of a subset."""

    @property
    def classes(self) -> list[str]:
        """The K class names in canonical order."""

    def __len__(self) -> int:
        """Return the number of videos."""

    def candidates(self, settings: DecodingSettings, scores: Sequence[str]) -> Iterator[Candidates]:
        """Decode every video.

        Parameters
        ----------
        settings : DecodingSettings
            Keys `candidates` and `top_candidates`.
        scores : sequence of str
            Name of the score of each generator.
        """
