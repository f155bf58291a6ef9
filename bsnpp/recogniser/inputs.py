"""Inputs of the recogniser's scripts: settings, arguments and features of recordings."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from bsnpp.core.segments import Seconds, seconds_of
from bsnpp.core.settings import Settings
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.features.settings import StreamSource
from bsnpp.recogniser.recordings import Recording
from bsnpp.snippets.inputs import read_encoders
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings

if TYPE_CHECKING:
    import pandas as pd


class RecogniserSettings(Settings):
    """Settings that training and cross-validation share."""

    detection: LabellingSettings = Field(description="Class fusion and suppression")
    streams: dict[str, tuple[StreamSource, ...]] = Field(description="Streams of each encoder")
    snippets: SnippetSettings = Field(description="Sampling of the snippets")
    seed: int = Field(description="Seed of the training")


def add_training_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the training recordings."""
    parser.add_argument("--videos", required=True, help="table of the training recordings")
    parser.add_argument("--instances", required=True, help="table of the training instances")
    parser.add_argument("--classes", required=True, help="class list of the challenge")


def read_recordings(
    path: str, settings: RecogniserSettings, encoders: Sequence[str], proposals: "pd.DataFrame | None" = None
) -> dict[str, Recording]:
    """Read the features of recordings.

    Parameters
    ----------
    path : str
        Table of the recordings, with the columns video and extent (seconds).
    settings : RecogniserSettings
        Keys `streams` and `snippets`.
    encoders : sequence of str
        Encoders whose features are concatenated; all of them if empty.
    proposals : DataFrame[video, start, end], optional
        Proposals to train on; start and end in seconds.
    """
    videos = read_table(path)
    chosen = {name: settings.streams[name] for name in encoders or settings.streams}
    sequences = read_encoders(chosen, videos, settings.snippets)
    generated = {} if proposals is None else _segments_by_video(proposals)
    none = Seconds(np.empty((0, 2)))
    return {
        video: Recording(sequences[video], float(extent), generated.get(video, none))
        for video, extent in zip(videos["video"], videos["extent"], strict=True)
    }


def _segments_by_video(proposals: "pd.DataFrame") -> dict[str, Seconds]:
    """Group the segments of proposals by video: float64 (p, 2)."""
    return {str(video): seconds_of(rows) for video, rows in proposals.groupby("video")}
