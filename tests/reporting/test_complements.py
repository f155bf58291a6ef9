"""The figure of detected instances stacks the parts of an ensemble."""

import pandas as pd

from bsnpp.reporting.complements import JOINED, SEVERAL, complement_bars

SHARES = {SEVERAL: [50.0, 30.0], "one": [10.0, 5.0], "two": [0.0, 4.0], JOINED: [58.0, 35.0]}


def test_bars_are_stacked_and_the_ensemble_is_a_line() -> None:
    rows = [
        {"tiou": level, "by": name, "share": share}
        for name, shares in SHARES.items()
        for level, share in zip((0.5, 0.75), shares, strict=True)
    ]
    figure = complement_bars(pd.DataFrame(rows))
    (axes,) = figure.axes
    tops = [bar.get_y() + bar.get_height() for bar in axes.patches]
    assert tops == [50.0, 30.0, 60.0, 35.0, 60.0, 39.0]
    assert axes.lines[0].get_ydata().tolist() == [58.0, 35.0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0.5", "0.75"]
    labels = {text.get_text() for text in figure.legends[0].get_texts()}
    assert labels == {"several parts", "one alone", "two alone", "the ensemble"}


def test_without_an_instance_the_axes_are_empty() -> None:
    rows = pd.DataFrame({"tiou": [0.5] * 3, "by": [SEVERAL, "one", JOINED], "share": float("nan")})
    assert all(bar.get_height() == 0 for bar in complement_bars(rows).axes[0].patches)
