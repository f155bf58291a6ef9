"""Figure of the weights of a blend."""

import pandas as pd
import pytest

from bsnpp.reporting.weights import weights_bars


def test_score_weight_and_fusion_of_the_members_are_drawn() -> None:
    table = pd.DataFrame(
        {"member": ["m", "n"], "score": [0.5, 0.25], "weight": [0.75, 0.25], "fused": [0.55, 0.55]}
    )
    left, right = weights_bars(table, "auc").axes
    points, fused = left.get_lines()
    assert list(points.get_xdata()) == [50.0, 25.0] and list(points.get_ydata()) == ["m", "n"]
    assert list(fused.get_xdata()) == pytest.approx([55.0, 55.0])
    assert [bar.get_width() for bar in right.containers[0]] == [0.75, 0.25]
    assert left.get_xlabel() == "AUC of AR@AN (%)"
