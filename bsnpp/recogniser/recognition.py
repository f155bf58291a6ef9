"""Recognise the proposals of a subset from its files, and calibrate the scores on those of validation."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from bsnpp.detection.calibration import fit_calibrations
from bsnpp.recogniser.detections import RecognisedRecording, recognised_recordings
from bsnpp.recogniser.evidence import recognise
from bsnpp.recogniser.inputs import RecogniserSettings, read_recordings
from bsnpp.recogniser.panels import read_panel
from bsnpp.recogniser.recogniser import Recogniser
from bsnpp.stores.detections import read_proposals


@dataclass(frozen=True)
class Subset:
    """The input files of a subset.

    Attributes
    ----------
    videos : str
        Table of the recordings, with the columns video and extent (seconds).
    proposals : str
        Proposals of a generator, or `dense` for dense windows.
    panel : str or None
        Classes that a panel gives to snippets, or to whole videos.
    cells : sequence of str
        For whole videos: the file of rescaled features of each encoder.
    """

    videos: str
    proposals: str
    panel: str | None
    cells: Sequence[str]


def add_subset_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the subsets whose proposals are recognised."""
    parser.add_argument("--proposals", required=True, nargs="+", help="proposals of each subset, or `dense`")
    parser.add_argument("--recordings", required=True, nargs="+", help="table of the recordings, for each")
    parser.add_argument("--panel", nargs="*", default=[], help="classes of a panel for each, or none at all")
    parser.add_argument(
        "--subset-cells",
        nargs="*",
        default=[],
        help="as --cells, for each: all encoders of the first subset, then of the next",
    )


def subsets_of(arguments: argparse.Namespace) -> list[Subset]:
    """Return the subsets of the command line in their order."""
    count = len(arguments.proposals)
    panels = arguments.panel or [None] * count
    size = len(arguments.subset_cells) // count
    cells = [arguments.subset_cells[size * row : size * (row + 1)] for row in range(count)]
    rows = zip(arguments.recordings, arguments.proposals, panels, cells, strict=True)
    return [Subset(*row) for row in rows]


def recognise_subset(
    recogniser: Recogniser, settings: RecogniserSettings, subset: Subset
) -> list[RecognisedRecording]:
    """Recognise the proposals of a subset.

    Parameters
    ----------
    recogniser : Recogniser
        The trained recogniser.
    settings : RecogniserSettings
        Keys `streams`, `snippets` and `detection`.
    subset : Subset
        Its files.
    """
    chosen = recogniser.settings
    recordings = read_recordings(subset.videos, settings, chosen.encoders, subset.cells)
    given = None if subset.proposals == "dense" else read_proposals(subset.proposals)
    panel = read_panel(subset.panel, whole_videos=settings.snippets is None)
    return recognised_recordings(recognise(recogniser, recordings, given, panel), chosen, settings.detection)


def calibrate(
    recogniser: Recogniser, recordings: Sequence[RecognisedRecording], instances: pd.DataFrame
) -> Recogniser:
    """Return a recogniser whose scores are the tIoU to expect, by isotonic regression.

    Parameters
    ----------
    recogniser : Recogniser
        The trained recogniser.
    recordings : sequence of RecognisedRecording
        Its results for the recordings of validation; without any, scores are not calibrated.
    instances : DataFrame[video, start, end, label]
        Their ground truth; start and end in seconds.
    """
    if not recordings:
        return recogniser
    videos = ((one.video, one.extent, [one.detections]) for one in recordings)
    (calibration,) = fit_calibrations("isotonic", videos, instances, recogniser.classes)
    return replace(recogniser, calibration=calibration)
