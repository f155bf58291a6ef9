"""What every generator proposes for the videos of a subset, with what is known of their classes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bsnpp.detection.decode import Proposals
from bsnpp.detection.labelling import Detections, fuse_classes
from bsnpp.detection.settings import DetectionSettings, ScorePreset


@dataclass(frozen=True)
class Candidates:
    """Proposals of one video, before classes and suppression.

    Attributes
    ----------
    video : str
    unit : float
        Seconds that 1 stands for in every segment: the video's, or those of a window of a recording.
    proposals : list of Proposals
        Of each generator.
    probability : list of np.ndarray
        Class probabilities for each generator's n proposals: (K,) for all of them, or (n, K).
    """

    video: str
    unit: float
    proposals: list[Proposals]
    probability: list[np.ndarray]

    def labelled(self, settings: DetectionSettings) -> list[Detections]:
        """Each generator's proposals with their best classes."""
        return [
            fuse_classes(found, probability, settings.classes_per_video, settings.class_fusion)
            for found, probability in zip(self.proposals, self.probability, strict=True)
        ]


class CandidateSource(Protocol):
    """Where the candidates of a subset come from."""

    @property
    def classes(self) -> list[str]:
        """The K classes."""

    def __len__(self) -> int:
        """How many videos there are."""

    def decoded(self, settings: DetectionSettings, scores: Sequence[ScorePreset]) -> Iterator[Candidates]:
        """Candidates of every video; `scores` holds the preset of each generator."""
