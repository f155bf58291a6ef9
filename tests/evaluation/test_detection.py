import numpy as np
import pytest
from hypothesis import example, given, settings

from bsnpp.evaluation.detection import average_precision, evaluate_detections
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS
from tests.reference.evaluation import Detection, Instance, textbook_average_precision, textbook_map
from tests.reference.evaluation_data import detection_lists, detection_table, instance_lists, instance_table

THRESHOLDS = [0.1, 0.3, *ACTIVITYNET_THRESHOLDS, 1.0]


@given(instance_lists, detection_lists())
@settings(max_examples=200, deadline=None)
@example([("a", 0.0, 0.0, "run")], [("a", "run", 1.0, 0.0, 0.0)])  # zero length both
@example([("a", 0.0, 4.0, "run")] * 3, [("a", "run", s, 0.0, 4.0) for s in (3.0, 2.0, 1.0, 0.0)])
def test_ap_equals_the_textbook(instances: list[Instance], detections: list[Detection]) -> None:
    scores = evaluate_detections(instance_table(instances), detection_table(detections), THRESHOLDS)
    expected = textbook_average_precision(instances, detections, THRESHOLDS)
    assert scores.labels == list(expected)
    np.testing.assert_allclose(scores.ap.T, list(expected.values()), rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        scores.map, textbook_map(instances, detections, THRESHOLDS), rtol=0, atol=1e-12
    )
    assert scores.average_map == pytest.approx(scores.map.mean(), abs=1e-15)


def test_many_detections_in_crowded_videos_match_the_textbook() -> None:
    rng = np.random.default_rng(0)
    start, length = rng.uniform(0, 5, 60), rng.uniform(3, 10, 60)
    instances = [("ab"[i % 2], start[i], start[i] + length[i], "run") for i in range(60)]
    near = rng.integers(0, 60, 400)
    begin = start[near] + rng.normal(0, 0.5, 400)
    end = np.maximum(begin, start[near] + length[near] + rng.normal(0, 0.5, 400))
    detections = [("ab"[near[i] % 2], "run", float(rng.random()), begin[i], end[i]) for i in range(400)]
    scores = evaluate_detections(instance_table(instances), detection_table(detections), THRESHOLDS)
    np.testing.assert_allclose(
        scores.map, textbook_map(instances, detections, THRESHOLDS), rtol=0, atol=1e-12
    )


def test_instances_as_detections_score_one() -> None:
    instances = instance_table(
        [("a", 0, 5, "run"), ("a", 0, 5, "run"), ("a", 6, 9, "sit"), ("b", 1, 2, "run")]
    )
    scores = evaluate_detections(instances, instances.assign(score=[4.0, 3.0, 2.0, 1.0]), [0.5, 1.0])
    assert np.array_equal(scores.ap, np.ones((2, 2)))
    assert scores.counts.tolist() == [3, 1]


def test_no_detections_score_zero() -> None:
    scores = evaluate_detections(
        instance_table([("a", 0, 5, "run"), ("b", 0, 5, "sit")]), detection_table([]), [0.5]
    )
    assert np.array_equal(scores.ap, [[0.0, 0.0]])


def test_a_class_without_detections_lowers_the_mean_and_an_unknown_class_does_not() -> None:
    instances = instance_table([("a", 0, 5, "run"), ("b", 0, 5, "sit")])
    detections = detection_table([("a", "run", 1.0, 0, 5), ("a", "fly", 2.0, 0, 5)])
    scores = evaluate_detections(instances, detections, [0.5])
    assert scores.labels == ["run", "sit"]
    assert scores.average_map == 0.5


def test_a_detection_in_a_video_without_instances_is_a_false_positive() -> None:
    instances = instance_table([("a", 0, 5, "run")])
    right, elsewhere = ("a", "run", 1.0, 0, 5), ("empty", "run", 2.0, 0, 5)
    assert evaluate_detections(instances, detection_table([right, elsewhere]), [0.5]).average_map == 0.5
    assert evaluate_detections(instances, detection_table([right]), [0.5]).average_map == 1.0


def test_a_detection_falls_back_to_the_next_best_instance() -> None:
    instances = instance_table([("a", 0, 10, "run"), ("a", 2, 12, "run")])
    detections = detection_table([("a", "run", 2.0, 0, 10), ("a", "run", 1.0, 0, 10)])
    assert evaluate_detections(instances, detections, [0.5]).average_map == 1.0


def test_a_tiou_equal_to_the_threshold_matches() -> None:
    instances, detections = instance_table([("a", 0, 4, "run")]), detection_table([("a", "run", 1.0, 0, 2)])
    assert evaluate_detections(instances, detections, [0.5, 0.55]).map.tolist() == [1.0, 0.0]


def test_equal_scores_keep_the_order_of_the_table() -> None:
    instances = instance_table([("a", 0, 4, "run")])
    right, wrong = ("a", "run", 1.0, 0, 4), ("a", "run", 1.0, 8, 9)
    assert evaluate_detections(instances, detection_table([right, wrong]), [0.5]).average_map == 1.0
    assert evaluate_detections(instances, detection_table([wrong, right]), [0.5]).average_map == 0.5


def test_matches_are_sorted_by_class_then_by_falling_score() -> None:
    instances = instance_table([("b", 0, 4, "run"), ("a", 0, 4, "sit"), ("a", 5, 6, "sit")])
    detections = detection_table(
        [("a", "sit", 1.0, 0, 4), ("b", "run", 2.0, 9, 9.5), ("a", "sit", 3.0, 5, 8)]
    )
    matches = match_detections(instances, detections, [0.3, 0.5], videos=["a", "b", "empty"])
    assert (matches.labels, matches.videos) == (["run", "sit"], ["a", "b", "empty"])
    assert matches.class_index.tolist() == [0, 1, 1]
    assert matches.video_index.tolist() == [1, 0, 0]
    assert matches.score.tolist() == [2.0, 3.0, 1.0]
    assert matches.true_positive.tolist() == [[False, True, True], [False, False, True]]
    assert matches.instance_counts.tolist() == [[0, 1, 0], [2, 0, 0]]
    assert matches.row.tolist() == [1, 2, 0]
    assert matches.assigned.tolist() == [[-1, 2, 1], [-1, -1, 1]]
    assert average_precision(matches).tolist() == [[0.0, 1.0], [0.0, 0.25]]


@pytest.mark.parametrize(
    ("detection", "message"),
    [
        (("a", "run", float("nan"), 0.0, 1.0), "score nan"),
        (("a", "run", 1.0, 2.0, 1.0), "not a segment"),
        (("a", "run", 1.0, 0.0, float("inf")), "not a segment"),
        (("stranger", "run", 1.0, 0.0, 1.0), "'stranger' is not among the 1 evaluated videos"),
    ],
)
def test_invalid_detections_are_refused(detection: Detection, message: str) -> None:
    instances = instance_table([("a", 0, 5, "run")])
    with pytest.raises(ValueError, match=message):
        match_detections(instances, detection_table([detection]), [0.5], videos=["a"])


def test_an_empty_ground_truth_and_a_threshold_of_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="no instance"):
        match_detections(instance_table([]), detection_table([]), [0.5])
    with pytest.raises(ValueError, match="thresholds"):
        match_detections(instance_table([("a", 0, 5, "run")]), detection_table([]), [0.0])
