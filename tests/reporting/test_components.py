"""Table of the components, compared with values computed by hand."""

import numpy as np
import pandas as pd

from bsnpp.reporting.components import component_table

LINES = {f"{row}_{seed}": (row, seed) for row in ("part", "all") for seed in (1, 2, 3)}


def _evaluation(variant: str, subset: str, average: float) -> dict:
    return {
        "variant": variant, "subset": subset, "ar": list(np.linspace(0.1, 1.0, 10)), "ar_100": None,
        "auc": 0.5, "average_map": average, "further_map": None,
    }  # fmt: skip


def _table(shift: float = 0.0) -> pd.DataFrame:
    scores = {"part": [0.2, 0.4, 0.3], "all": [0.5, 0.6, 0.4]}
    evaluations = [
        _evaluation(name, subset, scores[row][seed - 1] + shift * (subset == "testing"))
        for name, (row, seed) in LINES.items()
        for subset in ("validation", "testing")
    ]
    return component_table(evaluations[::-1], LINES, "all")


def test_means_and_deviations_are_over_the_seeds() -> None:
    table = _table().set_index(["component", "subset"])
    part = table.loc["part", "testing"]
    assert part["seeds"] == 3
    np.testing.assert_allclose(part["average_map"], 30.0)
    np.testing.assert_allclose(part["average_map_std"], 10.0)
    np.testing.assert_allclose(part["average_map_gain"], np.mean([-30, -20, -10]))
    np.testing.assert_allclose(part["average_map_gain_std"], 10.0)  # paired: not sqrt(2) times
    np.testing.assert_allclose(part["ar_10"], 100.0)


def test_the_row_with_all_components_has_no_gain() -> None:
    table = _table().set_index("component").loc["all"]
    assert (table["average_map_gain"] == 0).all() and (table["average_map_gain_std"] == 0).all()


def test_subsets_are_separate_and_missing_scores_are_omitted() -> None:
    moved = _table(shift=0.1).set_index(["component", "subset"])
    np.testing.assert_allclose(moved.loc["part", "testing"]["average_map"], 40.0)
    np.testing.assert_allclose(moved.loc["part", "validation"]["average_map"], 30.0)
    np.testing.assert_allclose(moved.loc["part", "testing"]["average_map_gain"], -20.0)
    assert "further_map" not in moved and "ar_100" not in moved
