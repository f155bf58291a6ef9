"""Annotated instances of a subset, as the labels need them."""

from typing import TYPE_CHECKING

import numpy as np

from bsnpp.core.commandline import log
from bsnpp.core.segments import Seconds, Shares, in_shares
from bsnpp.models.labels import VideoInstances

if TYPE_CHECKING:
    import pandas as pd


def instances_by_video(videos: "pd.DataFrame", instances: "pd.DataFrame") -> dict[str, VideoInstances]:
    """Convert the tables of a subset into the instances of each video, as shares of its extent.

    Parameters
    ----------
    videos : DataFrame[video, extent]
        Extents in seconds (conventions, section 3: the corrected duration). Windows also have `covered`, the
        seconds that their recording covers.
    instances : DataFrame[video, start, end]
        In seconds; clamped to the extent. Those that lie wholly outside the extent are left out, with a line
        in the log. Those of windows also have `start_visible` and `end_visible`, which
        are 0 where a window cuts an instance off.

    Returns
    -------
    dict of str to VideoInstances
        Videos without instances included.
    """
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    covered = videos["covered"] / videos["extent"] if "covered" in videos else np.ones(len(videos))
    edges = ["start_visible", "end_visible"]
    inside = instances if edges[0] in instances else _inside(instances, extents)
    marked = inside.assign(**{name: 1 for name in edges if name not in inside})
    rows = dict(iter(marked.groupby("video")))
    empty = marked[:0]
    result = {}
    for video, share in zip(videos["video"], covered, strict=True):
        own = rows.get(video, empty)
        seconds = Seconds(own[["start", "end"]].to_numpy(float))
        segments = Shares(np.clip(in_shares(seconds, extents[video]), 0.0, 1.0))
        result[str(video)] = VideoInstances(segments, own[edges].to_numpy(bool), float(share))
    return result


def _inside(instances: "pd.DataFrame", extents: dict[str, float]) -> "pd.DataFrame":
    """Leave out instances that lie wholly outside their video; clamped, they would label its edge."""
    extent = np.array([extents.get(video, np.inf) for video in instances["video"]])
    start, end = (instances[name].to_numpy(float) for name in ("start", "end"))
    outside = (start >= extent) | (end < 0)
    if outside.any():
        first = instances[outside].iloc[0]
        log.warning(
            "%d instances lie outside their videos and are left out, the first in %s at %g to %g s",
            int(outside.sum()),
            *first[["video", "start", "end"]],
        )
    return instances[~outside]
