"""Sample the frames of a video at a constant rate, whatever the spacing of its own frames."""

from collections.abc import Iterable, Iterator

from bsnpp.encoding.video import Frame, VideoReader


def at_rate(frames: Iterable[Frame], rate: float, reader: VideoReader) -> Iterator[Frame]:
    """Yield the frame shown at (k + 1/2) / rate for k = 0, 1, ... to the end of the video.

    At the rate of a video with evenly spaced frames these are its frames, each once. Before the first frame
    the first one is shown.

    Parameters
    ----------
    frames : iterable of Frame
        Frames from the beginning of the video, in the order of their times.
    rate : float
        Frames per second.
    reader : VideoReader
        Whose frames they are; it knows the end of the last one.

    Yields
    ------
    Frame
        Times are those of the samples [s]; the same image may be yielded several times.
    """
    number, shown = 0, None
    for frame in frames:
        if shown is not None:
            while (number + 0.5) / rate < frame.time:
                yield Frame((number + 0.5) / rate, shown.image)
                number += 1
        shown = frame
    while shown is not None and (number + 0.5) / rate < reader.decoded.end:
        yield Frame((number + 0.5) / rate, shown.image)
        number += 1
