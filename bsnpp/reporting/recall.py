"""Figure of average recall over the average number of proposals."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bsnpp.reporting.style import COLOURS, curve_style, lighten, plain_axes, spread

EQUAL = 0.2
"""Curves that differ by less everywhere are too close to see both [points]."""

ENLARGED = 0.3
"""Share of the x axis from which the inset shows the curves."""


def average_recall_curves(recall: Mapping[str, np.ndarray]) -> Figure:
    """Draw AR over AN for several variants, with an enlarged part where there is room for it.

    Parameters
    ----------
    recall : mapping of str to np.ndarray
        Average recall of each variant at AN = 1, 2, ... N, in [0, 1]: float (N,).
    """
    figure = Figure(figsize=(8.0, 4.8), layout="constrained")
    axes = figure.subplots()
    curves = [100.0 * values for values in recall.values()]
    under = [sum(_same(curve, other) for other in curves[index + 1 :]) for index, curve in enumerate(curves)]
    high = max([5.0, *(curve.max(initial=0.0) for curve in curves)])
    longest = max([1, *map(len, curves)])
    _draw(axes, curves, under)
    ends = spread([curve[-1] for curve in curves], 0.05 * high)
    ends -= max(0.0, float(ends.max(initial=0.0)) - 1.03 * high)
    for index, (name, curve, end) in enumerate(zip(recall, curves, ends, strict=True)):
        place, colour = (len(curve), 1.04 * longest), COLOURS[index % len(COLOURS)]
        marker = curve_style(index)["marker"]
        axes.plot(
            place, (curve[-1], end), color=colour, linewidth=1.2, marker=marker, markersize=5, markevery=[1],
            clip_on=False,
        )  # fmt: skip
        area = np.trapezoid(curve) / len(curve)
        label = f"{name}: AR@{len(curve)} {curve[-1]:.1f}, AUC {area:.1f}"
        axes.text(1.06 * longest, end, label, va="center", fontsize=9)
    axes.set(xlabel="average number of proposals per video (AN)", ylabel="average recall (%)")
    axes.set(xlim=(0, longest), ylim=(0, 1.05 * high))
    note = "\n(a pale band lies below a curve with the same values)" if any(under) else ""
    axes.set_title(f"Average recall of proposals{note}", loc="left", fontsize=11)
    plain_axes(axes, "both")
    right = [curve[int(ENLARGED * longest) :] for curve in curves]
    low = min((part.min() for part in right if len(part)), default=0.0)
    if longest > 10 and low > 0.65 * high:
        inset = axes.inset_axes((ENLARGED + 0.06, 0.11, 0.62 - ENLARGED + 0.3, 0.45))
        _draw(inset, curves, under)
        margin = 0.05 * (high - low) + 0.1
        inset.set(xlim=(ENLARGED * longest, longest), ylim=(low - margin, high + margin))
        inset.tick_params(labelsize=8)
        inset.set_title("enlarged", loc="left", fontsize=8, pad=2)
        plain_axes(inset, "both")
    return figure


def _draw(axes: Axes, curves: Sequence[np.ndarray], under: Sequence[int]) -> None:
    """Draw curves [%]. A curve that is hidden by equal ones is a pale band, wider than all of them."""
    for index, (curve, hidden) in enumerate(zip(curves, under, strict=True)):
        style = curve_style(index)
        if hidden:
            style |= {"linestyle": "-", "color": lighten(style["color"], 0.55)}
        every = max(1, len(curve) // 8)
        axes.plot(
            np.arange(1, len(curve) + 1), curve, linewidth=1.6 + 2.8 * min(hidden, 4), markersize=5,
            markeredgecolor=COLOURS[index % len(COLOURS)],
            markevery=(index * every // len(curves), every), **style,
        )  # fmt: skip


def _same(curve: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two curves [%] are too close to see both."""
    return len(curve) == len(other) and bool(np.abs(curve - other).max(initial=0.0) < EQUAL)
