"""What scripts about the recogniser share: recordings of chosen encoders, and their instances."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bsnpp.features.settings import StreamSource
from bsnpp.recogniser.recogniser import Instances, Recording
from bsnpp.snippets.inputs import read_sequences
from bsnpp.windows.snippet_settings import SnippetSettings


def read_recordings(
    videos: pd.DataFrame,
    streams: Mapping[str, Sequence[StreamSource]],
    encoders: Sequence[str],
    snippets: SnippetSettings,
    proposals: pd.DataFrame | None = None,
) -> dict[str, Recording]:
    """Recordings with the features of these encoders side by side; of all encoders, if none is named.

    With proposals (columns video, start, end in seconds) they are there to be trained on.
    """
    chosen = [stream for encoder in encoders or streams for stream in streams[encoder]]
    sequences = read_sequences(chosen, videos, snippets)
    near = {} if proposals is None else dict(iter(proposals.groupby("video")[["start", "end"]]))
    none = pd.DataFrame(columns=["start", "end"])
    return {
        video: Recording(sequences[video], float(extent), near.get(video, none).to_numpy(dtype=np.float64))
        for video, extent in zip(videos["video"], videos["extent"], strict=True)
    }


def instances_of(instances: pd.DataFrame, classes: Sequence[str]) -> dict[str, Instances]:
    """The ground truth of every recording that has some."""
    place = {name: index for index, name in enumerate(classes)}
    return {
        str(video): Instances(
            rows[["start", "end"]].to_numpy(dtype=np.float64),
            rows["label"].map(place).to_numpy(dtype=np.int64),
        )
        for video, rows in instances.groupby("video", sort=True)
    }
