"""Features of recordings, read from the user's files."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.commandline import progress
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.windows.recordings import import_recordings
from bsnpp.windows.snippet_settings import SnippetSettings

if TYPE_CHECKING:
    import pandas as pd


def read_sequences(
    streams: Sequence[StreamSource], videos: "pd.DataFrame", snippets: SnippetSettings
) -> dict[str, np.ndarray]:
    """Read the features of recordings by one encoder, with the streams joined along the channels.

    Parameters
    ----------
    streams : sequence of StreamSource
        Streams of the encoder.
    videos : DataFrame[video, extent]
        Recordings and their extents [s].
    snippets : SnippetSettings
        Time axis of the snippets.

    Returns
    -------
    dict of str to np.ndarray
        Features of each recording, float32 (t, C).
    """
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    readers = [open_source(stream) for stream in streams]
    recordings = import_recordings(
        readers, extents, snippets, lambda items: progress(items, len(extents), "recordings")
    )
    return dict(recordings)


def read_encoders(
    encoders: Mapping[str, Sequence[StreamSource]], videos: "pd.DataFrame", snippets: SnippetSettings
) -> dict[str, np.ndarray]:
    """Read the features of recordings by several encoders, joined along the channels.

    With mixed rates the encoders may differ in rate, too: each is brought to the common one before. Otherwise
    their sequences are cut to the shortest.

    Parameters
    ----------
    encoders : mapping of str to sequence of StreamSource
        Streams of each encoder, in the order in which they are joined.
    videos, snippets
        As for `read_sequences`.

    Returns
    -------
    dict of str to np.ndarray
        Features of each recording, float32 (t, sum of C).
    """
    if not snippets.mixed_rates:
        return read_sequences(
            [stream for streams in encoders.values() for stream in streams], videos, snippets
        )
    parts = [read_sequences(streams, videos, snippets) for streams in encoders.values()]
    return {video: np.concatenate([part[video] for part in parts], axis=1) for video in parts[0]}
