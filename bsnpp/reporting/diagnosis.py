"""Draw the diagnosis of one system."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bsnpp.evaluation.diagnosis.characteristics import BINS
from bsnpp.evaluation.diagnosis.diagnose import Diagnosis
from bsnpp.reporting.style import HUES, lighten, plain_axes

FILLS = {
    "true positive": (HUES[2], ""),
    "double detection": (HUES[5], "//"),
    "wrong label": (HUES[4], ".."),
    "localization": (HUES[1], "xx"),
    "confusion": (HUES[3], "\\\\"),
    "background": ("#C8C8C8", ""),
}
"""Colour and hatch of every type of detection; hatches tell those apart that look alike in grey."""

MEANINGS = {
    "coverage": "share of the video",
    "length": "length [s]",
    "instances": "instances per class",
}


def diagnosis_figure(diagnosis: Diagnosis) -> Figure:
    """Draw types of detections, the cost of errors, oracles, and misses and AP_N by characteristic.

    Parameters
    ----------
    diagnosis : Diagnosis
        Result of `bsnpp.evaluation.diagnosis.diagnose.diagnose`.

    Returns
    -------
    Figure
        Five panels.
    """
    figure = Figure(figsize=(9.0, 11.0), layout="constrained")
    axes = figure.subplot_mosaic("AB;AC;DD;EE", height_ratios=[1.0, 0.8, 1.3, 1.3])
    _draw_profile(axes["A"], diagnosis.profile)
    _draw_gains(axes["B"], diagnosis.errors["type"][1:], diagnosis.errors["gain"][1:])
    axes["B"].set_title("If an error type were fixed", loc="left")
    _draw_gains(axes["C"], diagnosis.oracles["oracle"][1:], diagnosis.oracles["gain"][1:])
    axes["C"].set_title("If a property were perfect", loc="left")
    _draw_bins(axes["D"], diagnosis.characteristics, "average_missed", HUES[3])
    axes["D"].set_title(
        "Missed instances, mean over tIoU; counts of instances below the bins", loc="left", fontsize=11
    )
    axes["D"].set(ylabel="missed (% of the bin)")
    _draw_bins(axes["E"], diagnosis.characteristics, "average_ap_n", HUES[0])
    axes["E"].set_title(
        "Normalised AP, mean over tIoU; counts of instances below the bins", loc="left", fontsize=11
    )
    axes["E"].set(ylabel="normalised AP (%)")
    average = f"average mAP {100 * diagnosis.scores.average_map:.2f} %"
    figure.suptitle(f"Diagnosis: {average}; counts at tIoU {diagnosis.tiou:g}", x=0.01, ha="left")
    return figure


def _draw_profile(axes: Axes, profile: pd.DataFrame) -> None:
    """Stack the shares of the types in every slice."""
    shares = 100 * profile.pivot(index="slice", columns="type", values="share")
    below = np.zeros(len(shares))
    for name, (colour, hatch) in FILLS.items():
        fill = lighten(colour, 0.8)
        axes.bar(
            shares.index, shares[name], 0.9, bottom=below, label=name, color=fill, hatch=hatch,
            edgecolor="white", linewidth=0.0,
        )  # fmt: skip
        below += shares[name].to_numpy()
    axes.set_xticks(list(shares.index), [f"{number}G" for number in shares.index])
    axes.set(xlabel="rank in its class (G: instances of the class)", ylabel="share of the slice (%)")
    axes.set(ylim=(0, 100))
    axes.set_title("Types of detections by rank", loc="left")
    plain_axes(axes, "y")
    axes.legend(ncols=2, fontsize=9, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1))


def _draw_gains(axes: Axes, names: pd.Series, gains: pd.Series) -> None:
    """Draw gains in average mAP as horizontal bars."""
    bars = axes.barh(names, 100 * gains, 0.7, color=HUES[0])
    axes.bar_label(bars, fmt="%+.1f", fontsize=9, padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.set(xlabel="gain in average mAP (points)")
    plain_axes(axes, "x")


def _draw_bins(axes: Axes, characteristics: pd.DataFrame, metric: str, colour: str) -> None:
    """Draw a metric of every bin, the bins of a characteristic side by side; a line shows all instances."""
    everything, rows = characteristics.iloc[0], characteristics[1:]
    group = pd.factorize(rows["characteristic"])[0]
    place = np.arange(len(rows)) + 0.8 * group
    values = 100 * rows[metric].to_numpy(dtype=float)
    bars = axes.bar(place, values, 0.8, color=lighten(colour, 0.8))
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    axes.bar_label(bars, labels=[_number(value) for value in values], fontsize=9, padding=2, bbox=plate)
    mean = 100 * everything[metric]
    axes.axhline(mean, color="black", linewidth=1.0, linestyle="--", label=f"all instances: {mean:.1f} %")
    ticks = [f"{name}\n{count}" for name, count in zip(rows["bin"], rows["instances"], strict=True)]
    axes.set_xticks(place, ticks, fontsize=9)
    axes.set_xlim(-0.7, max(place, default=0.0) + 0.7)
    for number, name in enumerate(rows["characteristic"].unique()):
        bounds = ", ".join(f"{bound:g}" for bound in BINS[name][1])
        axes.annotate(
            f"{MEANINGS[name]}\nbounds {bounds}",
            (place[group == number].mean(), 0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -52),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axes.set(ylim=(0, max(5.0, 1.18 * np.nanmax([*values, mean]))))
    plain_axes(axes, "y")
    axes.legend(fontsize=9, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.98), borderaxespad=0.0)


def _number(value: float) -> str:
    """Write a percentage with two digits; nothing for NaN."""
    return "" if np.isnan(value) else f"{value:.1f}" if value < 10 else f"{value:.0f}"
