"""Figure of average recall."""

import numpy as np

from bsnpp.reporting.recall import average_recall_curves


def test_curves_are_in_per_cent_and_labelled_at_their_ends() -> None:
    axes = average_recall_curves({"A": np.array([0.3, 0.6]), "B": np.array([0.1, 0.2])}).axes[0]
    first, second = axes.get_lines()[:2]
    assert np.allclose(first.get_xydata(), [[1, 30], [2, 60]])
    assert np.allclose(second.get_xydata(), [[1, 10], [2, 20]])
    assert [text.get_text() for text in axes.texts] == ["A: AR@2 60.0, AUC 22.5", "B: AR@2 20.0, AUC 7.5"]


def test_a_curve_below_an_equal_one_is_wider_and_all_dashes_differ() -> None:
    values = np.linspace(0.2, 0.8, 100)
    axes = average_recall_curves({"A": values, "B": values, "C": values / 2}).axes[0]
    lines = axes.get_lines()[:3]
    below, above, apart = (line.get_linewidth() for line in lines)
    assert below > above == apart
    assert len({line.get_linestyle() for line in lines}) == 3
    assert "pale band" in axes.get_title(loc="left")


def test_the_right_part_is_enlarged_where_there_is_room() -> None:
    steep = 1 - 0.9 ** np.arange(1, 101)
    (inset,) = average_recall_curves({"A": steep, "B": steep - 0.05}).axes[0].child_axes
    low, high = inset.get_ylim()
    assert low < 100 * (steep[30] - 0.05) and high > 100 * steep[-1]
    assert average_recall_curves({"A": np.linspace(0, 1, 100)}).axes[0].child_axes == []
