"""Decode the frames of a video file by their time stamps, with PyAV (whose wheels contain FFmpeg).

Time 0 is where players start: the start time of the container. A stream may begin later, and frames may be
unevenly spaced; the times of frames show it. Frames of interlaced videos are deinterlaced. Damaged packets
are skipped and counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import av.filter
import av.video.stream

from bsnpp.core.errors import UserError

MICROSECONDS = 1_000_000
"""Units of a container's times per second."""
USUAL_RATE = Fraction(25)
"""Frames per second of a stream that does not state them."""


@dataclass(frozen=True)
class Frame:
    """A decoded frame and the time at which it is first shown [s]."""

    time: float
    image: av.VideoFrame


@dataclass
class Decoded:
    """What was decoded so far.

    Attributes
    ----------
    frames : int
        Number of frames.
    end : float
        End of the last frame [s].
    damaged : int
        Packets that could not be decoded.
    """

    frames: int = 0
    end: float = 0.0
    damaged: int = 0


class VideoReader:
    """Read the frames of one video file.

    Parameters
    ----------
    path : str or Path
        A file in any container that FFmpeg reads.
    threads : int
        Threads of the decoder; 0 leaves their number to FFmpeg.

    Attributes
    ----------
    rate : Fraction
        Average frames per second that the file claims.
    claimed : float or None
        Duration of the video stream that the file claims [s]; None if it claims none.
    decoded : Decoded
        What the last call of `frames` decoded.

    Raises
    ------
    UserError
        If the file is missing, not a video, or has no video stream.
    """

    def __init__(self, path: str | Path, threads: int = 0) -> None:
        self.path = Path(path)
        self.threads = threads
        self.decoded = Decoded()
        with self._open() as (container, stream):
            self.rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
            self.claimed = _claimed(container, stream, self.rate)

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """Decode frames in the order of their times.

        Parameters
        ----------
        start : float
            Time from which frames are wanted [s]. The first frame returned is the one shown at that time; the
            file is read from the last key frame before it.

        Yields
        ------
        Frame
            Times rise strictly.
        """
        for early in (False, True) if start > 0 else (True,):
            frames = self._decode(0.0 if early else start)
            first = next(frames, None)
            # Some containers seek beyond the wanted time or not at all; these are read from their beginning.
            if early or (first is not None and first.time <= start):
                break
        if first is None:
            return
        shown = first
        for frame in frames:
            if frame.time > start:
                yield shown
            shown = frame
        yield shown

    def _decode(self, start: float) -> Iterator[Frame]:
        """Decode from the key frame at or before a time; of 0, from the beginning of the file."""
        self.decoded = Decoded()
        with self._open() as (container, stream):
            zero = (container.start_time or 0) / MICROSECONDS
            if start > 0 and not _sought(container, start + zero):
                return
            period, last = float(1 / self.rate), -float("inf")
            for image in self._images(container, stream):
                time = last + period if image.time is None else image.time - zero
                time = max(time, 0.0) if last < 0 else time
                if time <= last:  # a repeated or misplaced time stamp
                    continue
                last = time
                self.decoded.frames += 1
                self.decoded.end = time + _length(image, period)
                yield Frame(time, image)

    def _images(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream
    ) -> Iterator[av.VideoFrame]:
        """Decode packet by packet, past damaged ones, and deinterlace if the first frame is interlaced."""
        filters: av.filter.Graph | None = None
        first = True
        for image in self._packets(container, stream):
            if first and image.interlaced_frame:
                filters = _deinterlacer(stream)
            first = False
            if filters is None:
                yield image
            else:
                filters.push(image)
                yield from _pulled(filters)
        if filters is not None:
            filters.push(None)
            yield from _pulled(filters)

    def _packets(
        self, container: av.container.InputContainer, stream: av.video.stream.VideoStream
    ) -> Iterator[av.VideoFrame]:
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:  # the rest of the file cannot be read
                self.decoded.damaged += 1
                return
            if packet is None:
                return
            try:
                images = packet.decode()
            except av.error.FFmpegError:
                self.decoded.damaged += packet.size > 0
                continue
            yield from images

    @contextmanager
    def _open(self) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
        """Open the file and its best video stream."""
        try:
            container = av.open(str(self.path))
        except FileNotFoundError as error:
            raise UserError(f"{self.path}: no such video") from error
        except (av.error.FFmpegError, OSError) as error:
            raise UserError(f"{self.path}: not a readable video ({error.strerror})") from error
        with container:
            stream = next(iter(container.streams.video), None)
            if stream is None:
                raise UserError(f"{self.path}: holds no video stream")
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = self.threads
            yield container, stream

    @property
    def coverage(self) -> float:
        """Share of the claimed video that the last call of `frames` decoded, in [0, 1].

        It is the decoded share of the claimed duration, or that of the packets if it is lower.
        """
        decoded = self.decoded
        packets = decoded.frames / max(decoded.frames + decoded.damaged, 1)
        seconds = 1.0 if self.claimed is None else min(decoded.end / self.claimed, 1.0)
        return min(packets, seconds)


def _claimed(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream, rate: Fraction
) -> float | None:
    """Return the duration that a file claims for its video [s]; None if it claims none."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if stream.frames:
        return float(stream.frames / rate)
    return container.duration / MICROSECONDS if container.duration else None


def _sought(container: av.container.InputContainer, time: float) -> bool:
    """Go to the last key frame at or before a time [s]; return whether the container supports it."""
    try:
        container.seek(int(time * MICROSECONDS), backward=True)
    except av.error.FFmpegError:
        return False
    return True


def _length(image: av.VideoFrame, period: float) -> float:
    """Return how long a frame is shown [s]."""
    if image.duration and image.time_base:
        return float(image.duration * image.time_base)
    return period


def _deinterlacer(stream: av.video.stream.VideoStream) -> av.filter.Graph:
    """Return a filter that makes one frame of each interlaced frame."""
    graph = av.filter.Graph()
    source = graph.add_buffer(template=stream, time_base=stream.time_base)
    graph.link_nodes(source, graph.add("bwdif", "mode=send_frame:deint=interlaced"), graph.add("buffersink"))
    graph.configure()
    return graph


def _pulled(graph: av.filter.Graph) -> Iterator[av.VideoFrame]:
    """Yield the frames that a filter has finished."""
    while True:
        try:
            yield graph.pull()
        except (BlockingIOError, av.error.EOFError):
            return
