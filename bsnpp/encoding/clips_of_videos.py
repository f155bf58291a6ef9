"""Cut videos, or their optical flow, into the clips of their snippets."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.encoding.clips import clips
from bsnpp.encoding.events import Clip, Decoding, End, decoding_of
from bsnpp.encoding.images import Resizer, cropped
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import VideoReader
from bsnpp.stores.flow import read_flow, read_flow_numbers

ClipStream = Generator[np.ndarray, None, Decoding]
"""Clips of a video, uint8 (L, H, W, C) each, and what was decoded of it."""


@dataclass(frozen=True)
class ClipSource:
    """Cuts videos into clips.

    Attributes
    ----------
    settings : NetworkSettings
        Clips, images and flow.
    stored : bool
        Whether files hold optical flow in place of videos.
    threads : int
        Threads of the decoder; 0 leaves their number to FFmpeg.
    """

    settings: NetworkSettings
    stored: bool = False
    threads: int = 0

    def events(self, video: str, path: Path) -> Iterator[Clip | End]:
        """Yield the clips of a video, crop after crop, and its end."""
        count = 0
        try:
            images = self.settings.images
            decoded = self._stored(path) if self.stored else self._decoded(path)
            while True:
                try:
                    clip = next(decoded)
                except StopIteration as stop:
                    decoding = stop.value
                    break
                for crop in cropped(clip, images.size, images.crops):
                    yield Clip(video, crop)
                    count += 1
            yield End(video, path, count, decoding, None)
        except UserError as error:
            yield End(video, path, count, None, str(error))

    def _stored(self, path: Path) -> ClipStream:
        """Yield the clips of stored optical flow."""
        numbers = read_flow_numbers(path)
        yield from clips(read_flow(path), lambda flow: flow, self.settings.clips)
        return Decoding.of(numbers)

    def _decoded(self, path: Path) -> ClipStream:
        """Yield the clips of a video."""
        reader, resizer = VideoReader(path, self.threads), Resizer(self.settings.images)
        rate = self.settings.clips.rate or float(reader.rate)
        frames = at_rate(reader.frames(), rate, reader)
        if self.settings.flow is None:
            yield from clips(frames, lambda frame: resizer(frame.image), self.settings.clips)
        else:
            from bsnpp.encoding.flow import flows  # OpenCV is slow to import, and only flow needs it

            moving = flows((resizer(frame.image) for frame in frames), self.settings.flow)
            yield from clips(moving, lambda flow: flow, self.settings.clips)
        return decoding_of(reader, rate)
