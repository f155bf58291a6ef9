"""Figure of the instances that each part of an ensemble detects."""

import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.style import GREY, HUES, plain_axes

SEVERAL, JOINED = "several parts", "the ensemble"  # names with a space cannot be those of generators
"""Rows of the table: instances that at least two parts detect, and those that the ensemble detects."""


def complement_bars(table: pd.DataFrame) -> Figure:
    """Draw a bar per tIoU: instances that several parts detect, those of each part alone, and the ensemble.

    Parameters
    ----------
    table : DataFrame[tiou, by, share]
        Result of `bsnpp.detection.complements.complement_table`.
    """
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    shares = table.pivot(index="tiou", columns="by", values="share").fillna(0.0)
    names = [name for name in table["by"].unique() if name not in (SEVERAL, JOINED)]
    places, below = range(len(shares)), 0.0
    for number, name in enumerate((SEVERAL, *names)):
        colour = GREY if name == SEVERAL else HUES[(number - 1) % len(HUES)]
        label = name if name == SEVERAL else f"{name} alone"
        axes.bar(places, shares[name], 0.7, bottom=below, color=colour, label=label)
        below = below + shares[name].to_numpy()
    axes.plot(places, shares[JOINED], "k_", markersize=22, markeredgewidth=2, label=JOINED)
    axes.set_xticks(places, [f"{level:g}" for level in shares.index])
    axes.set(xlabel="tIoU", ylabel="detected instances (%)", ylim=(0, 100))
    axes.set_title("Instances by the parts that detect them, on validation", loc="left")
    plain_axes(axes, "y")
    figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return figure
