"""Resize and crop frames."""

from collections.abc import Iterator
from typing import Literal

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from bsnpp.encoding.resize_settings import ResizeSettings

INTERPOLATIONS = {
    "bilinear": Interpolation.BILINEAR,
    "bicubic": Interpolation.BICUBIC,
    "area": Interpolation.AREA,
}


class Resizer:
    """Convert frames to RGB arrays of one size, upright.

    Parameters
    ----------
    settings : ResizeSettings
        Shorter side and interpolation.
    """

    def __init__(self, settings: ResizeSettings) -> None:
        self.settings = settings
        self._reformatter = VideoReformatter()

    def __call__(self, image: av.VideoFrame) -> np.ndarray:
        """Return a frame as RGB: uint8 (H, W, 3), its shorter side `short_side`."""
        width, height = resized(image.width, image.height, self.settings.short_side)
        interpolation = INTERPOLATIONS[self.settings.interpolation]
        converted = self._reformatter.reformat(image, width, height, "rgb24", interpolation=interpolation)
        return upright(converted.to_ndarray(), image.rotation)


def resized(width: int, height: int, short_side: int) -> tuple[int, int]:
    """Return width and height with the shorter side resized, the longer one rounded.

    Examples
    --------
    >>> resized(320, 240, 256)
    (341, 256)
    """
    if width < height:
        return short_side, round(height * short_side / width)
    return round(width * short_side / height), short_side


def upright(image: np.ndarray, rotation: int) -> np.ndarray:
    """Turn an image (H, W, C) as its file asks for; `rotation` is counter-clockwise [degree]."""
    return np.ascontiguousarray(np.rot90(image, round(rotation / 90) % 4))


def corners(
    height: int, width: int, size: int, crops: Literal["center", "three", "five"]
) -> Iterator[tuple[int, int]]:
    """Yield top and left of every square that is cut out of an image."""
    down, right = height - size, width - size
    middle = (down // 2, right // 2)
    if crops == "center":
        yield middle
    elif crops == "three":
        longer = [(down // 2, left) for left in (0, right // 2, right)]
        yield from longer if right >= down else [(top, right // 2) for top in (0, down // 2, down)]
    else:
        yield from [(0, 0), (0, right), (down, 0), (down, right), middle]


def cropped(images: np.ndarray, size: int, crops: Literal["center", "three", "five"]) -> np.ndarray:
    """Cut squares out of images.

    Parameters
    ----------
    images : np.ndarray
        uint8 (L, H, W, C).
    size : int
        Side of the squares [pixel].
    crops : {"center", "three", "five"}
        See `ImageSettings.crops`.

    Returns
    -------
    np.ndarray
        uint8 (crops, L, size, size, C).
    """
    height, width = images.shape[1:3]
    return np.stack(
        [images[:, top : top + size, left : left + size] for top, left in corners(height, width, size, crops)]
    )
