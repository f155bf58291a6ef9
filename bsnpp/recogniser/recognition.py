"""Recognise the proposals of a subset from its files, and calibrate the scores on those of validation."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from bsnpp.detection.calibration import fit_calibrations
from bsnpp.recogniser.detections import RecognisedRecording, recognised_recordings
from bsnpp.recogniser.evidence import recognise
from bsnpp.recogniser.inputs import RecogniserSettings, read_recordings
from bsnpp.recogniser.recogniser import Recogniser
from bsnpp.stores.detections import read_proposals
from bsnpp.stores.snippet_scores import read_snippet_scores


def recognise_table(
    recogniser: Recogniser, settings: RecogniserSettings, proposals: str, path: str, panel: str | None
) -> list[RecognisedRecording]:
    """Recognise proposals in the recordings of a table.

    Parameters
    ----------
    recogniser : Recogniser
        The trained recogniser.
    settings : RecogniserSettings
        Keys `streams`, `snippets` and `detection`.
    proposals : str
        Proposals of a generator, or `dense` for dense windows.
    path : str
        Table of the recordings, with the columns video and extent (seconds).
    panel : str or None
        Snippet classes of a panel.
    """
    chosen = recogniser.settings
    recordings = read_recordings(path, settings, chosen.encoders)
    given = None if proposals == "dense" else read_proposals(proposals)
    evidence = recognise(recogniser, recordings, given, read_snippet_scores(panel) if panel else None)
    return recognised_recordings(evidence, chosen, settings.detection)


def calibrate(
    recogniser: Recogniser, recordings: Sequence[RecognisedRecording], instances: pd.DataFrame
) -> Recogniser:
    """Return a recogniser whose scores are the tIoU to expect, by isotonic regression.

    Parameters
    ----------
    recogniser : Recogniser
        The trained recogniser.
    recordings : sequence of RecognisedRecording
        Its results for the recordings of validation.
    instances : DataFrame[video, start, end, label]
        Their ground truth; start and end in seconds.
    """
    videos = ((one.video, one.extent, [one.detections]) for one in recordings)
    (calibration,) = fit_calibrations("isotonic", videos, instances, recogniser.classes)
    return replace(recogniser, calibration=calibration)
