"""Annotated instances of a subset, as the labels need them."""

from typing import TYPE_CHECKING

import numpy as np

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
        In seconds; clamped to the extent. Those of windows also have `start_visible` and `end_visible`, which
        are 0 where a window cuts an instance off.

    Returns
    -------
    dict of str to VideoInstances
        Videos without instances included.
    """
    extents = dict(zip(videos["video"], videos["extent"], strict=True))
    covered = videos["covered"] / videos["extent"] if "covered" in videos else np.ones(len(videos))
    edges = ["start_visible", "end_visible"]
    marked = instances.assign(**{name: 1 for name in edges if name not in instances})
    rows = dict(iter(marked.groupby("video")))
    empty = marked[:0]
    result = {}
    for video, share in zip(videos["video"], covered, strict=True):
        own = rows.get(video, empty)
        seconds = Seconds(own[["start", "end"]].to_numpy(float))
        segments = Shares(np.clip(in_shares(seconds, extents[video]), 0.0, 1.0))
        result[str(video)] = VideoInstances(segments, own[edges].to_numpy(bool), float(share))
    return result
