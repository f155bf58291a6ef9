"""Figure of average recall."""

import numpy as np

from bsnpp.reporting.recall import average_recall_curves


def test_curves_are_in_per_cent() -> None:
    axes = average_recall_curves({"A": np.array([0.3, 0.6]), "B": np.array([0.1, 0.2])}).axes[0]
    first, second = axes.get_lines()
    assert np.allclose(first.get_xydata(), [[1, 30], [2, 60]])
    assert np.allclose(second.get_xydata(), [[1, 10], [2, 20]])
    assert first.get_label() == "A: AR@2 60.0 %, AUC 22.5 %"
