"""Cut recordings of any length into sliding windows of equal length (conventions 3; paper, section 4.1).

Training, inference and map fusion treat a window as a video. `bsnpp.detection.merge` merges the proposals of
the windows of a recording.
"""

import numpy as np
from pydantic import Field

from bsnpp.core.segments import Seconds
from bsnpp.windows.cells import TOLERANCE, CellSettings


class CuttingSettings(CellSettings):
    """How recordings are cut into windows, and which instances a window keeps."""

    overlap: float = Field(
        0.75,
        ge=0,
        lt=1,
        description="Share of a window that overlaps with the next one. Every instance that is no longer "
        "than this share lies whole in some window",
    )
    keep_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Smallest share of an instance inside a window for which the window keeps the instance, "
        "clipped to the window",
    )

    @property
    def step(self) -> float:
        """Time from the start of a window to the start of the next [s]."""
        return (1 - self.overlap) * self.length


def windows(extent: float, settings: CuttingSettings) -> np.ndarray:
    """Place the windows of a recording.

    The windows are one step apart, except that the last one ends with the recording. A recording that is no
    longer than a window has one window, which starts at 0.

    Parameters
    ----------
    extent : float
        Length of the recording [s].
    settings : CuttingSettings

    Returns
    -------
    np.ndarray
        Starts of the windows [s], float64 (W,), ascending; W is at least 1.
    """
    room = extent - settings.length
    if room <= TOLERANCE:
        return np.zeros(1)
    count = int(np.ceil((room - TOLERANCE) / settings.step)) + 1
    return np.minimum(np.arange(count) * settings.step, room)


def cut_segments(
    segments: Seconds, starts: np.ndarray, settings: CuttingSettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Clip the segments of a recording to its windows.

    A window keeps a segment if at least `keep_share` of the segment lies inside the window.

    Parameters
    ----------
    segments : Seconds
        Start and end of each segment [s], (M, 2), inside the recording.
    starts : np.ndarray
        Starts of the windows [s], (W,).
    settings : CuttingSettings

    Returns
    -------
    window, segment : np.ndarray
        Indices of each window and segment kept, int64 (n,), ordered by window, then by segment.
    inside : np.ndarray
        The clipped segments, relative to the start of their window [s], float64 (n, 2).
    visible : np.ndarray
        Whether the start and the end of the segment lie inside the window, bool (n, 2).
    """
    inside = segments[None] - starts[:, None, None]  # (W, M, 2)
    clipped = np.clip(inside, 0.0, settings.length)
    overlap = np.minimum(inside[..., 1], settings.length) - np.maximum(inside[..., 0], 0.0)  # (W, M)
    wanted = settings.keep_share * (segments[:, 1] - segments[:, 0])
    # A segment of zero length is kept where it lies inside: there its overlap is 0, elsewhere it is negative.
    window, segment = np.nonzero(overlap >= wanted - TOLERANCE)
    visible = np.abs(inside - clipped) <= TOLERANCE
    return window, segment, clipped[window, segment], visible[window, segment]
