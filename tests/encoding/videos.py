"""Small videos whose frames say their own number, written with PyAV."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT = 64, 48
BITS = 10


def numbered(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Return a grey image, uint8 (height, width, 3), whose left column of blocks spells a number in bits.

    The top right quarter is bright, so that rotations show.
    """
    image = np.full((height, width, 3), 64, dtype=np.uint8)
    image[: height // 2, width // 2 :] = 192
    for bit, rows in enumerate(np.array_split(np.arange(height), BITS)):
        image[rows, : width // 4] = 255 if number >> bit & 1 else 0
    return image


def number_of(image: np.ndarray) -> int:
    """Read the number of an image back, whatever its size."""
    height, width = image.shape[:2]
    blocks = np.array_split(np.arange(height), BITS)
    left = image[:, : max(width // 8, 1)].astype(float).mean(axis=(1, 2))
    return sum(1 << bit for bit, rows in enumerate(blocks) if np.median(left[rows]) > 127)


def write_video(
    path: Path,
    numbers: Sequence[int],
    rate: int = 10,
    times: Sequence[float] | None = None,
    codec: str = "mpeg4",
    rotation: int = 0,
    interlaced: bool = False,
    gop: int = 12,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    muxer: dict[str, str] | None = None,
) -> Path:
    """Write a video of numbered frames.

    Parameters
    ----------
    path : Path
        The file; its suffix chooses the container.
    numbers : sequence of int
        Number of each frame.
    rate : int
        Frames per second.
    times : sequence of float, optional
        Time of each frame [s]; by default they are evenly spaced.
    codec : str
        Codec of FFmpeg.
    rotation : int
        Rotation that the file asks for [degree].
    interlaced : bool
        Whether the frames are marked as interlaced.
    gop : int
        Frames from one key frame to the next.
    size : tuple of int
        Width and height.
    muxer : dict of str to str, optional
        Options of the container.
    """
    with av.open(str(path), "w", options=muxer or {}) as container:
        options = {"flags": "+ildct+ilme"} if interlaced else {}
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = gop
        stream.codec_context.bit_rate = 4_000_000
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if rotation:
            stream.set_display_rotation(rotation)
        for place, number in enumerate(numbers):
            image = numbered(number, *size)
            if interlaced:  # the other field shows the next number
                image[1::2] = numbered(number + 1, *size)[1::2]
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            if times is None:
                frame.pts, frame.time_base = place, Fraction(1, rate)
            else:
                frame.pts, frame.time_base = round(times[place] * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
