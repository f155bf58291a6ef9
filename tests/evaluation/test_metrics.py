import json

import pytest

from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.metrics import class_agnostic, denominators, detection_metrics, proposal_metrics
from bsnpp.evaluation.official import official_scores
from bsnpp.evaluation.proposals import average_recall
from bsnpp.evaluation.protocols import BMN, OFFICIAL, protocol_line, protocol_name
from tests.reference.evaluation_data import detection_table, instance_table

INSTANCES = instance_table([("a", 0, 4, "run"), ("b", 0, 4, "run"), ("c", 0, 4, "sit")])
DETECTIONS = detection_table([("a", "run", 2.0, 0, 3), ("a", "sit", 1.0, 0, 3)])


def test_detection_metrics_have_a_value_for_every_class_and_tiou() -> None:
    scores = official_scores(match_detections(INSTANCES, DETECTIONS, [0.5, 0.75, 0.9]))
    metrics = detection_metrics(scores)
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics
    assert metrics["average_mAP"] == pytest.approx(1 / 6)
    assert metrics["mAP"] == {"0.5": 0.25, "0.75": 0.25, "0.9": 0.0}
    assert metrics["AP"] == {
        "run": {
            "instances": 2,
            "average": pytest.approx(1 / 3),
            "by_tiou": {"0.5": 0.5, "0.75": 0.5, "0.9": 0.0},
        },
        "sit": {"instances": 1, "average": 0.0, "by_tiou": {"0.5": 0.0, "0.75": 0.0, "0.9": 0.0}},
    }


def test_both_denominators_are_reported_if_videos_have_no_entry() -> None:
    videos = ["a", "b", "c"]
    matches = match_detections(INSTANCES, DETECTIONS, [0.5], [*videos, "outside the subset"])
    everything = {"protocol": "own", "videos": 3, "instances": 3, "average_mAP": 0.25}
    assert denominators(matches, "validation", videos, ["a", "b", "c"]) == [everything]
    assert denominators(matches, "validation", videos, ["a"]) == [
        everything,
        {"protocol": "own", "videos": 1, "instances": 1, "average_mAP": 1.0},
    ]


def test_class_agnostic_detections_keep_the_best_score_of_a_segment() -> None:
    agnostic = class_agnostic(DETECTIONS.iloc[::-1].reset_index(drop=True))
    assert agnostic.to_numpy().tolist() == [["a", "action", 2.0, 0.0, 3.0]]
    assert class_agnostic(INSTANCES)["label"].tolist() == ["action"] * 3
    matches = match_detections(class_agnostic(INSTANCES), agnostic, [0.5])
    assert official_scores(matches).average_map == pytest.approx(1 / 3)


def test_proposal_metrics_have_every_an_and_tiou() -> None:
    scores = average_recall(INSTANCES, DETECTIONS, ["a", "b", "c"], 2, [0.5, 0.9])
    metrics = proposal_metrics(scores)
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics
    assert metrics == {
        "AUC": scores.auc,
        "AR": {"1": 1 / 6, "2": 1 / 6},
        "recall": {"0.5": 1 / 3, "0.9": 0.0},
    }


def test_protocols_are_named_by_their_number_of_videos() -> None:
    for subset in OFFICIAL:
        assert protocol_name(subset, OFFICIAL[subset]) == "official"
        assert protocol_name(subset, BMN[subset]) == "BMN"
    assert protocol_name("validation", 4851) == "own"
    assert protocol_line("validation", 4926).startswith("official protocol, all 4,926 videos of validation")
    assert protocol_line("validation", 4728).endswith("(official protocol: 4,926 videos)")
    assert protocol_line("test", 210) == "own protocol, 210 videos of test"
