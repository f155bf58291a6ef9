"""Tables of the weights of a panel."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.classification.panels import members_table, search_video_weights, weightings_table
from bsnpp.classification.weight_search import search_weights
from bsnpp.classification.weight_search_settings import WeightSearchSettings
from bsnpp.stores.class_scores import ClassScores
from tests.classification.panels import panel


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


def test_the_targets_are_the_annotated_classes() -> None:
    logits, targets = panel(1, members=2)
    videos, classes = [f"v{row}" for row in range(40)], [f"c{column}" for column in range(8)]
    pairs = [(videos[row], classes[column]) for row, column in np.argwhere(targets)]
    instances = pd.DataFrame(pairs[::-1], columns=["video", "label"])
    members = [ClassScores(videos, classes, member) for member in logits]
    settings = WeightSearchSettings()
    search = search_video_weights(members, instances, settings, "search", ["a", "b"])
    np.testing.assert_array_equal(search.scores, search_weights(logits, targets, settings).scores)
