"""A panel's weights by method, and the tables that tell of them."""

import numpy as np
import pytest

from bsnpp.classification.panels import grid_table, members_table, weigh_panel
from bsnpp.classification.settings import WeightSearchSettings
from bsnpp.classification.weight_search import search_weights

SETTINGS = WeightSearchSettings(step=0.25)


def panel(qualities: list[float], videos: int = 60, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Logits of members that know the true class the better the higher their quality, and the truth."""
    random = np.random.default_rng(0)
    targets = np.eye(classes, dtype=bool)[random.integers(0, classes, videos)]
    noise = random.normal(size=(len(qualities), videos, classes))
    return noise + np.array(qualities)[:, None, None] * targets, targets


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_best_member_alone_wherever_it_stands(place: int) -> None:
    qualities = [0.3, 0.3, 0.3]
    qualities[place] = 3.0
    found = weigh_panel(*panel(qualities), SETTINGS, "best")
    assert found.weights.tolist() == np.eye(3)[place].tolist()
    assert found.score == found.best == found.scores.max()
    assert sorted(map(tuple, found.grid)) == sorted(map(tuple, np.eye(3)))


@pytest.mark.parametrize("largest_grid", [1, 50_000])
def test_of_equally_good_members_the_first_is_the_best(largest_grid: int) -> None:
    logits, targets = panel([1.0])
    settings = SETTINGS.model_copy(update={"largest_grid": largest_grid})
    found = weigh_panel(np.repeat(logits, 3, axis=0), targets, settings, "best")
    assert found.weights.tolist() == [1.0, 0.0, 0.0]


def test_equal_weights_are_not_scored() -> None:
    found = weigh_panel(*panel([0.1, 2.0]), SETTINGS, "equal")
    assert found.weights.tolist() == [0.5, 0.5] and np.isnan(found.score)


def test_a_search_is_that_of_the_grid() -> None:
    logits, targets = panel([1.0, 1.5])
    found, plain = weigh_panel(logits, targets, SETTINGS, "search"), search_weights(logits, targets, SETTINGS)
    assert found.weights.tolist() == plain.weights.tolist() and found.score == plain.score


def test_tables_name_the_members() -> None:
    found = weigh_panel(*panel([1.0, 1.5]), SETTINGS, "search")
    members, grid = members_table(found, ["a", "b"]), grid_table(found, ["a", "b"])
    assert members["member"].tolist() == ["a", "b"] and members["weight"].sum() == pytest.approx(1.0)
    assert list(grid.columns) == ["a", "b", "score"] and len(grid) == 5
    assert grid["score"].max() == found.best
