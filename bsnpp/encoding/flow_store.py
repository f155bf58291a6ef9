"""Compute the optical flow of videos once, for all networks that read it: a file for each video."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import content_digest
from bsnpp.encoding.decoders import events_of
from bsnpp.encoding.events import Clip, End, decoding_of
from bsnpp.encoding.files import Progress, Video
from bsnpp.encoding.flow import flows
from bsnpp.encoding.flow_source_settings import FlowSource
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import VideoReader
from bsnpp.stores.flow import holds_flow, write_flow


@dataclass(frozen=True)
class FlowFolder:
    """A folder with the optical flow of videos, one file `<id>.zip` for each.

    Attributes
    ----------
    folder : Path
        The folder.
    settings : FlowSource
        Algorithm, size and rate.
    code : str
        Digest of the code.
    """

    folder: Path
    settings: FlowSource
    code: str

    def path_of(self, video: str) -> Path:
        """Return the file of a video."""
        return self.folder / f"{video}.zip"

    def holds(self, video: str, source: Path) -> bool:
        """Return whether the flow of a video is there, whole, and of these settings and this code."""
        path = self.path_of(video)
        return path.exists() and holds_flow(path, self._digest(source))

    def events(self, video: str, path: Path) -> Iterator[Clip | End]:
        """Compute and write the flow of a video."""
        cv2.setNumThreads(1)
        try:
            reader = VideoReader(path, threads=1)
            rate = self.settings.rate or float(reader.rate)
            resizer = Resizer(self.settings.resize)
            images = (resizer(frame.image) for frame in at_rate(reader.frames(), rate, reader))
            moving = flows(images, self.settings.flow)
            write_flow(
                self.path_of(video),
                moving,
                self._digest(path),
                lambda: decoding_of(reader, rate).attributes,
            )
        except UserError as error:
            yield End(video, path, 0, None, str(error))
        else:
            yield End(video, path, 0, decoding_of(reader, rate), None)

    def _digest(self, source: Path) -> str:
        """Return a digest of all that the flow of a video depends on."""
        content = f"{self.code}\0{self.settings.model_dump_json()}\0{content_digest(source)}"
        return hashlib.sha256(content.encode()).hexdigest()


def compute_flows(
    videos: Sequence[Video],
    folder: FlowFolder,
    processes: int,
    progress: Progress = lambda videos, total: videos,
) -> int:
    """Compute the flow of each video that has none in the folder.

    Parameters
    ----------
    videos : sequence of (str, Path)
        Id and file of each video.
    folder : FlowFolder
        Where flow is kept, and how it is computed.
    processes : int
        Processes, each with a video of its own; 0 computes in this one. Results do not depend on it.
    progress : callable
        Wraps the loop over the videos that are computed.

    Returns
    -------
    int
        Videos whose flow was computed now.

    Raises
    ------
    UserError
        With all videos that cannot be read or written, after the others are computed.
    """
    todo = [(video, path) for video, path in videos if not folder.holds(video, path)]
    faults = Faults("videos whose optical flow cannot be computed")
    for event in events_of(folder, progress(todo, len(todo)), min(processes, len(todo)), 1):
        if isinstance(event, End) and event.fault:
            faults.add(f"{event.video}: {event.fault}")
    faults.raise_if_any()
    return len(todo)
