"""Style of all figures: colours, axes, and files that are the same to the byte every time.

The colours are those of Okabe and Ito, which colour-blind readers can distinguish; curves also differ in
dashes and markers, so that they can be distinguished in grey.
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

HUES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C6D00")
COLOURS = (*HUES, "#000000")
GREY = "#9A9A9A"
LINES = ("-", "--", "-.", ":")
MARKERS = "osD^vP*X"

FORMATS: dict[str, dict[str, Any]] = {
    ".png": {"format": "png", "dpi": 150, "metadata": {"Software": None}},
    ".svg": {"format": "svg", "metadata": {"Date": None, "Creator": None}},
}
"""Arguments of `Figure.savefig` by suffix; files contain neither a date nor a version."""

SVG_STYLE: dict[Any, Any] = {"svg.hashsalt": "bsnpp", "svg.fonttype": "none"}
"""Parameters of matplotlib for SVG files: ids that never change, and text that can be searched and edited."""


def save(figure: Figure, *paths: str | Path) -> None:
    """Write a figure in the format of each suffix. The same figure always gives the same bytes.

    Parameters
    ----------
    figure : Figure
        The figure.
    *paths : str or Path
        Files that end with .png or .svg.

    Raises
    ------
    UserError
        If a name has another suffix, or the folder cannot be written.
    """
    unknown = [str(path) for path in paths if Path(path).suffix not in FORMATS]
    if unknown:
        raise UserError(f"{', '.join(unknown)}: figures are written as {' or '.join(FORMATS)}")
    with matplotlib.rc_context(SVG_STYLE):
        for path in paths:
            with whole_file(path) as temporary:
                if Path(path).suffix == ".svg":
                    temporary.write_bytes(svg_bytes(figure))
                else:
                    figure.savefig(temporary, **FORMATS[Path(path).suffix])


def svg_bytes(figure: Figure) -> bytes:
    """Draw a figure as SVG; the same figure always gives the same bytes.

    matplotlib derives the ids of clip paths from addresses in memory, so they are numbered here.
    """
    buffer = io.BytesIO()
    with matplotlib.rc_context(SVG_STYLE):
        figure.savefig(buffer, **FORMATS[".svg"])
    numbers: dict[bytes, bytes] = {}

    def numbered(match: re.Match[bytes]) -> bytes:
        return match[1] + numbers.setdefault(match[2], b"clip%d" % len(numbers))

    return re.sub(rb'(id="|url\(#)(p[0-9a-f]{10})\b', numbered, buffer.getvalue())


def curve_style(index: int) -> dict[str, Any]:
    """Return colour, dashes and marker of a curve; the first 32 indices differ in colour or dashes."""
    turn = index // len(COLOURS)
    return {
        "color": COLOURS[index % len(COLOURS)],
        "linestyle": LINES[(index + turn) % len(LINES)],
        "marker": MARKERS[index % len(MARKERS)],
    }


def spread(places: Sequence[float], gap: float) -> np.ndarray:
    """Move places apart until neighbours are at least `gap` apart, so that labels do not overlap.

    Parameters
    ----------
    places : sequence of float
        Places on an axis, in any order.
    gap : float
        Least distance, 0 or more.

    Returns
    -------
    np.ndarray
        New places in the given order, float64 (n,). The order along the axis is kept, groups of labels stay
        centred on their places, and places that are far enough apart do not move.
    """
    order = np.argsort(places, kind="stable")
    groups: list[list[float]] = []
    for place in np.asarray(places, dtype=float)[order]:
        groups.append([place])
        while len(groups) > 1 and _centre(groups[-1], gap)[0] - _centre(groups[-2], gap)[-1] < gap:
            last = groups.pop()
            groups[-1].extend(last)
    result = np.empty(len(order))
    result[order] = np.concatenate([_centre(group, gap) for group in groups]) if groups else []
    return result


def _centre(group: Sequence[float], gap: float) -> np.ndarray:
    """Return places at the distance `gap` from each other, around the mean of a group."""
    return np.mean(group) + gap * (np.arange(len(group)) - (len(group) - 1) / 2)


def plain_axes(axes: Axes, grid: Literal["x", "y", "both"]) -> None:
    """Remove the top and right spines, and draw a faint grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)


def lighten(colour: str, strength: float) -> tuple[float, float, float]:
    """Mix a colour with white: white at strength 0, the colour at 1. Unlike alpha, the result is opaque."""
    red, green, blue = (1.0 - strength * (1.0 - part) for part in to_rgb(colour))
    return red, green, blue
