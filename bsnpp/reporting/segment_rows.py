"""Draw segments in time: a row per class, overlapping segments in lanes."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from bsnpp.reporting.style import GREY, HUES, lighten


def class_colours(labels: Sequence[str]) -> dict[str, str]:
    """Return a colour for every class; they repeat after seven classes."""
    return {label: HUES[index % len(HUES)] for index, label in enumerate(labels)}


def segment_rows(
    axes: Axes, title: str, bars: pd.DataFrame, labels: Sequence[str], colours: Mapping[str, str]
) -> None:
    """Draw segments in the rows of their labels; overlapping ones are stacked, the best on top.

    Parameters
    ----------
    axes : Axes
        Where to draw; time on the x axis.
    title : str
        Text above.
    bars : DataFrame[label, score, start, end]
        Segments, best first. Darker ones have higher scores. Optional columns: `hit`, whether a segment has a
        black edge, and `name`, the id of its element in an SVG file.
    labels : sequence of str
        Labels of the rows from top to bottom.
    colours : mapping of str to str
        Colours of the classes; others are grey.
    """
    strongest = max(bars["score"].max(), 1e-12) if len(bars) else 1.0
    for label in bars["label"].unique():
        row = bars[bars["label"] == label]
        lanes = _lanes(row)
        height = 0.65 / (max(lanes) + 1)
        for lane, bar in zip(lanes, row.to_dict("records"), strict=True):
            colour = lighten(colours.get(label, GREY), 0.25 + 0.75 * bar["score"] / strongest)
            place, length = labels.index(label) + (lane + 0.5) * height - 0.325, bar["end"] - bar["start"]
            edge, width = ("black", 1.0) if bar.get("hit") else ("white", 0.6)
            axes.barh(
                place, length, height, left=bar["start"], color=colour, gid=bar.get("name"),
                edgecolor=edge, linewidth=width,
            )  # fmt: skip
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4 if labels else 0.5, -0.6)
    axes.set_title(title, loc="left", fontsize=9)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=8)


def _lanes(bars: pd.DataFrame) -> list[int]:
    """Assign each segment to the first lane that is free over its length, so that none hides another."""
    taken: list[list[tuple[float, float]]] = []
    lanes = []
    for start, end in zip(bars["start"], bars["end"], strict=True):
        free = (lane for lane, held in enumerate(taken) if all(end <= a or b <= start for a, b in held))
        lanes.append(next(free, len(taken)))
        if lanes[-1] == len(taken):
            taken.append([])
        taken[lanes[-1]].append((start, end))
    return lanes
