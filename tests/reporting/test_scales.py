"""The figure of the scores of every scale has a curve per range of durations."""

import numpy as np
import pandas as pd

from bsnpp.reporting.scales import scale_curves


def test_every_range_of_durations_has_a_curve_and_its_counts() -> None:
    rows = [(0.0, 30.0, 3, 5, 12, 40.0), (0.0, 30.0, 3, 5, 40, 50.0), (30.0, np.nan, 9, 20, 12, 10.0)]
    names = ["above", "below", "videos", "instances", "scale", "average_map"]
    figure = scale_curves(pd.DataFrame(rows, columns=names))
    (axes,) = figure.axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[40.0, 50.0], [10.0]]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["0 to 30 s: 3 videos, 5 instances", "from 30 s: 9 videos, 20 instances"]
    assert axes.get_xticks().tolist() == [12, 40]
