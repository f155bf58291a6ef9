"""Figure of an inspection: videos with features, their lengths, instances that are too short, classes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from bsnpp.reporting.style import COLOURS, GREY, HUES, MARKERS, curve_style, lighten, plain_axes

MOST_POINTS = 1500
"""Maximum number of videos of a stream that are drawn."""


def inspection_figure(challenge: str, tables: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the tables of an inspection.

    Parameters
    ----------
    challenge : str
        Name of the challenge.
    tables : mapping
        `streams`: DataFrame[stream, subset, videos, present, unusable]; `lengths`: DataFrame[stream,
        seconds, snippets, flag]; `scales`: DataFrame[subset, scale, instances, short, lost, tiou]; `classes`:
        number of instances with a row per class and a column per subset.

    Returns
    -------
    Figure
        Four panels.
    """
    streams = list(dict.fromkeys(tables["streams"]["stream"]))
    height = 0.6 + 0.3 * max(len(streams), 1)
    figure = Figure(figsize=(10.0, height + 6.6), layout="constrained")
    axes = figure.subplot_mosaic("AA;BB;CD", height_ratios=[height, 3.2, 3.2])
    _draw_presence(axes["A"], tables["streams"], streams)
    _draw_lengths(axes["B"], tables["lengths"], streams)
    _draw_scales(axes["C"], tables["scales"])
    _draw_classes(axes["D"], tables["classes"])
    figure.suptitle(f"Data of {challenge}", x=0.01, ha="left")
    return figure


def _draw_presence(axes: Axes, table: pd.DataFrame, streams: list[str]) -> None:
    """Draw a cell per stream and subset with the usable share of its videos."""
    subsets = list(dict.fromkeys(table["subset"]))
    columns = [table[name].tolist() for name in ("stream", "subset", "videos", "present", "unusable")]
    for stream, subset, videos, present, unusable in zip(*columns, strict=True):
        usable = present - unusable
        share = usable / videos if videos else 1.0
        colour = lighten(HUES[2], 0.35) if share == 1 else lighten(HUES[3], 0.25 + 0.6 * (1 - share))
        x, y = subsets.index(subset), streams.index(stream)
        axes.barh(y, 0.96, left=x - 0.48, height=0.88, color=colour)
        axes.text(x, y, f"{usable:,} of {videos:,}", ha="center", va="center", fontsize=9)
    axes.set_xticks(range(len(subsets)), subsets)
    axes.set_yticks(range(len(streams)), streams)
    axes.set(xlim=(-0.5, max(len(subsets), 1) - 0.5), ylim=(max(len(streams), 1) - 0.5, -0.5))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("Videos with usable features", loc="left", fontsize=11)


def _draw_lengths(axes: Axes, table: pd.DataFrame, streams: list[str]) -> None:
    """Draw snippets per second against duration; flagged videos are black."""
    for index, stream in enumerate(streams):
        rows = table[table["stream"] == stream]
        rows = rows.iloc[:: max(1, -(-len(rows) // MOST_POINTS))]
        flagged = rows["flag"].isin(["short", "long"]).to_numpy(bool)
        rate = (rows["snippets"] / rows["seconds"]).to_numpy(float)
        seconds = rows["seconds"].to_numpy(float)
        colour, marker = COLOURS[index % len(HUES)], MARKERS[index % len(MARKERS)]
        axes.scatter(seconds, rate, s=9, color=colour, marker=marker, alpha=0.5, linewidths=0, label=stream)
        axes.scatter(seconds[flagged], rate[flagged], s=26, marker="x", color="#000000", linewidths=1)
    if len(table):
        if table["seconds"].max() > 10 * table["seconds"].min():
            axes.set(xscale="log")
            axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.set_ylim(0, 1.1 * (table["snippets"] / table["seconds"]).max())
        axes.legend(fontsize=8, frameon=False, markerscale=2, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.set(xlabel="duration (s)", ylabel="snippets per second")
    axes.set_title("Lengths of features; x: short or long for the duration", loc="left", fontsize=11)
    plain_axes(axes, "both")


def _draw_scales(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the share of instances that are shorter than a cell, and of those without a proposal."""
    pairs = zip(table["subset"].tolist(), table["scale"].tolist(), strict=True)
    labels = [f"{subset}, {scale}" for subset, scale in pairs]
    counts = np.maximum(table["instances"].to_numpy(float), 1.0)
    tiou = f"{table['tiou'].iloc[0]:g}" if len(table) else ""
    parts = (("short", "shorter than a cell", GREY, 0.18), ("lost", f"best tIoU < {tiou}", HUES[3], -0.18))
    for column, label, colour, shift in parts:
        values = 100 * table[column].to_numpy(float) / counts
        places = np.arange(len(table)) + shift
        axes.barh(places, values, height=0.34, color=colour, label=label)
        for place, value in zip(places, values, strict=True):
            axes.text(value, place, f" {value:.1f}", va="center", fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.invert_yaxis()
    axes.set(xlabel="instances (%)")
    axes.margins(x=0.25)
    axes.set_title("Instances too short, by subset and T", loc="left", fontsize=11)
    if len(table):
        axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    plain_axes(axes, "x")


def _draw_classes(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the number of instances of every class, largest first, a curve per subset."""
    for index, subset in enumerate(table.columns):
        numbers = np.sort(table[subset].dropna().to_numpy(float))[::-1]
        style = {**curve_style(index), "marker": "" if len(numbers) > 30 else curve_style(index)["marker"]}
        axes.plot(np.arange(1, len(numbers) + 1), numbers, label=subset, markersize=4, **style)
    axes.set(xlabel="class, by number", ylabel="instances")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_title("Instances of each class", loc="left", fontsize=11)
    if len(table.columns):
        axes.legend(fontsize=8, frameon=False)
    plain_axes(axes, "y")
