"""Draw the features of encoded videos beside their frames."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.snippet_frames import snippet_frames
from bsnpp.reporting.snippet_features import snippet_features_figure
from bsnpp.reporting.style import save
from bsnpp.stores.encoded import read_encoded

ROWS = 24
"""Snippets that a figure shows, evenly spaced."""


def draw_videos(
    folder: str | Path, features: str | Path, videos: Sequence[tuple[str, Path]], settings: NetworkSettings
) -> None:
    """Draw a PNG file for each video.

    Parameters
    ----------
    folder : str or Path
        Folder of the files to write, `<id>.png`.
    features : str or Path
        HDF5 file of the features.
    videos : sequence of (str, Path)
        Id and file of each video.
    settings : NetworkSettings
        Clips and size of the images.

    Raises
    ------
    UserError
        If a file cannot be read or written.
    """
    for video, path in videos:
        values = read_encoded(features, video)
        snippets = np.unique(np.linspace(0, len(values) - 1, min(ROWS, len(values))).round().astype(int))
        images, times = snippet_frames(path, settings, snippets.tolist())
        figure = snippet_features_figure(f"{video}: features of snippets", images, times, values[snippets])
        save(figure, Path(folder) / f"{video.replace('/', '_')}.png")
