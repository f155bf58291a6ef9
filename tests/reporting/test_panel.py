"""Figure of the weights of a panel."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.reporting.panel import panel_profiles


@pytest.mark.parametrize("members", [1, 3, 4, 9])
def test_every_classifier_has_a_profile(members: int) -> None:
    names = [f"m{index}" for index in range(members)]
    weights = pd.DataFrame({"member": names, "score": 0.5, "weight": 1 / members, "fused": 0.8})
    columns = [f"weight.{name}" for name in names]
    weightings = pd.DataFrame(np.eye(members), columns=columns).assign(score=0.5, plateau=True)
    figure = panel_profiles(weights, weightings, "top1")
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left").split(":")[0] for axes in shown] == names


def test_a_profile_is_the_best_score_of_the_weightings_with_a_weight() -> None:
    weights = pd.DataFrame({"member": ["m", "n", "o"], "score": 0.5, "weight": [0.5, 0.5, 0.0], "fused": 0.9})
    weightings = pd.DataFrame(
        {
            "weight.m": [0.0, 0.0, 0.5, 1.0],
            "weight.n": [0.0, 1.0, 0.5, 0.0],
            "weight.o": [1.0, 0.0, 0.0, 0.0],
            "score": [0.1, 0.3, 0.9, 0.5],
            "plateau": [False, False, True, False],
        }
    )
    best, median, plateau, chosen = panel_profiles(weights, weightings, "top5").axes[0].get_lines()
    np.testing.assert_allclose(best.get_xydata(), [[0, 30], [0.5, 90], [1, 50]])
    np.testing.assert_allclose(median.get_xydata(), [[0, 20], [0.5, 90], [1, 50]])
    np.testing.assert_allclose(plateau.get_xydata(), [[0.5, 90]])
    np.testing.assert_allclose(chosen.get_xydata(), [[0.5, 90]])


def test_classifiers_may_be_called_like_other_columns() -> None:
    names = ["score", "plateau", "weight"]
    weights = pd.DataFrame({"member": names, "score": 0.5, "weight": [0.0, 0.0, 1.0], "fused": 0.8})
    columns = [f"weight.{name}" for name in names]
    weightings = pd.DataFrame(np.eye(3), columns=columns).assign(score=[0.1, 0.2, 0.8], plateau=[0, 0, 1])
    weightings["plateau"] = weightings["plateau"].astype(bool)
    first, _, third = panel_profiles(weights, weightings, "top1").axes
    np.testing.assert_allclose(first.get_lines()[0].get_xydata(), [[0, 80], [1, 10]])
    np.testing.assert_allclose(third.get_lines()[0].get_xydata(), [[0, 20], [1, 80]])
