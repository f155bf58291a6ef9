"""Table and figure of the average precision of every class."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.reporting.style import COLOURS, plain_axes

DRAWN = 40
"""Maximum number of classes in the figure: those with the lowest AP on the last subset."""


def class_table(evaluations: Sequence[Mapping[str, Any]], settings: MetricSettings) -> pd.DataFrame:
    """Tabulate the AP of every class on several subsets.

    Parameters
    ----------
    evaluations : sequence of mapping
        Results of `bsnpp.evaluation.summary.evaluation_summary` for one variant.
    settings : MetricSettings
        Thresholds of the means.

    Returns
    -------
    pd.DataFrame
        Columns variant, subset, label, instances, `ap` and, with further thresholds, `further_ap`: means over
        the thresholds in per cent. The classes keep the order of the evaluations.
    """
    rows = []
    for evaluation in evaluations:
        at = np.array(evaluation["tiou_thresholds"])
        for each in evaluation["classes"]:
            ap = 100.0 * np.array(each["ap"])
            row = {name: evaluation[name] for name in ("variant", "subset")}
            row |= {name: each[name] for name in ("label", "instances")}
            row["ap"] = ap[np.isin(at, settings.tiou_thresholds)].mean()
            if settings.further_thresholds:
                row["further_ap"] = ap[np.isin(at, settings.further_thresholds)].mean()
            rows.append(row)
    return pd.DataFrame(rows)


def class_bars(table: pd.DataFrame, settings: MetricSettings) -> Figure:
    """Draw the AP of every class, a panel per subset, with the best class of the last subset on top.

    Parameters
    ----------
    table : pd.DataFrame
        Result of `class_table`.
    settings : MetricSettings
        Settings of that table.
    """
    subsets = list(table["subset"].unique())
    order = table[table["subset"] == subsets[-1]].sort_values("ap", kind="stable")["label"][:DRAWN]
    place = {label: height for height, label in enumerate(order)}
    figure = Figure(figsize=(2.5 + 3.5 * len(subsets), 1.4 + 0.32 * len(place)), layout="constrained")
    panels = figure.subplots(1, len(subsets), sharey=True, squeeze=False)[0]
    for axes, subset in zip(panels, subsets, strict=True):
        rows = table[(table["subset"] == subset) & table["label"].isin(place)]
        heights = rows["label"].map(place)
        axes.barh(heights, rows["ap"], 0.7, color=COLOURS[0], label=_range(settings.tiou_thresholds))
        if "further_ap" in rows:
            further = _range(settings.further_thresholds)
            axes.plot(
                rows["further_ap"], heights, "D", color=COLOURS[1], markersize=6, clip_on=False, label=further
            )
        for height, count in zip(heights, rows["instances"], strict=True):
            axes.annotate(f"n = {count}", (101, height), va="center", fontsize=8, annotation_clip=False)
        axes.set(xlabel="AP (%)", xlim=(0, 100), title=f"{rows['variant'].iloc[0]}: {subset}")
        plain_axes(axes, "x")
    panels[0].set_yticks(range(len(place)), list(place), fontsize=9)
    panels[0].set_ylim(-0.8, len(place) - 0.2)
    classes = table["label"].nunique()
    if classes > len(place):
        title = f"the {len(place)} of {classes} classes with the lowest AP on {subsets[-1]}"
        figure.suptitle(title, fontsize=10)
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False, fontsize=9
    )
    return figure


def _range(thresholds: Sequence[float]) -> str:
    return f"mean over tIoU {thresholds[0]:g} to {thresholds[-1]:g}"
