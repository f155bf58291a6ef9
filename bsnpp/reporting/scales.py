"""Figure of the scores of every scale by the duration of the videos."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bsnpp.reporting.style import curve_style, plain_axes


def scale_curves(ranges: pd.DataFrame) -> Figure:
    """Draw the average mAP over the scale: a curve per range of durations, scored on its videos alone.

    Parameters
    ----------
    ranges : DataFrame[above, below, videos, instances, scale, average_map]
        Durations in seconds, `below` NaN in the last range; average mAP in per cent.
    """
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for index, (low, rows) in enumerate(ranges.groupby("above", sort=True)):
        first = rows.iloc[0]
        upper = "" if np.isnan(first["below"]) else f" to {first['below']:g}"
        name = f"{low:g}{upper} s" if upper else f"from {low:g} s"
        label = f"{name}: {first['videos']:.0f} videos, {first['instances']:.0f} instances"
        axes.plot(rows["scale"], rows["average_map"], label=label, **curve_style(index))
    axes.set_xticks(sorted(ranges["scale"].unique()))
    axes.set(xlabel="cells per video (T)", ylabel="average mAP of these videos (%)")
    axes.set_title("Scale by the duration of the video, on validation", loc="left")
    plain_axes(axes, "both")
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    return figure
