"""Detections and proposals from the evidence about recognised segments.

Score of a detection = class probability x tIoU ^ tiou_power x generator's score ^ generator_power, where
the class probability is the mixture of recogniser and panel, and the tIoU is the predicted one. With the key
`calibrated` this score is replaced by the tIoU to expect, fitted on validation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from bsnpp.core.calibration import Calibration
from bsnpp.detection.calibration import calibrated
from bsnpp.detection.labelling import fuse_classes
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.detection.per_label import suppress_class_agnostic, suppress_per_label
from bsnpp.detection.scored_segments import Detections, Proposals
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.tables import detections_table, proposals_table
from bsnpp.recogniser.evidence import Evidence
from bsnpp.recogniser.settings import RecognitionSettings


@dataclass(frozen=True)
class RecognisedRecording:
    """Results of a recording, best first; segments are shares of it.

    Attributes
    ----------
    video : str
        Its id.
    extent : float
        Its length in seconds.
    detections, proposals
        At most `per_video` of each.
    """

    video: str
    extent: float
    detections: Detections
    proposals: Proposals


def recognised_detections(
    evidence: Evidence, recognition: RecognitionSettings, detection: LabellingSettings
) -> Detections:
    """Detect the actions of a recording: at most `per_video` detections, best first."""
    labelled = fuse_classes(
        evidence.proposals(recognition),
        evidence.probability(recognition),
        recognition.classes_per_segment or detection.classes_per_video,
        detection.class_fusion,
    )
    return suppress_per_label(labelled, _nms(recognition, detection), detection.per_video)


def recognised_proposals(
    evidence: Evidence, recognition: RecognitionSettings, detection: LabellingSettings
) -> Proposals:
    """Score the segments by the sum over the classes: at most `per_video` proposals, best first."""
    plain = evidence.proposals(recognition)
    summed = Proposals(plain.segments, plain.scores * evidence.probability(recognition).sum(axis=1))
    return suppress_class_agnostic(summed, _nms(recognition, detection), detection.per_video)


def recognised_recordings(
    evidence: Iterable[tuple[str, Evidence]], recognition: RecognitionSettings, detection: LabellingSettings
) -> list[RecognisedRecording]:
    """Detect the actions of all recordings, and score their proposals, in one pass.

    Parameters
    ----------
    evidence : iterable of (str, Evidence)
        Id and evidence of each recording.
    recognition, detection
        The settings of the recogniser, and those of class fusion and suppression.
    """
    return [
        RecognisedRecording(
            video,
            one.extent,
            recognised_detections(one, recognition, detection),
            recognised_proposals(one, recognition, detection),
        )
        for video, one in evidence
    ]


def recognised_tables(
    recordings: Sequence[RecognisedRecording], calibration: Calibration, classes: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tabulate the detections, with calibrated scores, and the proposals of all recordings in seconds."""
    detections = [(one.video, one.extent, calibrated(one.detections, calibration)) for one in recordings]
    proposals = [(one.video, one.extent, one.proposals) for one in recordings]
    return detections_table(detections, classes), proposals_table(proposals)


def _nms(recognition: RecognitionSettings, detection: LabellingSettings) -> NMSSettings:
    """Replace sigma by that of the recogniser, if it has one of its own."""
    sigma = recognition.nms_sigma
    return detection.nms if sigma is None else detection.nms.model_copy(update={"sigma": sigma})
