import json

import numpy as np
import pytest

from bsnpp.evaluation.bootstrap import bootstrap_map
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.proposals import average_recall
from bsnpp.evaluation.settings import EvaluationSettings
from bsnpp.evaluation.summary import evaluate_variant, evaluation_summary
from tests.reference.evaluation_data import detection_table, instance_table

SETTINGS = EvaluationSettings(tiou_thresholds=(0.5, 0.75), further_thresholds=(0.5, 0.95))


@pytest.mark.parametrize(("most", "at_hundred"), [(100, 0.5), (10, None)])
def test_a_summary_survives_json_and_contains_every_score(most: int, at_hundred: float | None) -> None:
    instances = instance_table([("a", 0, 4, "run"), ("b", 0, 4, "sit")])
    detections = detection_table([("a", "run", 2.0, 0, 3), ("a", "fly", 1.0, 0, 3)])
    matches = match_detections(instances, detections, [0.5, 0.75, 0.95], videos=["a", "b", "c"])
    recall = average_recall(instances, detections, matches.videos, most, [0.75])
    summary = evaluation_summary("A", "testing", matches, recall, SETTINGS)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert (summary["variant"], summary["subset"]) == ("A", "testing")
    assert [summary[name] for name in ("videos", "instances", "detections")] == [3, 2, 1]
    assert summary["tiou_thresholds"] == [0.5, 0.75, 0.95]
    assert summary["map"] == [0.5, 0.5, 0.0]
    assert summary["average_map"] == pytest.approx(1 / 2)
    assert summary["further_map"] == pytest.approx(1 / 4)
    assert summary["classes"] == [
        {"label": "run", "instances": 1, "ap": [1.0, 1.0, 0.0]},
        {"label": "sit", "instances": 1, "ap": [0.0, 0.0, 0.0]},
    ]
    assert summary["ar_100"] == at_hundred
    assert summary["ar"] == recall.recall[0].tolist()
    assert summary["auc"] == pytest.approx(np.trapezoid(summary["ar"]) / most)


def test_a_variant_is_matched_summarised_and_resampled_at_its_own_thresholds() -> None:
    instances = instance_table([("a", 0, 4, "run"), ("b", 0, 4, "sit")])
    detections = detection_table([("a", "run", 2.0, 0, 3)])
    groups = {"a": "a", "b": "b", "c": "c"}
    settings = SETTINGS.model_copy(update={"bootstrap_resamples": 20})
    evaluation, resamples = evaluate_variant(
        ("A", "testing"), instances, detections, detections, groups, settings, 3
    )
    matches = match_detections(instances, detections, [0.5, 0.75, 0.95], videos=["a", "b", "c"])
    recall = average_recall(instances, detections, matches.videos, 100, [0.5, 0.75])
    assert evaluation == evaluation_summary("A", "testing", matches, recall, settings)
    np.testing.assert_array_equal(resamples, bootstrap_map(matches, 20, 3, groups)[:, :2])
