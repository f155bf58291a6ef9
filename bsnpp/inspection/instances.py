"""Find the instances that no proposal can express at a scale."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bsnpp.inspection.findings import Finding, if_any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Vanishing:
    """Instances of a subset at one scale.

    Attributes
    ----------
    subset : str
    scale : int
        Number of cells T.
    instances : int
        Instances of the videos at this scale.
    short : int
        Those that are shorter than a cell.
    lost : list of str
        Those whose tIoU with the best proposal of the grid is below `tiou`: video and segment [s].
    tiou : float
        Lowest tIoU at which detections are scored.
    """

    subset: str
    scale: int
    instances: int
    short: int
    lost: list[str]
    tiou: float


def are_inside(videos: "pd.DataFrame", instances: "pd.DataFrame") -> np.ndarray:
    """Return which instances lie in their video, at least in part: bool (n,).

    Parameters
    ----------
    videos : DataFrame[video, extent]
        Extents [s].
    instances : DataFrame[video, start, end]
        Times [s], of these videos.
    """
    extent_of = dict(zip(videos["video"], videos["extent"], strict=True))
    extents = np.array([extent_of[video] for video in instances["video"]], dtype=float)
    starts, ends = (instances[name].to_numpy(float) for name in ("start", "end"))
    inside: np.ndarray = (starts < extents) & (ends >= 0)
    return inside


def outside_instances(subset: str, videos: "pd.DataFrame", instances: "pd.DataFrame") -> list[Finding]:
    """Report the instances that lie wholly outside their video; arguments as for `are_inside`."""
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    outside = instances[~are_inside(videos, instances)]
    rows = outside[["video", "start", "end"]].itertuples(index=False)
    return if_any(
        "warning", f"annotations, {subset}", "instances outside their video: {n}",
        "correct the segments or the durations; training leaves these instances out, and the evaluation "
        "counts them as missed",
        (f"{video}: {start:g} to {end:g} s, its features end at {extents[video]:g} s"
         for video, start, end in rows),
    )  # fmt: skip


def best_tiou(segments: np.ndarray, scale: int, longest: int) -> np.ndarray:
    """Return the tIoU of each segment with the best proposal of the grid.

    Parameters
    ----------
    segments : np.ndarray
        float64 (n, 2): start and end as shares of the video, in [0, 1].
    scale : int
        Number of cells T; proposals begin and end at multiples of 1 / T.
    longest : int
        Greatest number of cells D of a proposal.

    Returns
    -------
    np.ndarray
        float64 (n,). The best edges are those next to the edges of the segment. If it is longer than D cells,
        the best proposal lies inside, as far as it can.
    """
    start, end = segments[:, 0] * scale, segments[:, 1] * scale
    best = np.zeros(len(segments))
    for first in (np.floor(start), np.ceil(start)):
        for last in (np.floor(end), np.ceil(end), first + longest):
            low = np.clip(first, 0, scale - 1)
            high = np.clip(np.clip(last, low + 1, low + longest), None, scale)
            overlap = np.clip(np.minimum(high, end) - np.maximum(low, start), 0, None)
            union = (high - low) + (end - start) - overlap
            best = np.maximum(best, overlap / np.where(union > 0, union, 1.0))
    return best


def vanishing(
    subset: str,
    videos: "pd.DataFrame",
    instances: "pd.DataFrame",
    grid: tuple[int, int],
    tiou: float,
) -> Vanishing:
    """Count the instances that are shorter than a cell, or that no proposal matches at `tiou`.

    Parameters
    ----------
    subset : str
    videos : DataFrame[video, extent]
        The videos at this scale [s].
    instances : DataFrame[video, start, end]
        Times [s]; those of other videos are ignored.
    grid : (int, int)
        Number of cells T, and greatest number of cells D of a proposal.
    tiou : float
        Lowest tIoU at which detections are scored.
    """
    scale, longest = grid
    own = instances[instances["video"].isin(videos["video"])]
    extents = own["video"].map(dict(zip(videos["video"], videos["extent"], strict=True))).to_numpy(float)
    seconds = own[["start", "end"]].to_numpy(float)
    shares = np.clip(seconds / extents[:, None], 0.0, 1.0) if len(own) else np.zeros((0, 2))
    lost = best_tiou(shares, scale, longest) < tiou
    return Vanishing(
        subset,
        scale,
        len(own),
        int(((shares[:, 1] - shares[:, 0]) * scale < 1).sum()),
        [
            f"{video}: {start:g} to {end:g} s of {extent:g} s"
            for video, (start, end), extent in zip(
                own["video"][lost], seconds[lost], extents[lost], strict=True
            )
        ],
        tiou,
    )
