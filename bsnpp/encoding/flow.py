"""Optical flow between sampled frames, bounded and kept as 8 bits (as two-stream networks read it).

OpenCV computes it: DIS (Kroeger et al., ECCV 2016), TV-L1 (Zach et al., DAGM 2007), or Farneback (SCIA 2003).
Published weights of TSN were trained on TV-L1, which takes about 150 times as long as DIS.
"""

from collections.abc import Callable, Iterable, Iterator

import cv2
import numpy as np

from bsnpp.encoding.flow_source_settings import FlowMethodSettings

ZERO = 128
"""Byte of a flow of 0."""
STEPS = 127
"""Steps of 8 bits on either side of 0."""

Flow = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Displacement [pixel] of every pixel of the first image, float32 (H, W, 2), from two grey images."""


def flow_method(settings: FlowMethodSettings) -> Flow:
    """Return the function that computes the flow between two grey images, uint8 (H, W)."""
    if settings.method == "dis":
        dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        return lambda first, second: dis.calc(first, second, None)
    if settings.method == "tvl1":
        tvl1 = cv2.optflow.DualTVL1OpticalFlow_create()
        return lambda first, second: tvl1.calc(first, second, None)
    return lambda first, second: cv2.calcOpticalFlowFarneback(
        first,
        second,
        None,
        pyr_scale=0.5,
        levels=3,
        winsize=15,
        iterations=3,
        poly_n=5,
        poly_sigma=1.2,
        flags=0,
    )


def to_bytes(flow: np.ndarray, bound: float) -> np.ndarray:
    """Bound a flow and keep it as 8 bits.

    Parameters
    ----------
    flow : np.ndarray
        Displacements [pixel], float (..., 2).
    bound : float
        Displacement that becomes 255; its negative becomes 1, and 0 becomes 128.

    Returns
    -------
    np.ndarray
        uint8, the same shape.
    """
    values = flow / bound
    np.clip(values, -1, 1, out=values)
    values *= STEPS
    np.rint(values, out=values)
    values += ZERO
    return values.astype(np.uint8)


def from_bytes(values: np.ndarray, bound: float) -> np.ndarray:
    """Return the displacements [pixel] of 8-bit values, float32; off by at most bound / 254."""
    return ((values.astype(np.float32) - ZERO) / STEPS * np.float32(bound)).astype(np.float32)


def flows(images: Iterable[np.ndarray], settings: FlowMethodSettings) -> Iterator[np.ndarray]:
    """Yield the flow from every image to the next; the last image repeats the flow before it.

    Parameters
    ----------
    images : iterable of np.ndarray
        RGB images of one size, uint8 (H, W, 3).
    settings : FlowMethodSettings
        Algorithm and bound.

    Yields
    ------
    np.ndarray
        uint8 (H, W, 2), as many as there are images. A single image does not move.
    """
    method, previous, last = flow_method(settings), None, None
    for image in images:
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        if previous is not None:
            last = to_bytes(method(previous, grey), settings.bound)
            yield last
        previous = grey
    if previous is not None:
        yield np.full((*previous.shape, 2), ZERO, dtype=np.uint8) if last is None else last
