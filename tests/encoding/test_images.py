"""Resizing and cropping."""

import numpy as np
import pytest
from pydantic import ValidationError

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")

import av

from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.images import Resizer, corners, cropped, resized, upright


@pytest.mark.parametrize(
    ("size", "expected"), [((640, 360), (455, 256)), ((360, 640), (256, 455)), ((100, 100), (256, 256))]
)
def test_the_shorter_side_is_resized(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert resized(*size, 256) == expected
    frame = av.VideoFrame(*size, "yuv420p")
    assert Resizer(ImageSettings())(frame).shape == (expected[1], expected[0], 3)


def test_colours_are_kept() -> None:
    for colour in ((200, 30, 40), (20, 180, 60), (10, 40, 220)):
        image = np.full((64, 64, 3), colour, dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        back = Resizer(ImageSettings(short_side=32, size=32))(frame)
        assert np.abs(back.astype(int) - colour).max() <= 6


@pytest.mark.parametrize("rotation", [0, 90, 180, -90, -180, 270])
def test_turning_back_gives_the_image(rotation: int) -> None:
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    np.testing.assert_array_equal(upright(upright(image, rotation), -rotation), image)


def test_crops_lie_where_they_should() -> None:
    assert list(corners(8, 12, 4, "center")) == [(2, 4)]
    assert list(corners(8, 12, 4, "three")) == [(2, 0), (2, 4), (2, 8)]
    assert list(corners(12, 8, 4, "three")) == [(0, 2), (4, 2), (8, 2)]
    assert list(corners(8, 12, 4, "five")) == [(0, 0), (0, 8), (4, 0), (4, 8), (2, 4)]
    images = np.arange(2 * 8 * 12 * 3).reshape(2, 8, 12, 3)
    cut = cropped(images, 4, "five")
    assert cut.shape == (5, 2, 4, 4, 3)
    np.testing.assert_array_equal(cut[4], images[:, 2:6, 4:8])


def test_a_crop_larger_than_the_image_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"size \(300\) must not be above short_side \(256\)"):
        ImageSettings(size=300)
