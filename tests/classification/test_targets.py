"""True classes of videos."""

import pandas as pd
import pytest

from bsnpp.classification.targets import longest_labels, true_classes

CLASSES = ["Archery", "Bowling", "Curling", "Diving"]


def table() -> pd.DataFrame:
    rows = [
        ("b", 0.0, 4.0, "Bowling"),
        ("a", 0.0, 3.0, "Archery"),
        ("a", 5.0, 9.0, "Bowling"),
        ("a", 10.0, 12.0, "Archery"),
        ("b", 6.0, 10.0, "Archery"),
    ]
    return pd.DataFrame(rows, columns=["video", "start", "end", "label"])


def test_the_longest_annotated_time_decides_and_the_alphabet_breaks_ties() -> None:
    assert longest_labels(table()) == {"a": "Archery", "b": "Archery"}
    assert longest_labels(table().iloc[:3]) == {"a": "Bowling", "b": "Bowling"}


def test_true_classes_have_the_given_order() -> None:
    targets = true_classes(table(), ["b", "empty", "a"], CLASSES)
    assert targets.tolist() == [[True, True, False, False], [False] * 4, [True, True, False, False]]
    assert true_classes(table().iloc[:2], ["a"], CLASSES).tolist() == [[True, False, False, False]]
    with pytest.raises(ValueError, match="'Bowling' is not one of"):
        true_classes(table(), ["a"], ["Archery"])
