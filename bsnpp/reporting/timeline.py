"""The detections of one video over time."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, GREY, lighten


def detections_timeline(
    video: str,
    duration: float,
    instances: pd.DataFrame,
    detections_by_variant: Mapping[str, pd.DataFrame],
    top: int = 10,
) -> Figure:
    """Draw one video: its instances, and below them each variant's best detections.

    Parameters
    ----------
    video : str
        Id of the video.
    duration : float
        Seconds.
    instances : pd.DataFrame
        Columns video, start, end (seconds), label; rows of other videos are left out.
    detections_by_variant : mapping of str to pd.DataFrame
        Columns video, label, score, start, end (seconds); rows of other videos are left out.
    top : int
        Detections shown of each variant.
    """
    truth = instances[instances["video"] == video].sort_values("start", kind="stable")
    found = {
        name: table[table["video"] == video].sort_values("score", ascending=False, kind="stable").head(top)
        for name, table in detections_by_variant.items()
    }
    labels = list(truth["label"].unique())
    colours = {label: COLOURS[index % len(COLOURS)] for index, label in enumerate(labels)}
    rows = [max(1, len(labels)), *(max(1, len(table)) for table in found.values())]
    size = (10.0, 1.3 + 0.35 * len(rows) + 0.19 * sum(rows) + 0.1 * rows[0])
    figure = Figure(figsize=size, layout="constrained")
    heights = [rows[0] * 1.5 + 0.5, *(row + 0.5 for row in rows[1:])]
    panels = figure.subplots(len(rows), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    _truth_panel(panels[0], truth, labels, colours)
    for axes, (name, table) in zip(panels[1:], found.items(), strict=True):
        _detections_panel(axes, name, table, colours)
    for axes in panels:
        for _, instance in truth.iterrows():
            colour = lighten(colours[instance["label"]], 0.12)
            axes.axvspan(instance["start"], instance["end"], color=colour, linewidth=0, zorder=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0, labelsize=8)
        axes.set_xlim(0.0, duration)
    panels[-1].set_xlabel("time (s)")
    others = any(not set(table["label"]) <= set(labels) for table in found.values())
    note = "; grey: a class that the video lacks" if others else ""
    title = f"{video}: instances and best detections (stronger colour: higher score{note})"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    return figure


def _truth_panel(axes: Axes, truth: pd.DataFrame, labels: Sequence[str], colours: Mapping[str, str]) -> None:
    for _, instance in truth.iterrows():
        place, length = labels.index(instance["label"]), instance["end"] - instance["start"]
        colour = colours[instance["label"]]
        axes.barh(place, length, 0.6, left=instance["start"], color=colour, edgecolor="white", linewidth=0.8)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4 if labels else 0.5, -0.6)
    axes.set_title("ground truth" if len(truth) else "ground truth: no instance", loc="left", fontsize=9)


def _detections_panel(axes: Axes, name: str, table: pd.DataFrame, colours: Mapping[str, str]) -> None:
    strongest = table["score"].max() if len(table) else 1.0
    for place, (_, detection) in enumerate(table.iterrows()):
        strength = 0.25 + 0.75 * max(0.0, detection["score"] / strongest if strongest > 0 else 0.0)
        colour = lighten(colours.get(detection["label"], GREY), strength)
        axes.barh(place, detection["end"] - detection["start"], 0.75, left=detection["start"], color=colour)
        axes.annotate(
            f"{detection['score']:.2g}",
            (1.005, place),
            xycoords=axes.get_yaxis_transform(),
            fontsize=7,
            va="center",
            annotation_clip=False,
        )
    axes.set_yticks(range(len(table)), table["label"])
    axes.set_ylim(max(len(table), 1) - 0.4, -0.6)
    axes.set_title(name if len(table) else f"{name}: no detection", loc="left", fontsize=9)
