"""Decode several videos at a time, each in a process of its own.

The clips of as many videos as there are processes come in turn, one of each, so their order depends on the
number of processes alone. A process waits when it is a few clips ahead: memory depends neither on the length
of the videos nor on their number.
"""

import os
import queue
import signal
import traceback
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread

from bsnpp.core.errors import UserError
from bsnpp.encoding.events import Clip, End, Source
from bsnpp.encoding.files import Video

AHEAD = 2
"""Videos that a process has been given: the one it decodes and the next one."""


class Decoder:
    """A process that decodes the videos that it is given, one after the other.

    Parameters
    ----------
    source : Source
        Cuts videos into clips.
    waiting : int
        Clips that it decodes ahead.
    """

    def __init__(self, source: Source, waiting: int) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, source, waiting), daemon=True)
        self._process.start()
        theirs.close()  # so that the end of the process closes the connection
        self.videos = 0

    def give(self, video: Video) -> None:
        """Add a video to those that it decodes."""
        self._connection.send(video)
        self.videos += 1

    def receive(self) -> Clip | End:
        """Return the next clip or end of a video.

        Raises
        ------
        UserError
            If the process was killed.
        RuntimeError
            If it failed.
        """
        try:
            event = self._connection.recv()
        except (EOFError, ConnectionError) as error:
            self._process.join()
            raise UserError(
                f"a process that decodes videos ended with code {self._process.exitcode}; if memory is "
                "short, lower the key `encoding.processes`; then run again"
            ) from error
        if isinstance(event, str):
            raise RuntimeError(f"a process that decodes videos failed:\n{event}")
        self.videos -= isinstance(event, End)
        return event

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.terminate()
        self._process.join()


def events_of(source: Source, videos: Iterable[Video], processes: int, waiting: int) -> Iterator[Clip | End]:
    """Yield the clips and the end of each video.

    Parameters
    ----------
    source : Source
        Cuts videos into clips.
    videos : iterable of (str, Path)
        Id and file of each video.
    processes : int
        Number of processes; 0 decodes one video after the other in this one.
    waiting : int
        Clips that are decoded ahead, in all processes together.

    Raises
    ------
    UserError
        If a process was killed.
    """
    remaining = iter(videos)
    if processes < 1:
        for video, path in remaining:
            yield from source.events(video, path)
        return
    decoders: list[Decoder] = []
    try:
        for first in _first(remaining, processes):
            decoders.append(Decoder(source, max(waiting // processes, 1)))
            decoders[-1].give(first)
        for decoder, following in zip(decoders * (AHEAD - 1), remaining, strict=False):
            decoder.give(following)
        while any(decoder.videos for decoder in decoders):
            for decoder in decoders:
                if decoder.videos == 0:
                    continue
                event = decoder.receive()
                if isinstance(event, End):
                    for following in _first(remaining, 1):
                        decoder.give(following)
                yield event
    finally:
        for decoder in decoders:
            decoder.close()


def _first(videos: Iterator[Video], count: int) -> Iterator[Video]:
    """Yield so many of the videos, and take no more of them."""
    for _ in range(count):
        video = next(videos, None)
        if video is None:
            return
        yield video


def _serve(connection: Connection, source: Source, waiting: int) -> None:
    """Decode the videos that come through a connection, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    ready: queue.Queue[Clip | End | str] = queue.Queue(waiting)
    Thread(target=_send, args=(connection, ready), daemon=True).start()
    try:
        while (video := _received(connection)) is not None:
            for event in source.events(*video):
                ready.put(event)
    except Exception:
        ready.put(traceback.format_exc())
        ready.join()


def _received(connection: Connection) -> Video | None:
    """Receive a video; None if the other side has ended."""
    try:
        return connection.recv()
    except (EOFError, OSError):
        return None


def _send(connection: Connection, ready: "queue.Queue[Clip | End | str]") -> None:
    """Send what is ready; without a receiver, end the process."""
    while True:
        event = ready.get()
        try:
            connection.send(event)
        except OSError:
            os._exit(1)
        ready.task_done()
