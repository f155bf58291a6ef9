"""Style of all figures: files with the same bytes, and curves that can be distinguished."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from bsnpp.reporting.style import curve_style, lighten, save


def _figure() -> Figure:
    figure = Figure()
    figure.subplots().plot([1, 2], [3, 4], **curve_style(1))
    return figure


def test_curves_beyond_the_colours_get_another_line_style() -> None:
    styles = [tuple(curve_style(index).values()) for index in range(32)]
    assert len(set(styles)) == 32


def test_lightening_goes_from_white_to_the_colour() -> None:
    assert lighten("#FF0000", 0.0) == (1.0, 1.0, 1.0)
    assert lighten("#FF0000", 1.0) == (1.0, 0.0, 0.0)


def test_the_same_figure_gives_the_same_bytes_and_only_png_is_accepted(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        save(_figure(), tmp_path / "new folder" / name)
    one, two = (path.read_bytes() for path in sorted((tmp_path / "new folder").iterdir()))
    assert one == two
    assert one.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="PNG"):
        save(_figure(), tmp_path / "one.pdf")
