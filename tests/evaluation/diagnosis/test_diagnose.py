import pandas as pd
import pytest
from hypothesis import given, settings

from bsnpp.evaluation.diagnosis.diagnose import diagnose
from tests.reference.evaluation import Detection, Instance
from tests.reference.evaluation_data import (
    VIDEOS,
    detection_lists,
    detection_table,
    instance_lists,
    instance_table,
)

DURATIONS = pd.DataFrame({"video": [*VIDEOS, "elsewhere"], "duration": 20.0})


@given(instance_lists, detection_lists().filter(bool))
@settings(max_examples=60, deadline=None)
def test_the_tables_are_consistent(instances: list[Instance], detections: list[Detection]) -> None:
    result = diagnose(instance_table(instances), detection_table(detections), DURATIONS, [0.5, 0.75], 0.75)
    labels = {instance[3] for instance in instances}
    errors = result.errors.set_index("type")
    assert errors["count"][:-1].sum() == sum(detection[1] in labels for detection in detections)
    assert errors["count"]["missed instance"] == len(instances) - errors["count"]["true positive"]
    assert (errors["gain"] >= -1e-12).all()
    everything = result.characteristics.iloc[0]
    assert everything["missed"] * len(instances) == pytest.approx(errors["count"]["missed instance"])
    for _, rows in result.characteristics[1:].groupby("characteristic"):
        assert rows["instances"].sum() == len(instances)
        misses = (rows["missed"] * rows["instances"]).sum()
        assert misses == pytest.approx(errors["count"]["missed instance"])
    assert set(result.profile.groupby("slice")["share"].sum().round(9)) <= {0.0, 1.0}
    oracles = result.oracles.set_index("oracle")["average_map"]
    assert oracles["none"] == result.scores.average_map
    assert 0.0 <= result.segmental["accuracy"] <= 1.0


def test_a_threshold_that_was_not_evaluated_is_refused() -> None:
    tables = instance_table([("a", 0, 4, "run")]), detection_table([("a", "run", 1.0, 0, 4)])
    with pytest.raises(ValueError, match=r"tIoU 0\.6 is not one of the thresholds \[0\.5\]"):
        diagnose(*tables, DURATIONS, [0.5], 0.6)


def test_as_many_detections_are_segments_as_there_are_instances() -> None:
    instances = instance_table([("a", 0, 4, "run"), ("b", 0, 4, "run")])
    detections = detection_table([("a", "run", 3.0, 0, 4), ("b", "run", 2.0, 0, 4), ("c", "run", 1.0, 0, 4)])
    result = diagnose(instances, detections, DURATIONS, [0.5])
    assert (result.segmental["least_score"], result.segmental["segments"]) == (2.0, 2)
    assert diagnose(instances, detections, DURATIONS, [0.5], least_score=1.0).segmental["segments"] == 3
