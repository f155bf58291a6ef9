"""Annotated classes of snippets."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.snippets.targets import recording_targets, scored_targets, snippet_targets
from bsnpp.stores.snippet_scores import SnippetScores
from tests.reference import snippet_scores as reference

CLASSES = ["background", "run", "walk"]


def table(rows: list[tuple[float, float, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["start", "end", "label"])


def test_the_target_is_the_instance_over_the_centre() -> None:
    instances = table([(0.6, 1.5, "walk"), (2.5, 9.0, "run")])
    # Centres .5, 1.5, 2.5, 3.5, 4.5: the start is included, the end is not.
    assert snippet_targets(instances, CLASSES, 5, 1.0).tolist() == [0, 0, 1, 1, 1]
    assert snippet_targets(table([]), CLASSES, 3, 1.0).tolist() == [0, 0, 0]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(1, 2)), max_size=6),
    st.integers(1, 30),
)
def test_targets_equal_plain_loops(rows: list[tuple[int, int, int]], length: int) -> None:
    # Different lengths only: rounding may break ties, which the test below covers.
    rows = list({size: (start, size, label) for start, size, label in rows}.values())
    spans = [(0.3 * start, 0.3 * (start + size), label) for start, size, label in rows]
    instances = table([(start, end, CLASSES[label]) for start, end, label in spans])
    result = snippet_targets(instances, CLASSES, length, 0.4)
    assert result.tolist() == reference.snippet_targets(spans, length, 0.4)


@pytest.mark.parametrize("order", [["run", "walk"], ["walk", "run"]])
def test_of_two_classes_on_one_segment_the_first_is_used(order: list[str]) -> None:
    instances = table([(1.0, 3.0, label) for label in order])
    assert snippet_targets(instances, CLASSES, 4, 1.0).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("label", ["swim", "background"])
def test_unknown_labels_are_refused(label: str) -> None:
    with pytest.raises(ValueError, match=label):
        snippet_targets(table([(0.0, 1.0, label)]), CLASSES, 3, 0.4)


def test_every_recording_has_the_targets_of_its_own_instances() -> None:
    instances = table([(0.0, 2.0, "run"), (1.0, 3.0, "walk")]).assign(video=["a", "b"])
    targets = recording_targets({"b": 4, "a": 3, "c": 2}, instances, CLASSES, 1.0)
    assert list(targets) == ["b", "a", "c"]
    assert [target.tolist() for target in targets.values()] == [[0, 2, 2, 0], [1, 1, 0], [0, 0]]
    scores = SnippetScores(["b", "a"], np.array([4, 3]), CLASSES, np.zeros((7, 3), dtype=np.float32), 1.0)
    scored = scored_targets(scores, instances)
    assert list(scored) == ["b", "a"]
    assert all(scored[video].tolist() == targets[video].tolist() for video in scored)
