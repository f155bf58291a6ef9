"""Figure of the sampling stages."""

import numpy as np
import pandas as pd

from bsnpp.reporting.sampling import sampling_bars


def test_bars_are_the_shares_of_each_stage() -> None:
    cells = [(kind, length) for kind in ("positive", "negative") for length in ("short", "middle", "long")]
    numbers = {"all": [1, 2, 3, 10, 20, 4], "balanced": [5, 5, 0, 5, 5, 0]}
    rows = [(stage, *cell, n) for stage, row in numbers.items() for cell, n in zip(cells, row, strict=True)]
    figure = sampling_bars(pd.DataFrame(rows, columns=["stage", "kind", "length", "proposals"]))
    assert len(figure.axes) == len(numbers)
    for axes, (stage, row) in zip(figure.axes, numbers.items(), strict=True):
        heights = [bar.get_height() for container in axes.containers for bar in container]
        np.testing.assert_allclose(heights, 100 * np.array(row) / sum(row))
        assert axes.get_title("left") == f"{stage}\n{sum(row)} proposals per epoch"
