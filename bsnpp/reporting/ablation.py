"""Figure of the ablation table."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, MARKERS, plain_axes
from bsnpp.reporting.tables import TUNED_ON


def ablation_bars(table: pd.DataFrame) -> Figure:
    """Draw the average mAP of every variant, and the gain of every step with its 95 % interval.

    Parameters
    ----------
    table : pd.DataFrame
        Result of `bsnpp.reporting.tables.ablation_table`. Without steps only the mAP is drawn.
    """
    variants, subsets = list(table["variant"].unique()), list(table["subset"].unique())
    steps = table.dropna(subset=["step_from"]).drop_duplicates("variant").set_index("variant")["step_from"]
    figure = Figure(figsize=(9.0, 1.6 + 0.3 * len(variants) * len(subsets)), layout="constrained")
    left, *right = figure.subplots(1, 2 if len(steps) else 1, sharey=True, squeeze=False)[0]
    height = 0.8 / len(subsets)
    for index, subset in enumerate(subsets):
        rows = table[table["subset"] == subset]
        place = np.array([variants.index(name) for name in rows["variant"]]) + height * (
            index - (len(subsets) - 1) / 2
        )
        label = f"{subset} (tuned on)" if subset == TUNED_ON else subset
        bars = left.barh(place, rows["average_map"], height * 0.92, color=COLOURS[index], label=label)
        left.bar_label(bars, fmt="%.1f", fontsize=8, padding=2)
        for axes in right:
            gain = rows["step_gain"].to_numpy(dtype=float)
            axes.hlines(place, rows["step_low"], rows["step_high"], color=COLOURS[index], linewidth=2.0)
            axes.plot(gain, place, MARKERS[index], color=COLOURS[index], markersize=5)
    names = [f"{name}\n(from {steps[name]})" if name in steps else name for name in variants]
    left.set_yticks(range(len(variants)), names, fontsize=9)
    left.invert_yaxis()
    left.margins(x=0.12)
    left.set(xlabel="average mAP (%)")
    left.set_title("Variants", loc="left")
    for axes in right:
        axes.axvline(0.0, color="black", linewidth=0.8)
        axes.set(xlabel="change in average mAP (points)")
        axes.set_title("Gain of each step, with paired 95 % interval", loc="left")
        axes.tick_params(axis="y", length=0)
    for axes in (left, *right):
        plain_axes(axes, "x")
    for axes in right:
        axes.spines["left"].set_visible(False)  # the line at 0 is the axis
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False, fontsize=9
    )
    return figure
