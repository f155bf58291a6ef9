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


def test_the_ablation_is_in_per_cent_and_says_what_was_tuned_on() -> None:
    table = _table()
    assert list(table.columns) == [name for name in ABLATION_COLUMNS if name != "further_map"]
    assert table["variant"].tolist() == ["baseline", "A", "A"]
    assert table["tuned_on"].tolist() == [False, False, True]
    np.testing.assert_allclose(table[["map_50", "map_75", "average_map", "auc"]].iloc[0], [40, 20, 30, 50])
    assert table[["map_95", "ar_100"]].isna().all(axis=None)


def test_further_thresholds_have_a_column_of_their_own() -> None:
    table = ablation_table([_evaluation("A", "testing", [0.4, 0.2], further=0.1)], {}, {})
    assert list(table.columns) == ABLATION_COLUMNS
    np.testing.assert_allclose(table["further_map"], [10.0])


def test_a_step_is_measured_to_its_predecessor_on_the_same_subset() -> None:
    table = _table()
    assert table["step_from"].iloc[1] == "baseline"
    steps = table[["step_gain", "step_low", "step_high"]].to_numpy(dtype=float)
    np.testing.assert_allclose(steps[1], [10.0, 0.5, 19.5], atol=1e-9)
    assert np.isnan(steps[[0, 2]]).all()  # no predecessor; none on that subset
    assert table["step_from"].isna().tolist() == [True, False, True]


def test_a_missing_resampling_is_an_error() -> None:
    evaluations = [_evaluation(variant, "testing", [0.4, 0.2]) for variant in ("baseline", "A")]
    with pytest.raises(KeyError):
        ablation_table(evaluations, {}, {"A": "baseline"})


def test_markdown_shows_the_chosen_columns_under_their_headings() -> None:
    frame = pd.DataFrame(
        {
            "name": ["a|b", None],
            "hidden": [1, 2],
            "value": [1.005, np.nan],
            "count": [3, 4],
            "good": [True, False],
        }
    )
    headings = {"name": "Name", "value": "mAP", "good": "good", "count": "n"}
    assert markdown_table(frame, headings).splitlines() == [
        "| Name | mAP | good | n |",
        "| :-- | --: | :-- | --: |",
        "| a\\|b | 1.00 | yes | 3 |",
        "|  |  | no | 4 |",
    ]
    assert markdown_table(frame[["count"]]).splitlines() == ["| count |", "| --: |", "| 3 |", "| 4 |"]
    assert "1.005" in markdown_table(frame, headings, decimals=3)
