"""Figure of average recall over the average number of proposals."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, curve_style, lighten, plain_axes, spread


def average_recall_curves(recall: Mapping[str, np.ndarray]) -> Figure:
    """Draw AR over AN for several variants.

    Parameters
    ----------
    recall : mapping of str to np.ndarray
        Average recall of each variant at AN = 1, 2, ... N, in [0, 1]: float (N,).
    """
    figure = Figure(figsize=(8.0, 4.8), layout="constrained")
    axes = figure.subplots()
    curves = {name: 100.0 * values for name, values in recall.items()}
    under = [sum(_same(curve, other) for other in list(curves.values())[index + 1 :])
             for index, curve in enumerate(curves.values())]  # fmt: skip
    high = max([5.0, *(curve.max(initial=0.0) for curve in curves.values())])
    ends = spread([curve[-1] for curve in curves.values()], 0.05 * high)
    ends -= max(0.0, float(ends.max(initial=0.0)) - 1.03 * high)
    for index, ((name, curve), hidden, end) in enumerate(zip(curves.items(), under, ends, strict=True)):
        an = np.arange(1, len(curve) + 1)
        style = curve_style(index)
        if hidden:  # a later curve lies on top: a wide pale band below it stays visible
            style |= {"linestyle": "-", "color": lighten(style["color"], 0.55)}
        every = max(1, len(curve) // 8)
        axes.plot(
            an, curve, linewidth=1.6 + 3.4 * hidden, markersize=5,
            markeredgecolor=COLOURS[index % len(COLOURS)],
            markevery=(index * every // max(1, len(curves)), every), label=name, **style,
        )  # fmt: skip
        area = np.trapezoid(curve) / len(curve)
        axes.plot(
            [an[-1], 1.04 * an[-1]], [curve[-1], end], "-", color=style["color"], linewidth=1.2,
            clip_on=False, label="_link",
        )  # fmt: skip
        axes.text(
            1.05 * an[-1], end, f"{name}: AR@{len(curve)} {curve[-1]:.1f}, AUC {area:.1f}",
            va="center", fontsize=9,
        )  # fmt: skip
    longest = max([1, *(len(curve) for curve in curves.values())])
    axes.set(xlabel="average number of proposals per video (AN)", ylabel="average recall (%)")
    axes.set(xlim=(0, longest), ylim=(0, 1.05 * high))
    note = "\n(a pale band lies below a curve with the same values)" if any(under) else ""
    axes.set_title(f"Average recall of proposals{note}", loc="left", fontsize=11)
    plain_axes(axes, "both")
    return figure


def _same(curve: np.ndarray, other: np.ndarray) -> bool:
    """Whether two curves [%] are too close to see both."""
    return len(curve) == len(other) and bool(np.abs(curve - other).max(initial=0.0) < 0.2)
