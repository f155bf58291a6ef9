"""Features of recordings, read from the user's files."""

from collections.abc import Sequence
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
    """Read the features of recordings, with the streams joined along the channels.

    Parameters
    ----------
    streams : sequence of StreamSource
        Streams of all encoders.
    videos : DataFrame[video, extent]
        Recordings and their extents [s].
    snippets : SnippetSettings
        Time axis of the snippets.

    Returns
    -------
    dict of str to np.ndarray
        Features of each recording, float32 (t, C).
    """
    readers = [open_source(stream) for stream in streams]
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    recordings = import_recordings(
        readers, extents, snippets, lambda items: progress(items, len(extents), "recordings")
    )
    return dict(recordings)
