"""Inputs of the recogniser's scripts: settings, arguments, and features of recordings or of whole videos."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from bsnpp.core.errors import UserError
from bsnpp.core.segments import Seconds, seconds_of
from bsnpp.core.settings import Settings
from bsnpp.detection.labelling_settings import LabellingSettings
from bsnpp.features.settings import StreamSource
from bsnpp.recogniser.recordings import Recording
from bsnpp.snippets.inputs import read_encoders
from bsnpp.stores.features import FeatureStore
from bsnpp.stores.tables import read_table
from bsnpp.windows.snippet_settings import SnippetSettings

if TYPE_CHECKING:
    import pandas as pd


class RecogniserSettings(Settings):
    """Settings that training and cross-validation share."""

    detection: LabellingSettings = Field(description="Class fusion and suppression")
    streams: dict[str, tuple[StreamSource, ...]] = Field(description="Streams of each encoder")
    snippets: SnippetSettings | None = Field(
        None, description="Sampling of the snippets; by default, videos are whole and their cells are read"
    )
    seed: int = Field(description="Seed of the training")

    @property
    def snippet_seconds(self) -> float | None:
        """Time from one snippet to the next [s]; None for whole videos."""
        return None if self.snippets is None else self.snippets.snippet_seconds


def add_training_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the training recordings."""
    parser.add_argument("--videos", required=True, help="table of the training recordings")
    parser.add_argument("--instances", required=True, help="table of the training instances")
    parser.add_argument("--classes", required=True, help="class list of the challenge")
    parser.add_argument(
        "--cells", nargs="*", default=[], help="rescaled features of whole videos, per encoder"
    )


def read_recordings(
    path: str,
    settings: RecogniserSettings,
    encoders: Sequence[str],
    cells: Sequence[str] = (),
    proposals: "pd.DataFrame | None" = None,
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
    cells : sequence of str
        For whole videos: the file of rescaled features of each encoder in `streams`. Their cells are the
        snippets.
    proposals : DataFrame[video, start, end], optional
        Proposals to train on; start and end in seconds.
    """
    videos = read_table(path)
    names = encoders or list(settings.streams)
    if settings.snippets is None:
        files = dict(zip(settings.streams, cells, strict=True))
        sequences = _read_cells([files[name] for name in names], list(videos["video"]))
    else:
        sequences = read_encoders({name: settings.streams[name] for name in names}, videos, settings.snippets)
    generated = {} if proposals is None else _segments_by_video(proposals)
    none = Seconds(np.empty((0, 2)))
    return {
        video: Recording(
            sequences[video],
            float(extent),
            settings.snippet_seconds or float(extent) / len(sequences[video]),
            generated.get(video, none),
        )
        for video, extent in zip(videos["video"], videos["extent"], strict=True)
    }


def _read_cells(paths: Sequence[str], videos: Sequence[str]) -> Mapping[str, np.ndarray]:
    """Read the cells of whole videos, with the encoders joined along the channels: float32 (T, C)."""
    parts = []
    for path in paths:
        with FeatureStore(path) as store:
            rows = {video: row for row, video in enumerate(store.videos)}
            missing = [video for video in videos if video not in rows]
            if missing:
                raise UserError(f"{path}: no features of {', '.join(missing)}; rescale the features again")
            parts.append(store.read([rows[video] for video in videos]))
    joined = np.concatenate(parts, axis=1).transpose(0, 2, 1)
    return dict(zip(videos, joined, strict=True))


def _segments_by_video(proposals: "pd.DataFrame") -> dict[str, Seconds]:
    """Group the segments of proposals by video: float64 (p, 2)."""
    return {str(video): seconds_of(rows) for video, rows in proposals.groupby("video")}
