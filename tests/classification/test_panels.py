"""The tables that tell of a panel's weights."""

import numpy as np
import pytest

from bsnpp.classification.panels import members_table, weightings_table
from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings


def test_tables_name_the_members() -> None:
    random = np.random.default_rng(0)
    targets = np.eye(4, dtype=bool)[random.integers(0, 4, 60)]
    logits = random.normal(size=(2, 60, 4)) + targets
    found = search_weights(logits, targets, WeightSearchSettings(step=0.25))
    members, grid = members_table(found, ["a", "b"]), weightings_table(found, ["a", "b"])
    assert list(members.columns) == ["member", "score", "weight", "fused", "temperature"]
    assert members["member"].tolist() == ["a", "b"] and members["weight"].sum() == pytest.approx(1.0)
    assert list(grid.columns) == ["weight.a", "weight.b", "score", "plateau"] and len(grid) == 5
    assert members["score"].tolist() == [grid["score"][4], grid["score"][0]]
    assert (grid["plateau"] == (grid["score"] == grid["score"].max())).all()
    assert grid.loc[grid["plateau"], "weight.a"].mean() == pytest.approx(members["weight"][0])
