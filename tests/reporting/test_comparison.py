"""Ways beside each other: scores in per cent, gains over the reference, and the picture of a sweep."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.evaluation.detection import DetectionScores
from bsnpp.reporting.comparison import COLUMNS, comparison_table, map_columns
from bsnpp.reporting.sweep import sweep_dots


def scores(*shares: float) -> DetectionScores:
    thresholds = np.array([0.5, 0.75])
    return DetectionScores(thresholds, ["a"], np.ones(1, dtype=np.int64), np.array(shares)[:, None])


def test_shares_become_per_cent_and_what_was_not_evaluated_is_missing() -> None:
    columns = map_columns(scores(0.5, 0.25))
    assert np.isnan(columns.pop("map_95"))
    assert columns == {"map_50": 50.0, "map_75": 25.0, "average_map": 37.5}


def test_every_way_is_measured_from_the_reference_on_its_own_subset() -> None:
    found = {
        ("plain", "validation"): scores(0.5, 0.25),
        ("plain", "testing"): scores(0.4, 0.2),
        ("rank", "validation"): scores(0.6, 0.25),
        ("rank", "testing"): scores(0.2, 0.2),
    }
    noise = np.random.default_rng(0).normal(0, 0.01, (500, 1))
    resampled = {key: one.map + noise for key, one in found.items()}
    table = comparison_table(found, resampled, "plain")
    assert list(table.columns) == COLUMNS
    assert list(zip(table["way"], table["subset"], strict=True)) == list(found)
    assert table["tuned_on"].tolist() == [True, False, True, False]
    assert table["gain"].tolist()[2:] == pytest.approx([5.0, -10.0])
    for side in ("low", "high"):  # the noise is the same in both: paired, it is gone
        assert table[side].tolist()[2:] == pytest.approx([5.0, -10.0])
    assert table["gain"].isna().tolist() == [True, True, False, False]


def test_a_sweep_is_drawn_from_the_best_suppression_down() -> None:
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
