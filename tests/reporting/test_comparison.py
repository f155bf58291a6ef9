"""Table of several ways: scores in per cent, and gains over the reference."""

import numpy as np
import pytest

from bsnpp.evaluation.detection import DetectionScores
from bsnpp.reporting.comparison import COLUMNS, comparison_table, map_columns


def scores(*shares: float) -> DetectionScores:
    thresholds = np.array([0.5, 0.75])
    return DetectionScores(thresholds, ["a"], np.ones(1, dtype=np.int64), np.array(shares)[:, None])


def test_scores_are_in_per_cent_and_missing_if_not_evaluated() -> None:
    columns = map_columns(scores(0.5, 0.25))
    assert np.isnan(columns.pop("map_95"))
    assert columns == {"map_50": 50.0, "map_75": 25.0, "average_map": 37.5}


def test_gains_are_over_the_reference_on_the_same_subset() -> None:
    given = {
        ("plain", "validation"): scores(0.5, 0.25),
        ("plain", "testing"): scores(0.4, 0.2),
        ("rank", "validation"): scores(0.6, 0.25),
        ("rank", "testing"): scores(0.2, 0.2),
    }
    noise = np.random.default_rng(0).normal(0, 0.01, (500, 1))
    resampled = {key: one.map + noise for key, one in given.items()}
    table = comparison_table(given, resampled, "plain")
    assert list(table.columns) == COLUMNS
    assert list(zip(table["way"], table["subset"], strict=True)) == list(given)
    assert table["tuned_on"].tolist() == [True, False, True, False]
    assert table["gain"].tolist()[2:] == pytest.approx([5.0, -10.0])
    for side in ("low", "high"):  # the noise is the same in both, so it cancels
        assert table[side].tolist()[2:] == pytest.approx([5.0, -10.0])
    assert table["gain"].isna().tolist() == [True, True, False, False]
