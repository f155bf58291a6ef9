"""The ablation table, and tables as Markdown."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.reporting.tables import ABLATION_COLUMNS, ablation_table, markdown_table


def _evaluation(variant: str, subset: str, shares: list[float], further: float | None = None) -> dict:
    return {
        "variant": variant,
        "subset": subset,
        "tiou_thresholds": [0.5, 0.75],
        "map": shares,
        "average_map": sum(shares) / 2,
        "further_map": further,
        "ar_100": None,
        "auc": 0.5,
    }


def _table() -> pd.DataFrame:
    evaluations = [
        _evaluation("baseline", "testing", [0.4, 0.2]),
        _evaluation("A", "testing", [0.5, 0.3]),
        _evaluation("A", "validation", [0.6, 0.4]),
    ]
    noise = np.random.default_rng(0).normal(size=(41, 2))
    gain = np.linspace(0.0, 0.2, 41)[:, None]
    resampled = {
        ("baseline", "testing"): noise,
        ("A", "testing"): noise + gain,
        ("A", "validation"): noise,
    }
    return ablation_table(evaluations, resampled, {"A": "baseline"})


def test_the_ablation_is_in_per_cent_and_marks_the_tuned_subset() -> None:
    table = _table()
    assert list(table.columns) == [name for name in ABLATION_COLUMNS if name != "further_map"]
    assert table["variant"].tolist() == ["baseline", "A", "A"]
    assert table["tuned_on"].tolist() == [False, False, True]
    np.testing.assert_allclose(table[["map_50", "map_75", "average_map", "auc"]].iloc[0], [40, 20, 30, 50])
    assert table[["map_95", "ar_100"]].isna().all(axis=None)


def test_further_thresholds_have_their_own_column() -> None:
    table = ablation_table([_evaluation("A", "testing", [0.4, 0.2], further=0.1)], {}, {})
    assert list(table.columns) == ABLATION_COLUMNS
    np.testing.assert_allclose(table["further_map"], [10.0])


def test_a_step_is_the_gain_over_the_predecessor_on_the_same_subset() -> None:
    table = _table()
    assert table["step_from"].iloc[1] == "baseline"
    steps = table[["step_gain", "step_low", "step_high"]].to_numpy(dtype=float)
    np.testing.assert_allclose(steps[1], [10.0, 0.5, 19.5], atol=1e-9)
    assert np.isnan(steps[[0, 2]]).all()  # no predecessor; none on that subset
    assert table["step_from"].isna().tolist() == [True, False, True]


def test_missing_resamples_are_an_error() -> None:
    evaluations = [_evaluation(variant, "testing", [0.4, 0.2]) for variant in ("baseline", "A")]
    with pytest.raises(KeyError):
        ablation_table(evaluations, {}, {"A": "baseline"})


def test_markdown_formats_numbers_missing_values_and_truth_values() -> None:
    frame = pd.DataFrame(
        {"name": ["a|b", None], "mAP": [1.005, np.nan], "good": [True, False], "count": [3, 4]}
    )
    assert markdown_table(frame).splitlines() == [
        "| name | mAP | good | count |",
        "| :-- | --: | :-- | --: |",
        "| a\\|b | 1.00 | yes | 3 |",
        "|  |  | no | 4 |",
    ]
