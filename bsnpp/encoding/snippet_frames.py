"""Find the frame in the middle of snippets, to show it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bsnpp.encoding.clips import clip_frames
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import VideoReader


def snippet_frames(
    path: Path, settings: NetworkSettings, snippets: Sequence[int]
) -> tuple[list[np.ndarray], list[float]]:
    """Decode the middle frame of some snippets.

    Parameters
    ----------
    path : Path
        The video.
    settings : NetworkSettings
        Clips and size of the images.
    snippets : sequence of int
        Numbers of the snippets, rising.

    Returns
    -------
    images : list of np.ndarray
        RGB frame of each snippet, uint8 (H, W, 3).
    times : list of float
        Time of each frame [s].

    Raises
    ------
    UserError
        If the video cannot be read.
    """
    reader, resizer = VideoReader(path), Resizer(settings.images)
    rate = settings.clips.rate or float(reader.rate)
    middle = [int(clip_frames(snippet, settings.clips)[settings.clips.frames // 2]) for snippet in snippets]
    images: list[np.ndarray] = []
    times: list[float] = []
    image, time = None, 0.0
    for number, frame in enumerate(at_rate(reader.frames(), rate, reader)):
        image, time = frame.image, frame.time
        while len(images) < len(middle) and number >= middle[len(images)]:
            images.append(resizer(image))
            times.append(time)
    while image is not None and len(images) < len(middle):  # beyond the video its last frame is repeated
        images.append(resizer(image))
        times.append(time)
    return images, times
