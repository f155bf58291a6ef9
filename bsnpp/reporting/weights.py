"""Figures of what is weighed: the encoders of a blend, and the classifiers of a panel."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, GREY, plain_axes
from bsnpp.stores.weights import weight_column

WIDTH = 0.05
"""Weights this close are drawn as one; those of the default grid stay apart."""

METRICS = {
    "auc": "AUC of AR@AN (%)",
    "ar_100": "AR@100 (%)",
    "average_map": "average mAP (%)",
    "top1": "top-1 accuracy (%)",
    "top5": "top-5 accuracy (%)",
}


def weights_bars(table: pd.DataFrame, metric: str) -> Figure:
    """Draw the score of every member alone, that of their fusion, and the weights.

    Parameters
    ----------
    table : pd.DataFrame
        Columns member, score, weight, fused; scores and weights are shares.
    metric : str
        What the scores are: a key of `METRICS`.
    """
    figure = Figure(figsize=(9.0, 1.5 + 0.35 * len(table)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    score, fused = 100 * table["score"].to_numpy(), 100 * float(table["fused"].iloc[0])
    left.plot(score, table["member"], "o", color=COLOURS[0], label="alone")
    left.axvline(fused, color=COLOURS[3], label=f"fused: {fused:.2f}")
    for name, value in zip(table["member"], score, strict=True):
        left.annotate(
            f"{value:.2f}", (value, name), (0, 5), textcoords="offset points", fontsize=8, ha="center"
        )
    left.invert_yaxis()
    left.margins(x=0.15, y=0.25)
    left.set(xlabel=METRICS[metric])
    left.set_title("Validation score", loc="left")
    bars = right.barh(table["member"], table["weight"], 0.6, color=COLOURS[0])
    right.bar_label(bars, fmt="%.3f", fontsize=8, padding=3)
    right.margins(x=0.15)
    right.set(xlabel="weight (share)")
    right.set_title("Weight", loc="left")
    right.tick_params(axis="y", length=0)
    for axes in (left, right):
        plain_axes(axes, "x")
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=9
    )
    return figure


def panel_profiles(weights: pd.DataFrame, grid: pd.DataFrame, metric: str) -> Figure:
    """Draw what each classifier's weight is worth: the best score of the weightings that give it that weight.

    Parameters
    ----------
    weights : pd.DataFrame
        Columns member, score, weight, fused.
    grid : pd.DataFrame
        Weightings that were tried: a column `weight_column` per member, score and plateau.
    metric : str
        What the scores are: a key of `METRICS`.
    """
    wide = 2 if len(weights) == 4 else min(3, len(weights))
    high = -(-len(weights) // wide)
    figure = Figure(figsize=(1.2 + 2.6 * wide, 1.4 + 2.2 * high), layout="constrained")
    panels = figure.subplots(high, wide, squeeze=False, sharex=True, sharey=True)
    best, fused = 100 * grid["score"].max(), 100 * float(weights["fused"].iloc[0])
    rows = zip(panels.ravel(), *(weights[name] for name in ("member", "weight", "score")), strict=False)
    for index, (axes, member, weight, alone) in enumerate(rows):
        _draw_profile(axes, grid[weight_column(member)].to_numpy(), grid)
        axes.plot(weight, fused, "D", color=COLOURS[3], markersize=6, label="chosen", zorder=4)
        axes.set_title(f"{member}: {weight:.2f}  (alone {100 * alone:.1f})", loc="left", fontsize=9)
        plain_axes(axes, "both")
        if index % wide == 0:
            axes.set_ylabel(METRICS[metric])
        if index + wide >= len(weights):
            axes.set_xlabel("weight (share)")
            axes.tick_params(labelbottom=True)
    for axes in panels.ravel()[len(weights) :]:
        axes.set_visible(False)
    figure.suptitle(
        f"{len(grid):,} weightings, {int(grid['plateau'].sum()):,} with the best score {best:.2f};"
        f" chosen: {fused:.2f}",
        x=0.01, ha="left", fontsize=11,
    )  # fmt: skip
    figure.legend(
        *panels[0, 0].get_legend_handles_labels(),
        loc="outside lower center", ncols=4, frameon=False, fontsize=9,
    )  # fmt: skip
    return figure


def _draw_profile(axes: Axes, weight: np.ndarray, grid: pd.DataFrame) -> None:
    """The best and the median score of the weightings that share a weight, and where the plateau lies."""
    tried = grid.assign(weight=WIDTH * np.round(weight / WIDTH)).groupby("weight")["score"]
    best, median = 100 * tried.max(), 100 * tried.median()
    axes.plot(best.index, best, "-", marker=".", color=COLOURS[0], label="best weighting tried")
    axes.plot(median.index, median, "--", color=GREY, label="their median")
    plateau = np.unique(weight[grid["plateau"]].round(6))
    top = np.full(len(plateau), 100 * grid["score"].max())
    axes.plot(plateau, top, "s", color=COLOURS[1], markersize=6, label="plateau", zorder=3)
