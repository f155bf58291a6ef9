"""Figure of average recall."""

import numpy as np

from bsnpp.reporting.recall import average_recall_curves


def test_curves_are_in_per_cent_and_labelled_at_their_ends() -> None:
    axes = average_recall_curves({"A": np.array([0.3, 0.6]), "B": np.array([0.1, 0.2])}).axes[0]
    first, second = (line for line in axes.get_lines() if not str(line.get_label()).startswith("_"))
    assert np.allclose(first.get_xydata(), [[1, 30], [2, 60]])
    assert np.allclose(second.get_xydata(), [[1, 10], [2, 20]])
    assert [text.get_text() for text in axes.texts] == ["A: AR@2 60.0, AUC 22.5", "B: AR@2 20.0, AUC 7.5"]


def test_a_curve_below_an_equal_one_is_wider_and_all_dashes_differ() -> None:
    values = np.linspace(0.2, 0.8, 100)
    axes = average_recall_curves({"A": values, "B": values, "C": values / 2}).axes[0]
    lines = [line for line in axes.get_lines() if not str(line.get_label()).startswith("_")]
    below, above, apart = (line.get_linewidth() for line in lines)
    assert below > above == apart
    assert len({line.get_linestyle() for line in lines}) == 3
    assert "pale band" in axes.get_title(loc="left")
