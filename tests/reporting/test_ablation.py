"""Figure of the ablation table."""

import numpy as np
import pandas as pd

from bsnpp.reporting.ablation import ablation_bars


def test_every_variant_and_every_step_is_drawn() -> None:
    table = pd.DataFrame(
        {
            "variant": ["baseline", "A", "A"],
            "subset": ["testing", "testing", "validation"],
            "average_map": [30.0, 40.0, 50.0],
            "step_from": [None, "baseline", None],
            "step_gain": [np.nan, 10.0, np.nan],
            "step_low": [np.nan, 4.0, np.nan],
            "step_high": [np.nan, 15.0, np.nan],
        }
    )
    left, right = (figure := ablation_bars(table)).axes
    assert [bar.get_width() for container in left.containers for bar in container] == [30.0, 40.0, 50.0]
    assert [label.get_text() for label in left.get_yticklabels()] == ["baseline", "A\n(from baseline)"]
    interval = right.collections[0].get_paths()[1].vertices
    assert np.asarray(interval)[:, 0].tolist() == [4.0, 15.0]
    assert np.asarray(right.get_lines()[0].get_xdata())[1] == 10.0
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["testing", "validation (tuned on)"]


def test_without_steps_only_the_variants_are_drawn() -> None:
    columns = ["step_from", "step_gain", "step_low", "step_high"]
    table = pd.DataFrame({"variant": ["baseline"], "subset": ["testing"], "average_map": [30.0]})
    (axes,) = ablation_bars(table.assign(**dict.fromkeys(columns, np.nan))).axes
    assert axes.get_title(loc="left") == "Variants"
