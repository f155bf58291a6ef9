"""A video with instances, detections and maps."""

import numpy as np
import pandas as pd

from bsnpp.core.grid import ProposalGrid
from bsnpp.reporting.video_maps import VideoMaps, video_maps

INSTANCES = pd.DataFrame(
    {
        "video": ["a", "a", "b"],
        "start": [1.0, 5.0, 0.0],
        "end": [4.0, 9.0, 3.0],
        "label": ["run & jump", "sit", "sit"],
    }
)
DETECTIONS = pd.DataFrame(
    {
        "video": ["a"] * 4 + ["b"],
        "label": ["run & jump", "sit", "sit", "fly", "sit"],
        "score": [0.9, 0.8, 0.7, 0.6, 0.5],
        "start": [1.0, 5.5, 0.0, 5.0, 0.0],
        "end": [4.0, 9.0, 1.0, 9.0, 3.0],
    }
)
VIDEOS = pd.DataFrame({"video": ["a", "b", "c"], "duration": [10.0, 8.0, 12.0], "extent": [10.0, 8.0, 12.0]})


def maps_of(name: str, seed: int = 0) -> VideoMaps:
    """Return random maps of a video of 10 s."""
    grid = ProposalGrid(5)
    random = np.random.default_rng(seed)
    return video_maps(name, grid, random.random((2, 5)), random.random(len(grid)), 10.0)
