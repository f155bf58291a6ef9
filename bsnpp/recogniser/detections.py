"""Detections from recognised segments: what the recogniser, a panel and a generator say of each.

Score = class probability x predicted tIoU ^ tiou_power x generator's score ^ generator_power. The class
probability is the recogniser's, mixed with what a panel says of the snippets inside: the recogniser is a
member of the panel (improvement B of the paper).
"""

from dataclasses import dataclass

import numpy as np

from bsnpp.detection.decode import Proposals
from bsnpp.detection.labelling import Detections, fuse_classes
from bsnpp.detection.per_label import class_agnostic, suppress_per_label
from bsnpp.detection.settings import DetectionSettings, NMSSettings
from bsnpp.recogniser.recogniser import Recognised
from bsnpp.recogniser.settings import RecognitionSettings


@dataclass(frozen=True)
class Evidence:
    """All that is known of n segments of a recording.

    Attributes
    ----------
    recognised : Recognised
        Of the segments that were kept.
    generator : np.ndarray
        Score of each, at least 0, ones where there is no generator: float64 (n,).
    panel : np.ndarray or None
        Class probabilities of the snippets inside each: float64 (n, K).
    extent : float
        Seconds of the recording.
    """

    recognised: Recognised
    generator: np.ndarray
    panel: np.ndarray | None
    extent: float

    def probability(self, settings: RecognitionSettings) -> np.ndarray:
        """Of each class, float64 (n, K), rows of sum 1 at most."""
        own = self.recognised.probability
        if self.panel is None:
            return own
        return (1.0 - settings.panel_weight) * own + settings.panel_weight * self.panel

    def proposals(self, settings: RecognitionSettings) -> Proposals:
        """Segments as shares of the recording, with what class probabilities are multiplied by."""
        worth = self.recognised.tiou**settings.tiou_power * self.generator**settings.generator_power
        return Proposals(self.recognised.segments / self.extent, worth)


def recognised_detections(
    evidence: Evidence, recognition: RecognitionSettings, detection: DetectionSettings
) -> Detections:
    """At most `per_video` labelled detections of a recording, best first."""
    labelled = fuse_classes(
        evidence.proposals(recognition),
        evidence.probability(recognition),
        detection.classes_per_video,
        detection.class_fusion,
    )
    return suppress_per_label(labelled, _nms(recognition, detection), detection.per_video)


def recognised_proposals(
    evidence: Evidence, recognition: RecognitionSettings, detection: DetectionSettings
) -> Proposals:
    """At most `per_video` proposals whatever their class, scored by the sum over the classes."""
    plain = evidence.proposals(recognition)
    activity = Proposals(plain.segments, plain.scores * evidence.probability(recognition).sum(axis=1))
    return class_agnostic(activity, _nms(recognition, detection), detection.per_video)


def _nms(recognition: RecognitionSettings, detection: DetectionSettings) -> NMSSettings:
    sigma = recognition.nms_sigma
    return detection.nms if sigma is None else detection.nms.model_copy(update={"sigma": sigma})
