"""Table and figure of the AP of every class."""

import numpy as np
from matplotlib.figure import Figure

from bsnpp.evaluation.metric_settings import MetricSettings
from bsnpp.reporting.classes import DRAWN, class_bars, class_table

SETTINGS = MetricSettings(tiou_thresholds=(0.3, 0.5), further_thresholds=(0.5, 0.9))


def evaluation(subset: str, classes: int) -> dict[str, object]:
    """AP of class i: (i + 3, i + 2, i) / 100 at 0.3, 0.5 and 0.9."""
    return {
        "variant": "D",
        "subset": subset,
        "tiou_thresholds": [0.3, 0.5, 0.9],
        "classes": [
            {"label": f"c{i}", "instances": 2 * i, "ap": [(i + 3) / 100, (i + 2) / 100, i / 100]}
            for i in range(classes)
        ],
    }


def bars(figure: Figure) -> list[list[float]]:
    return [[bar.get_width() for bar in axes.patches] for axes in figure.axes]


def test_means_are_over_their_own_thresholds() -> None:
    table = class_table([evaluation("validation", 3), evaluation("testing", 2)], SETTINGS)
    assert table["subset"].tolist() == ["validation"] * 3 + ["testing"] * 2
    assert table["instances"].tolist() == [0, 2, 4, 0, 2]
    np.testing.assert_allclose(table["ap"], [2.5, 3.5, 4.5, 2.5, 3.5])
    np.testing.assert_allclose(table["further_ap"], [1, 2, 3, 1, 2])
    plain = class_table([evaluation("testing", 2)], MetricSettings(tiou_thresholds=(0.3,)))
    assert list(plain.columns) == ["variant", "subset", "label", "instances", "ap"]


def test_every_subset_has_a_panel_with_the_best_class_on_top() -> None:
    table = class_table([evaluation("validation", 3), evaluation("testing", 3)], SETTINGS)
    figure = class_bars(table, SETTINGS)
    assert [axes.get_title() for axes in figure.axes] == ["D: validation", "D: testing"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["c0", "c1", "c2"]
    np.testing.assert_allclose(bars(figure), [[2.5, 3.5, 4.5]] * 2)
    assert "n = 4" in {text.get_text() for text in figure.axes[0].texts}


def test_only_the_worst_of_many_classes_are_drawn() -> None:
    table = class_table([evaluation("testing", DRAWN + 5)], SETTINGS)
    figure = class_bars(table, SETTINGS)
    (widths,) = bars(figure)
    assert len(widths) == DRAWN and max(widths) == DRAWN - 1 + 2.5
    assert figure.get_suptitle() == f"the {DRAWN} of {DRAWN + 5} classes with the lowest AP on testing"
