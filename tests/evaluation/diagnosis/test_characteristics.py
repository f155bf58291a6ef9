import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.evaluation.diagnosis.characteristics import (
    BINS,
    characteristic_bins,
    missed,
    normalised_average_precision,
)
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.official import official_scores
from tests.reference.diagnosis import assignments, normalised_ap
from tests.reference.evaluation import Detection, Instance
from tests.reference.evaluation_data import detection_lists, detection_table, instance_lists, instance_table

THRESHOLDS = [0.3, 0.75]


@given(instance_lists, detection_lists(), st.data())
@settings(max_examples=80, deadline=None)
def test_misses_and_normalised_ap_equal_the_textbook(
    instances: list[Instance], detections: list[Detection], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(instances), max_size=len(instances)))
    chosen[0] = True
    table = instance_table(instances)
    matches = match_detections(table, detection_table(detections), THRESHOLDS)
    ap = normalised_average_precision(matches, table, np.array(chosen))
    flags = missed(matches, len(instances))
    for level, threshold in enumerate(THRESHOLDS):
        assert ap[level] == pytest.approx(normalised_ap(instances, detections, chosen, threshold), abs=1e-12)
        hit = set(assignments(instances, detections, threshold).values())
        assert flags[level].tolist() == [index not in hit for index in range(len(instances))]


def test_with_equally_many_instances_of_every_class_normalised_ap_is_ap() -> None:
    instances: list[Instance] = [
        ("a", 0, 4, "run"),
        ("b", 0, 4, "run"),
        ("a", 6, 9, "sit"),
        ("b", 6, 9, "sit"),
    ]
    detections: list[Detection] = [
        ("a", "run", 0.9, 5, 6), ("a", "run", 0.8, 0, 4), ("b", "sit", 0.7, 6, 9), ("b", "run", 0.6, 0, 4)
    ]  # fmt: skip
    table = instance_table(instances)
    matches = match_detections(table, detection_table(detections), [0.5])
    ap = normalised_average_precision(matches, table, np.ones(4, dtype=bool))
    assert ap[0] == pytest.approx(official_scores(matches).average_map)
    assert np.isnan(normalised_average_precision(matches, table, np.zeros(4, dtype=bool))).all()


def test_instances_are_binned_with_upper_bounds_inside() -> None:
    rows = [("a", 0, 20, "run"), ("a", 0, 20.5, "run"), ("a", 60, 110, "sit"), ("b", 0, 200, "run")]
    rows += [("b", 0, 0, "sit")] * 9
    videos = pd.DataFrame({"video": ["a", "b"], "duration": [100.0, 200.0]})
    bins = characteristic_bins(instance_table(rows), videos)
    names = {
        name: [BINS[name][0][index] for index in bins[name]] for name in ("coverage", "length", "instances")
    }
    assert names["coverage"] == ["XS", "S", "M", "XL", *["XS"] * 9]
    assert names["length"] == ["XS", "XS", "S", "XL", *["XS"] * 9]
    assert names["instances"] == ["S", "S", "XS", "XS", *["L"] * 9]
