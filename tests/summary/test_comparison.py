import pandas as pd

from bsnpp.summary.comparison import manifest_differences, score_differences, unshared_rows


def table(average: list[float], variants: tuple[str, ...] = ("base", "A")) -> pd.DataFrame:
    """Return an ablation table with one subset."""
    return pd.DataFrame({"variant": variants, "subset": "testing", "average_map": average, "auc": 60.0})


def test_equal_manifests_have_no_difference() -> None:
    manifest = {"a": {"b": [1, {"c": 2}]}, "empty": {}}
    assert manifest_differences(manifest, manifest) == []


def test_nested_keys_and_keys_of_one_manifest_are_differences() -> None:
    first = {"a": {"b": [1, {"c": 2}]}, "same": 1, "only": None}
    second = {"a": {"b": [1, {"c": 3}, 4]}, "same": 1, "new": "x"}
    assert manifest_differences(first, second) == [
        ("a.b.1.c", 2, 3),
        ("only", None, None),
        ("a.b.2", None, 4),
        ("new", None, "x"),
    ]


def test_scores_of_shared_rows_are_subtracted() -> None:
    first, second = table([30.0, 36.0]), table([37.5, 29.0], ("A", "C"))
    scores = score_differences(first, second)
    assert scores["variant"].tolist() == ["A"]
    assert scores["average_map_difference"].tolist() == [1.5]
    assert scores["auc_difference"].tolist() == [0.0]
    assert unshared_rows(first, second) == ["base, testing"]
    assert unshared_rows(second, first) == ["C, testing"]
