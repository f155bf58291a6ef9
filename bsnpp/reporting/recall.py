"""Figure of average recall over the average number of proposals."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from bsnpp.reporting.style import curve_style, plain_axes


def average_recall_curves(recall: Mapping[str, np.ndarray]) -> Figure:
    """Draw AR over AN for several variants.

    Parameters
    ----------
    recall : mapping of str to np.ndarray
        Average recall of each variant at AN = 1, 2, ... N, in [0, 1]: float (N,).
    """
    figure = Figure(figsize=(7.0, 4.5), layout="constrained")
    axes = figure.subplots()
    for index, (name, values) in enumerate(recall.items()):
        average = 100.0 * values
        area = np.trapezoid(average) / len(average)
        label = f"{name}: AR@{len(average)} {average[-1]:.1f} %, AUC {area:.1f} %"
        axes.plot(np.arange(1, len(average) + 1), average, linewidth=1.8, label=label, **curve_style(index))
    axes.set(xlabel="average number of proposals per video (AN)", ylabel="average recall (%)", ylim=(0, 100))
    axes.set_xlim(left=0)
    axes.set_title("Average recall of proposals", loc="left")
    plain_axes(axes, "both")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    return figure
