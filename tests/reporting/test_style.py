"""Style of all figures: files with the same bytes, and curves that can be distinguished."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from bsnpp.core.errors import UserError
from bsnpp.reporting.style import curve_style, lighten, save, spread


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


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(_figure(), tmp_path / "new folder" / f"{name}.{suffix}")
    one, two = (path.read_bytes() for path in sorted((tmp_path / "new folder").iterdir()))
    assert one == two
    assert {"png": b"\x89PNG", "svg": b"<svg"}[suffix] in one
    assert b"date>" not in one and b"Matplotlib" not in one


def test_other_formats_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"one\.pdf: figures are written as \.png or \.svg"):
        save(_figure(), tmp_path / "one.png", tmp_path / "one.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(20))
def test_labels_are_spread_in_order_around_their_places(seed: int) -> None:
    random = np.random.default_rng(seed)
    places = random.choice([0.0, 1.0, 1.5, 2.0, 20.0], size=8) + random.random(8)
    moved = spread(places, 1.5)
    order = np.argsort(places, kind="stable")
    assert np.all(np.diff(moved[order]) >= 1.5 - 1e-9)
    assert np.isclose(moved.mean(), places.mean())
    far = np.arange(8) * 2.0
    assert np.allclose(spread(far, 1.5), far)
    assert len(spread([], 1.0)) == 0
