"""Figures of weights show the numbers of their tables."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.reporting.weights import panel_profiles, weights_bars


def test_encoders_are_drawn_with_score_weight_and_fusion() -> None:
    table = pd.DataFrame(
        {"member": ["m", "n"], "score": [0.5, 0.25], "weight": [0.75, 0.25], "fused": [0.55, 0.55]}
    )
    left, right = weights_bars(table, "auc").axes
    points, fused = left.get_lines()
    assert list(points.get_xdata()) == [50.0, 25.0] and list(points.get_ydata()) == ["m", "n"]
    assert list(fused.get_xdata()) == pytest.approx([55.0, 55.0])
    assert [bar.get_width() for bar in right.containers[0]] == [0.75, 0.25]
    assert left.get_xlabel() == "AUC of AR@AN (%)"


@pytest.mark.parametrize("members", [1, 3, 4, 9])
def test_every_classifier_has_its_profile(members: int) -> None:
    names = [f"m{index}" for index in range(members)]
    weights = pd.DataFrame({"member": names, "score": 0.5, "weight": 1 / members, "fused": 0.8})
    grid = pd.DataFrame(np.eye(members), columns=[f"weight.{name}" for name in names]).assign(
        score=0.5, plateau=True
    )
    figure = panel_profiles(weights, grid, "top1")
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left").split(":")[0] for axes in shown] == names


def test_a_profile_is_the_best_of_the_weightings_with_that_weight() -> None:
    weights = pd.DataFrame({"member": ["m", "n", "o"], "score": 0.5, "weight": [0.5, 0.5, 0.0], "fused": 0.9})
    grid = pd.DataFrame(
        {
            "weight.m": [0.0, 0.0, 0.5, 1.0],
            "weight.n": [0.0, 1.0, 0.5, 0.0],
            "weight.o": [1.0, 0.0, 0.0, 0.0],
            "score": [0.1, 0.3, 0.9, 0.5],
            "plateau": [False, False, True, False],
        }
    )
    best, median, plateau, chosen = panel_profiles(weights, grid, "top5").axes[0].get_lines()
    np.testing.assert_allclose(best.get_xydata(), [[0, 30], [0.5, 90], [1, 50]])
    np.testing.assert_allclose(median.get_xydata(), [[0, 20], [0.5, 90], [1, 50]])
    np.testing.assert_allclose(plateau.get_xydata(), [[0.5, 90]])
    np.testing.assert_allclose(chosen.get_xydata(), [[0.5, 90]])
