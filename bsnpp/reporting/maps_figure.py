"""Figure of the maps of every member of a blend and of their fusion, for one video or window."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.video_figure import draw_confidence, draw_curves
from bsnpp.reporting.video_maps import VideoMaps

ACROSS = 3
"""Maps side by side."""


def most_annotated(videos: Sequence[str], instances: pd.DataFrame) -> str:
    """Return the video with the most instances; the first one of several.

    Parameters
    ----------
    videos : sequence of str
        Ids of one or more videos, or windows.
    instances : DataFrame[video]
        Their instances.
    """
    counts = instances["video"].value_counts()
    return max(videos, key=lambda video: int(counts.get(video, 0)))


def blend_figure(
    title: str,
    duration: float,
    instances: pd.DataFrame,
    maps: Sequence[VideoMaps],
    weights: Mapping[str, float],
) -> Figure:
    """Draw boundary probabilities and confidences of each map, with the same colours for the same values.

    Parameters
    ----------
    title : str
        Text above everything.
    duration : float
        Duration of the video or window [s].
    instances : DataFrame[start, end]
        Its instances [s].
    maps : sequence of VideoMaps
        The maps of every member and of their fusion.
    weights : mapping of str to float
        Weight of each member by its name.
    """
    across = 2 if len(maps) == 4 else min(ACROSS, len(maps))
    down = -(-len(maps) // across)
    figure = Figure(figsize=(1.0 + 2.8 * across, 0.6 + 2.4 * down), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    panels = figure.subplots(2 * down, across, squeeze=False, sharex=True, height_ratios=[0.6, 1.0] * down)
    peak = max(one.peak for one in maps)
    for index, one in enumerate(maps):
        row, column = divmod(index, across)
        curves, image = panels[2 * row : 2 * row + 2, column]
        draw_curves(curves, one, legend=index == 0)
        draw_confidence(image, one, instances, duration, peak)
        weight = f", weight {weights[one.name]:.2f}" if one.name in weights else ""
        curves.set_title(f"{one.name}{weight}", loc="left", fontsize=9)
        image.set_xlim(0.0, duration)
        image.set_xlabel("time (s)", fontsize=9)
        image.tick_params(labelbottom=True)
        curves.tick_params(labelbottom=False)
        if column:
            for axes in (curves, image):
                axes.set_ylabel("")
    for axes in np.ravel(panels.reshape(down, 2, across).swapaxes(1, 2))[2 * len(maps) :]:
        axes.set_visible(False)
    return figure
