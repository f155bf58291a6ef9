"""Figure of a sweep over detection settings."""

import pandas as pd

from bsnpp.reporting.sweep import sweep_dots


def test_suppressions_are_sorted_by_their_best_setting() -> None:
    table = pd.DataFrame(
        {
            "score": ["own", "paper", "own"],
            "class_fusion": ["sqrt", "sqrt", "product"],
            "nms": ["bmn", "hard", "hard"],
            "average_map": [30.0, 20.0, 40.0],
            "in_use": [True, False, False],
        }
    )
    (axes,) = sweep_dots(table).axes
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["hard", "bmn"]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert drawn == {
        "score own, class fusion product": [[40.0, 0.0]],
        "score own, class fusion sqrt": [[30.0, 1.0]],
        "score paper, class fusion sqrt": [[20.0, 0.0]],
        "in use": [[30.0, 1.0]],
    }
