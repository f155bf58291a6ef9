"""Style of all figures: colours, axes, and files that are the same to the byte every time.

The colours are those of Okabe and Ito, which colour-blind readers can distinguish.
"""

from pathlib import Path
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from bsnpp.core.files import whole_file

HUES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C6D00")
COLOURS = (*HUES, "#000000")
GREY = "#9A9A9A"
LINES = ("-", "--", ":", "-.")


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG. The same figure always gives the same bytes.

    Raises
    ------
    ValueError
        If the name does not end with .png.
    UserError
        If the folder cannot be written.
    """
    if Path(path).suffix != ".png":
        raise ValueError(f"figures are PNG files, not {path}")
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png", dpi=150, metadata={"Software": None})


def curve_style(index: int) -> dict[str, Any]:
    """Return colour and line style of a curve; the first 32 indices give different styles."""
    return {"color": COLOURS[index % len(COLOURS)], "linestyle": LINES[index // len(COLOURS) % len(LINES)]}


def plain_axes(axes: Axes, grid: Literal["x", "y", "both"]) -> None:
    """Remove the top and right spines, and draw a faint grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)


def lighten(colour: str, strength: float) -> tuple[float, float, float]:
    """Mix a colour with white: white at strength 0, the colour at 1. Unlike alpha, the result is opaque."""
    red, green, blue = (1.0 - strength * (1.0 - part) for part in to_rgb(colour))
    return red, green, blue
