"""Figure of the proposals that the sampling stages of BSN++ select (Fig. 1 of the paper)."""

import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, plain_axes


def sampling_bars(table: pd.DataFrame) -> Figure:
    """Draw the share of each kind and length bin among the proposals, a panel per sampling stage.

    Parameters
    ----------
    table : DataFrame[stage, kind, length, proposals]
        Number of proposals per epoch of each kind and length bin (`length`: shares of the video,
        in words) after each stage.
    """
    stages, kinds, lengths = (list(table[name].unique()) for name in ("stage", "kind", "length"))
    figure = Figure(figsize=(2.0 + 2.6 * len(stages), 3.6), layout="constrained")
    panels = figure.subplots(1, len(stages), sharey=True, squeeze=False).ravel()
    height = 0.8 / len(kinds)
    for axes, stage in zip(panels, stages, strict=True):
        rows = table[table["stage"] == stage]
        total = rows["proposals"].sum()
        for index, kind in enumerate(kinds):
            chosen = rows[rows["kind"] == kind]
            place = chosen["length"].map(lengths.index) + height * (index - (len(kinds) - 1) / 2)
            share = 100 * chosen["proposals"] / max(total, 1)
            bars = axes.bar(place, share, height * 0.92, color=COLOURS[index], label=kind)
            axes.bar_label(bars, fmt="%.1f", fontsize=8, padding=2)
        axes.set_xticks(range(len(lengths)), lengths)
        axes.set_title(f"{stage}\n{total:,.0f} proposals per epoch", loc="left", fontsize=10)
        axes.margins(y=0.1)
        plain_axes(axes, "y")
    panels[0].set(ylabel="share of the proposals (%)")
    panels[len(stages) // 2].set(xlabel="length of the proposal as a share of the video")
    handles = panels[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=len(kinds), frameon=False, fontsize=9)
    return figure
