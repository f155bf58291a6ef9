"""Optical flow."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

pytest.importorskip("cv2", reason="OpenCV is not installed (extra videos)")

from bsnpp.encoding.flow import flow_method, flows, from_bytes, to_bytes
from bsnpp.encoding.flow_settings import FlowSettings

SHIFT = (1.5, -3.0)
"""Displacement of the test images down and to the right [pixel]."""


def images(count: int = 2, size: tuple[int, int] = (96, 128)) -> list[np.ndarray]:
    """Return a smooth random texture that moves by `SHIFT` from each image to the next."""
    texture = gaussian_filter(np.random.default_rng(0).normal(size=size), 2.5, mode="wrap")
    texture = 128 + 40 * texture / texture.std()
    moved = [shift(texture, np.multiply(SHIFT, place), mode="grid-wrap") for place in range(count)]
    return [np.repeat(np.clip(each, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2) for each in moved]


@pytest.mark.parametrize("method", ["dis", "tvl1", "farneback"])
def test_a_moving_texture_has_its_displacement(method: str) -> None:
    first, second = (image[:, :, 0] for image in images())
    flow = flow_method(FlowSettings(method=method))(first, second)
    assert flow.shape == (96, 128, 2) and flow.dtype == np.float32
    inner = np.median(flow[16:-16, 16:-16].reshape(-1, 2), axis=0)
    np.testing.assert_allclose(inner, (SHIFT[1], SHIFT[0]), atol=0.3)


def test_eight_bits_keep_a_flow_to_half_a_step() -> None:
    flow = np.random.default_rng(1).uniform(-20, 20, size=(7, 9, 2)).astype(np.float32)
    values = to_bytes(flow, 20.0)
    assert values.dtype == np.uint8
    assert np.abs(from_bytes(values, 20.0) - flow).max() <= 20 / 254 + 1e-5


def test_zero_is_kept_exactly_and_large_flows_are_cut() -> None:
    flow = np.array([[[0.0, -100.0], [100.0, 20.0]]])
    assert to_bytes(flow, 20.0).tolist() == [[[128, 1], [255, 255]]]
    assert from_bytes(to_bytes(flow, 20.0), 20.0).tolist() == [[[0.0, -20.0], [20.0, 20.0]]]


def test_there_are_as_many_flows_as_images() -> None:
    result = list(flows(images(4), FlowSettings()))
    assert len(result) == 4
    np.testing.assert_array_equal(result[3], result[2])
    assert [len(list(flows(images(count), FlowSettings()))) for count in (0, 1)] == [0, 1]
    assert (next(flows(images(1), FlowSettings())) == 128).all()


def test_the_opposite_motion_has_the_opposite_flow() -> None:
    forward, backward = (next(flows(each, FlowSettings())) for each in (images(), images()[::-1]))
    inner = (slice(16, -16), slice(16, -16))
    total = from_bytes(forward, 20.0)[inner] + from_bytes(backward, 20.0)[inner]
    assert np.abs(np.median(total, axis=(0, 1))).max() < 0.3
