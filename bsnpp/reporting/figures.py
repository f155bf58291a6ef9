"""Figures of results, as plain `Figure` objects; `save` writes them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bsnpp.reporting.style import COLOURS, curve_style, plain_axes, save
from bsnpp.reporting.tables import TUNED_ON

__all__ = [
    "ablation_bars",
    "average_recall_curves",
    "sampling_bars",
    "save",
    "training_curves",
]


def average_recall_curves(recall: Mapping[str, np.ndarray]) -> Figure:
    """Draw AR over AN for several results.

    Parameters
    ----------
    recall : mapping of str to np.ndarray
        Shares in [0, 1] at AN = 1, 2, ... N: (N,), or (n_thresholds, N), averaged over the thresholds.
    """
    figure = Figure(figsize=(7.0, 4.5), layout="constrained")
    axes = figure.subplots()
    for index, (name, values) in enumerate(recall.items()):
        average = 100.0 * np.atleast_2d(values).mean(axis=0)
        area = np.trapezoid(average) / len(average)
        label = f"{name}: AR@{len(average)} {average[-1]:.1f} %, AUC {area:.1f} %"
        axes.plot(np.arange(1, len(average) + 1), average, linewidth=1.8, label=label, **curve_style(index))
    axes.set(xlabel="average number of proposals per video (AN)", ylabel="average recall (%)", ylim=(0, 100))
    axes.set_xlim(left=0)
    axes.set_title("Average recall of proposals", loc="left")
    plain_axes(axes, "both")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    return figure


def ablation_bars(table: pd.DataFrame) -> Figure:
    """Draw the ablation: average mAP of every variant, and what steps gained, if any, with intervals of 95 %.

    Parameters
    ----------
    table : pd.DataFrame
        As `bsnpp.reporting.tables.ablation_table` makes it.
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
            axes.plot(gain, place, "o", color=COLOURS[index], markersize=5)
    names = [f"{name}\n(from {steps[name]})" if name in steps else name for name in variants]
    left.set_yticks(range(len(variants)), names, fontsize=9)
    left.invert_yaxis()
    left.margins(x=0.12)
    left.set(xlabel="average mAP (%)")
    left.set_title("Variants", loc="left")
    for axes in right:
        axes.axvline(0.0, color="black", linewidth=0.8)
        axes.set(xlabel="difference of average mAP (points)")
        axes.set_title("Gain of each step, paired 95 % interval", loc="left")
        axes.tick_params(axis="y", length=0)
    for axes in (left, *right):
        plain_axes(axes, "x")
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False, fontsize=9
    )
    return figure


def training_curves(trainings: Mapping[str, Mapping[str, pd.DataFrame]]) -> Figure:
    """Draw every loss of several trainings over the epochs: a row for each generator, a panel for each loss.

    Parameters
    ----------
    trainings : mapping of str to mapping of str to pd.DataFrame
        Of each generator, and of each of its trainings: columns `epoch`, `train_<loss>` and
        `validation_<loss>`. Validation is drawn strong, training faint.
    """
    parts = {"train_": 0.35, "validation_": 1.0}
    columns = [str(name) for tables in trainings.values() for table in tables.values() for name in table]
    losses = list(dict.fromkeys(c.removeprefix(p) for c in columns for p in parts if c.startswith(p)))
    size = len(trainings), len(losses)
    figure = Figure(figsize=(1.0 + 3.0 * size[1], 0.6 + 3.0 * size[0]), layout="constrained")
    rows = figure.subplots(*size, squeeze=False)
    for panels, (generator, tables) in zip(rows, trainings.items(), strict=True):
        drawn: dict[str, Line2D] = {}
        for axes, loss in zip(panels, losses, strict=True):
            for index, (name, table) in enumerate(tables.items()):
                for part, strength in parts.items():
                    if part + loss in table:
                        style = {"marker": "o", "markersize": 3, "alpha": strength, **curve_style(index)}
                        (drawn[name],) = axes.plot(table["epoch"], table[part + loss], **style)
            axes.set_title(f"{generator}: {loss.replace('_', ' ')}", loc="left", fontsize=10)
            axes.set(xlabel="epoch")
            axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
            plain_axes(axes, "both")
        panels[0].set(ylabel="loss")
        panels[-1].legend(
            list(drawn.values()),
            list(drawn),
            loc="center left",
            bbox_to_anchor=(1, 0.5),
            frameon=False,
            fontsize=8,
        )
    figure.suptitle("Losses: validation strong, training faint", x=0.01, ha="left", fontsize=11)
    return figure


def sampling_bars(table: pd.DataFrame) -> Figure:
    """Draw which share of the proposals each kind and scale region has, one panel for each sampling stage.

    Parameters
    ----------
    table : pd.DataFrame
        Columns stage, kind, region (lengths as shares of the video, in words), proposals (their number in an
        epoch).
    """
    stages, kinds, regions = (list(table[name].unique()) for name in ("stage", "kind", "region"))
    figure = Figure(figsize=(2.0 + 2.6 * len(stages), 3.6), layout="constrained")
    panels = figure.subplots(1, len(stages), sharey=True, squeeze=False).ravel()
    height = 0.8 / len(kinds)
    for axes, stage in zip(panels, stages, strict=True):
        rows = table[table["stage"] == stage]
        total = rows["proposals"].sum()
        for index, kind in enumerate(kinds):
            chosen = rows[rows["kind"] == kind]
            place = chosen["region"].map(regions.index) + height * (index - (len(kinds) - 1) / 2)
            share = 100 * chosen["proposals"] / max(total, 1)
            bars = axes.bar(place, share, height * 0.92, color=COLOURS[index], label=kind)
            axes.bar_label(bars, fmt="%.1f", fontsize=8, padding=2)
        axes.set_xticks(range(len(regions)), regions)
        axes.set_title(f"{stage}\n{total:,.0f} proposals an epoch", loc="left", fontsize=10)
        axes.margins(y=0.1)
        plain_axes(axes, "y")
    panels[0].set(ylabel="share of the proposals (%)")
    panels[len(stages) // 2].set(xlabel="length of the proposal as a share of the video")
    handles = panels[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=len(kinds), frameon=False, fontsize=9)
    return figure
