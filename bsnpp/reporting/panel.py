"""Figure of the weights of a panel."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, GREY, plain_axes
from bsnpp.stores.weights import weight_column

WIDTH = 0.05
"""Weights are rounded to multiples of this, the default step of the grid."""

METRICS = {
    "top1": "top-1 accuracy (%)",
    "top5": "top-5 accuracy (%)",
    "average_map": "average mAP (%)",
}
"""Labels of the metrics that classifiers are weighted by."""


def panel_profiles(weights: pd.DataFrame, weightings: pd.DataFrame, metric: str) -> Figure:
    """Draw for each classifier the best score of the weightings that give it a certain weight.

    Parameters
    ----------
    weights : DataFrame[member, score, weight, fused]
        Members of the panel.
    weightings : DataFrame[weight.<member>, score, plateau]
        Weightings that were tried.
    metric : str
        Metric of the scores, a key of `METRICS`.
    """
    wide = 2 if len(weights) == 4 else min(3, len(weights))
    high = -(-len(weights) // wide)
    figure = Figure(figsize=(1.2 + 2.6 * wide, 1.4 + 2.2 * high), layout="constrained")
    panels = figure.subplots(high, wide, squeeze=False, sharex=True, sharey=True)
    best, fused = 100 * weightings["score"].max(), 100 * float(weights["fused"].iloc[0])
    rows = zip(panels.ravel(), *(weights[name] for name in ("member", "weight", "score")), strict=False)
    for index, (axes, member, weight, alone) in enumerate(rows):
        _draw_profile(axes, weightings[weight_column(member)].to_numpy(), weightings)
        axes.plot(weight, fused, "D", color=COLOURS[3], markersize=6, label="chosen", zorder=4)
        axes.set_title(f"{member}: {weight:.2f}  (alone {100 * alone:.1f})", loc="left", fontsize=9)
        plain_axes(axes, "both")
        if index % wide == 0:
            axes.set_ylabel(METRICS[metric])
        if index + wide >= len(weights):
            axes.set_xlabel("weight")
            axes.tick_params(labelbottom=True)
    for axes in panels.ravel()[len(weights) :]:
        axes.set_visible(False)
    figure.suptitle(
        f"{len(weightings):,} weightings, {int(weightings['plateau'].sum()):,} with the best score {best:.2f}"
        f"; chosen: {fused:.2f}",
        x=0.01, ha="left", fontsize=11,
    )  # fmt: skip
    figure.legend(
        *panels[0, 0].get_legend_handles_labels(),
        loc="outside lower center", ncols=4, frameon=False, fontsize=9,
    )  # fmt: skip
    return figure


def _draw_profile(axes: Axes, weight: np.ndarray, weightings: pd.DataFrame) -> None:
    """Draw the best and the median score of the weightings at each weight, and the plateau."""
    tried = weightings.assign(weight=WIDTH * np.round(weight / WIDTH)).groupby("weight")["score"]
    best, median = 100 * tried.max(), 100 * tried.median()
    axes.plot(best.index, best, "-", marker=".", color=COLOURS[0], label="best weighting")
    axes.plot(median.index, median, "--", color=GREY, label="median weighting")
    plateau = np.unique(weight[weightings["plateau"]].round(6))
    top = np.full(len(plateau), 100 * weightings["score"].max())
    axes.plot(plateau, top, "s", color=COLOURS[1], markersize=6, label="plateau", zorder=3)
