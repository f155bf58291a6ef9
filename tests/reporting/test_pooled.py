"""Folds are scored together as one data set, and test videos choose nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.evaluation.bootstrap import centred_interval, video_multiplicities
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.evaluation.diagnosis.segmental import LEVELS, segment_counts, segmental_scores
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.reporting.pooled import Part, PooledScores, best_least_score, pool, pooled_scores, pooled_table
from tests.reference.evaluation_data import (
    VIDEOS,
    detection_lists,
    detection_table,
    instance_lists,
    instance_table,
)
from tests.reference.pooled import resampled_f1

SETTINGS = EvaluationSettings(tiou_thresholds=(0.3, 0.5), bootstrap_resamples=50)
GROUPS = {"a": "one", "b": "one", "c": "two"}
Instances = list[tuple[str, float, float, str]]
Detections = list[tuple[str, str, float, float, float]]


def part(instances: Instances, detections: Detections, names: list[str] | None = None) -> Part:
    """Return a part with these videos; by default all of them."""
    names = VIDEOS if names is None else names
    return Part(
        pd.DataFrame({"video": names, "duration": [20.0] * len(names)}),
        instance_table([row for row in instances if row[0] in names]),
        detection_table([row for row in detections if row[0] in names]),
    )


def scored(tests: list[Part], cut: float | None = None) -> PooledScores:
    """Score folds whose validation videos are their test videos."""
    return pooled_scores(tests, tests, GROUPS, SETTINGS, 0, cut)


@given(instance_lists, detection_lists(), st.permutations(VIDEOS), st.integers(1, 2))
@settings(max_examples=30, deadline=None)
def test_map_is_that_of_all_test_videos_however_they_are_split(
    instances: Instances, detections: Detections, order: list[str], size: int
) -> None:
    folds = [part(instances, detections, order[:size]), part(instances, detections, order[size:])]
    known = [row for row in detections if row[0] in VIDEOS]
    whole = evaluate_detections(instance_table(instances), detection_table(known), [0.3, 0.5])
    row = scored(folds).row
    assert row["map"] == pytest.approx(100 * whole.average_map)
    assert row["map_low"] <= row["map"] + 1e-9 and row["map_high"] >= row["map"] - 1e-9
    assert "cut_map" not in row


@given(instance_lists, detection_lists(), st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_the_cut_drops_detections_and_nothing_else(
    instances: Instances, detections: Detections, cut: int
) -> None:
    kept = [row for row in detections if row[2] >= cut]
    row, expected = (
        scored([part(instances, detections)], cut).row,
        scored([part(instances, kept)]).row,
    )
    assert row["cut_map"] == pytest.approx(expected["map"])
    assert row["cut_ap_n"] == pytest.approx(expected["ap_n"])


def test_ap_n_is_ap_if_all_classes_have_equally_many_instances() -> None:
    instances = [("a", 0.0, 5.0, "run"), ("b", 0.0, 5.0, "sit")]
    detections = [("a", "run", 1.0, 9.0, 10.0), ("a", "run", 0.5, 0.0, 5.0), ("b", "sit", 0.5, 0.0, 5.0)]
    row = scored([part(instances, detections)]).row
    assert row["ap_n"] == pytest.approx(row["map"]) and row["map"] == pytest.approx(75.0)


@given(instance_lists, detection_lists())
@settings(max_examples=30, deadline=None)
def test_f1_and_its_intervals_equal_plain_loops(instances: Instances, detections: Detections) -> None:
    one = part(instances, detections)
    least = best_least_score(one)
    row = scored([one]).row
    hits, counts = segment_counts(one.instances, one.detections, one.videos, least)
    drawn = video_multiplicities(VIDEOS, SETTINGS.bootstrap_resamples, 0, GROUPS)
    resampled = np.array(resampled_f1(hits.tolist(), counts.tolist(), drawn.tolist()))
    expected = segmental_scores(one.instances, one.detections, one.videos, least)
    for column, level in zip(resampled.T, LEVELS, strict=True):
        name = f"{100 * level:.0f}"
        assert row[f"f1_{name}"] == pytest.approx(100 * expected[f"F1@{name}"])
        interval = centred_interval(100 * column, row[f"f1_{name}"])
        assert [row[f"f1_{name}_low"], row[f"f1_{name}_high"]] == pytest.approx([interval.low, interval.high])


@given(instance_lists, detection_lists())
@settings(max_examples=30, deadline=None)
def test_no_other_score_gives_a_better_segmentation(instances: Instances, detections: Detections) -> None:
    one = part(instances, detections)

    def mean_f1(least: float) -> float:
        scores = segmental_scores(one.instances, one.detections, one.videos, least)
        return float(np.mean([scores[f"F1@{100 * level:.0f}"] for level in LEVELS]))

    best = mean_f1(best_least_score(one))
    assert all(mean_f1(score) <= best + 1e-12 for score in one.detections["score"])


def test_the_validation_videos_of_a_fold_choose_its_least_score() -> None:
    instances = [("a", 0.0, 5.0, "run"), ("b", 0.0, 5.0, "run")]
    wrong = [("a", "sit", 0.2, 6.0, 9.0), ("b", "sit", 0.2, 6.0, 9.0)]
    right = [("a", "run", 0.9, 0.0, 5.0), ("b", "run", 0.9, 0.0, 5.0)]
    test = part(instances, wrong + right, ["a"])
    strict, lenient = part(instances, wrong + right, ["b"]), part(instances, right, ["b"])
    lenient.detections["score"] = 0.1
    values = [
        pooled_scores([test], [validation], {"a": "one"}, SETTINGS, 0, None).row["f1_50"]
        for validation in (strict, lenient)
    ]
    assert values == pytest.approx([100.0, 100 * 2 / 3])


def test_a_video_that_two_folds_test_is_refused() -> None:
    instances: Instances = [("a", 0.0, 5.0, "run")]
    with pytest.raises(UserError, match=r"more than one fold tests:\s+a: 2 folds"):
        pool([part(instances, [], ["a", "b"]), part(instances, [], ["a", "c"])])


@given(instance_lists, detection_lists())
@settings(max_examples=15, deadline=None)
def test_a_step_to_the_same_detections_is_zero(instances: Instances, detections: Detections) -> None:
    one = scored([part(instances, detections)])
    table = pooled_table({"first": one, "second": one}, {"first": None, "second": "first"})
    assert table["step_from"].tolist()[1] == "first" and table["step_from"].isna().tolist() == [True, False]
    assert table.loc[1, ["step_gain", "step_low", "step_high"]].tolist() == [0.0, 0.0, 0.0]
