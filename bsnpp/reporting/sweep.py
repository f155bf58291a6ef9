"""Figure of a sweep over detection settings."""

import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, plain_axes

MARKERS = "osD^vP"


def sweep_dots(table: pd.DataFrame) -> Figure:
    """Draw the average mAP of every setting: a row per suppression, the best one on top.

    Parameters
    ----------
    table : DataFrame[score, class_fusion, nms, average_map, in_use]
        Result of the sweep, average mAP in per cent.
    """
    names = list(table.sort_values("average_map", ascending=False, kind="stable")["nms"].unique())
    figure = Figure(figsize=(8.0, 1.8 + 0.35 * len(names)), layout="constrained")
    axes = figure.subplots()
    for colour, (score, of_score) in zip(COLOURS, table.groupby("score", sort=True), strict=False):
        for marker, (fusion, rows) in zip(MARKERS, of_score.groupby("class_fusion", sort=True), strict=False):
            place = [names.index(name) for name in rows["nms"]]
            label = f"score {score}, class fusion {fusion}"
            axes.plot(rows["average_map"], place, marker, color=colour, alpha=0.8, label=label)
    used = table[table["in_use"]]
    axes.plot(
        used["average_map"], [names.index(name) for name in used["nms"]], "o",
        markersize=13, markerfacecolor="none", color="black", label="in use",
    )  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set(xlabel="average mAP on validation (%)")
    axes.set_title("Detection settings by suppression", loc="left")
    plain_axes(axes, "both")
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    return figure
