import pytest
from hypothesis import given, settings

from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.evaluation.diagnosis.oracles import ORACLES
from tests.reference.diagnosis import oracle
from tests.reference.evaluation import Detection, Instance
from tests.reference.evaluation_data import detection_lists, detection_table, instance_lists, instance_table


@pytest.mark.parametrize("name", ORACLES)
@given(instances=instance_lists, detections=detection_lists())
@settings(max_examples=40, deadline=None)
def test_oracles_equal_the_textbook(
    name: str, instances: list[Instance], detections: list[Detection]
) -> None:
    table = detection_table(detections)
    corrected = ORACLES[name](instance_table(instances), table)
    assert list(corrected.itertuples(index=False, name=None)) == oracle(name, instances, detections)
    assert list(table.itertuples(index=False, name=None)) == detections  # not changed in place


def test_each_oracle_repairs_its_own_property() -> None:
    instances = instance_table([("a", 0, 10, "run"), ("a", 20, 30, "sit")])
    detections = detection_table(
        [
            ("a", "run", 0.9, 40, 50),
            ("a", "run", 0.5, 0, 9),
            ("a", "run", 0.4, 20, 30),
            ("a", "sit", 0.2, 20, 24),
        ]
    )
    average = {
        name: evaluate_detections(instances, function(instances, detections), [0.5, 0.95]).average_map
        for name, function in ORACLES.items()
    }
    assert evaluate_detections(instances, detections, [0.5, 0.95]).average_map == pytest.approx(0.125)
    assert average == pytest.approx(
        {"true classes": 0.625, "true edges": 0.75, "true proposals": 1.0, "true scores": 0.25}
    )
