"""Tables of the weights of a panel."""

import pytest

from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.classification.weight_tables import members_table, weightings_table
from tests.classification.random_panel import panel


def test_the_tables_name_the_members() -> None:
    search = search_weights(*panel(0, members=2, videos=60), WeightSearchSettings(step=0.25))
    members, weightings = members_table(search, ["a", "score"]), weightings_table(search, ["a", "score"])
    assert list(members.columns) == ["member", "score", "weight", "fused", "temperature"]
    assert members["member"].tolist() == ["a", "score"] and members["weight"].sum() == pytest.approx(1.0)
    assert list(weightings.columns) == ["weight.a", "weight.score", "score", "plateau"]
    assert len(weightings) == 5
    assert members["score"].tolist() == [weightings["score"][4], weightings["score"][0]]
    assert (weightings["plateau"] == (weightings["score"] == weightings["score"].max())).all()
    assert weightings.loc[weightings["plateau"], "weight.a"].mean() == pytest.approx(members["weight"][0])
