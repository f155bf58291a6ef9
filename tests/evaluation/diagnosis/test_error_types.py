import numpy as np
import pytest
from hypothesis import given, settings

from bsnpp.evaluation.diagnosis.error_types import (
    MISSED,
    TYPES,
    best_overlaps,
    error_impact,
    error_types,
    false_positive_profile,
)
from bsnpp.evaluation.matching import Matches, match_detections
from bsnpp.evaluation.official import official_scores
from tests.reference.diagnosis import fixed_map, profile, types_of
from tests.reference.evaluation import Detection, Instance
from tests.reference.evaluation_data import detection_lists, detection_table, instance_lists, instance_table

THRESHOLDS = [0.3, 0.5, 0.75]


def diagnosed(
    instances: list[Instance], detections: list[Detection], thresholds: list[float]
) -> tuple[Matches, np.ndarray]:
    """Match the detections and classify them."""
    tables = instance_table(instances), detection_table(detections)
    matches = match_detections(*tables, thresholds)
    return matches, error_types(matches, best_overlaps(*tables, matches))


@given(instance_lists, detection_lists())
@settings(max_examples=80, deadline=None)
def test_types_impact_and_profile_equal_the_textbook(
    instances: list[Instance], detections: list[Detection]
) -> None:
    matches, types = diagnosed(instances, detections, THRESHOLDS)
    for level, threshold in enumerate(THRESHOLDS):
        expected = types_of(instances, detections, threshold)
        assert [detections[row] for row in matches.row] == list(expected)
        assert [TYPES[code] for code in types[level]] == list(expected.values())
    impact = error_impact(matches, types)
    assert list(impact) == [*TYPES[1:], MISSED]
    for name, value in impact.items():
        assert value == pytest.approx(fixed_map(instances, detections, THRESHOLDS, name), abs=1e-12)
    table = false_positive_profile(matches, types[1], 3)
    for row, counts in zip(table, profile(instances, detections, 0.5, 3), strict=True):
        assert {name: count for name, count in zip(TYPES, row, strict=True) if count} == counts


@given(instance_lists, detection_lists())
@settings(max_examples=40, deadline=None)
def test_fixing_never_harms_and_every_detection_has_one_type(
    instances: list[Instance], detections: list[Detection]
) -> None:
    matches, types = diagnosed(instances, detections, THRESHOLDS)
    before = official_scores(matches).average_map
    for value in error_impact(matches, types).values():
        assert before - 1e-12 <= value <= 1.0 + 1e-12
    assert np.array_equal(types == 0, matches.true_positive)
    assert set(np.unique(types)) <= set(range(len(TYPES)))


def test_each_type_is_recognised() -> None:
    instances: list[Instance] = [("a", 0.0, 10.0, "run"), ("a", 20.0, 30.0, "sit")]
    detections: list[Detection] = [
        ("a", "run", 6.0, 0.0, 10.0),
        ("a", "run", 5.0, 0.0, 9.0),
        ("a", "run", 4.0, 20.0, 30.0),
        ("a", "run", 3.0, 0.0, 3.0),
        ("a", "run", 2.0, 20.0, 23.0),
        ("a", "run", 1.0, 10.0, 20.0),
    ]
    _, types = diagnosed(instances, detections, [0.5])
    assert [TYPES[code] for code in types[0]] == list(TYPES)


def test_fixing_all_errors_and_all_misses_would_be_perfect() -> None:
    instances: list[Instance] = [("a", 0.0, 10.0, "run"), ("a", 20.0, 30.0, "run")]
    detections: list[Detection] = [("a", "run", 2.0, 12.0, 18.0), ("a", "run", 1.0, 0.0, 10.0)]
    matches, types = diagnosed(instances, detections, [0.5])
    impact = error_impact(matches, types)
    assert official_scores(matches).average_map == 0.25
    assert impact["background"] == 0.5
    assert impact[MISSED] == 0.5
    assert impact["wrong label"] == 0.25
