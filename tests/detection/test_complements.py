"""Instances by the parts of an ensemble that detect them."""

import numpy as np
import pandas as pd
import pytest

from bsnpp.detection.complements import complement_table, detected_instances
from bsnpp.detection.ensemble_settings import EnsembleSettings
from bsnpp.reporting.complements import JOINED, SEVERAL
from tests.detection.ensembles import INSTANCES, ensemble

LEVELS = [0.3, 0.5, 0.7]


def tables(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Simulate instances and ranked detections of five videos; some videos have neither."""
    rng = np.random.default_rng(seed)

    def rows(count: int) -> pd.DataFrame:
        start = rng.uniform(0, 8, count)
        table = pd.DataFrame({"video": rng.choice(list("abcde"), count), "start": start})
        return table.assign(end=start + rng.uniform(0.5, 4, count), label=rng.choice(["x", "y"], count))

    detections = rows(40).assign(score=rng.random(40))
    return rows(12), detections.sort_values(["video", "score"], ascending=[True, False])


def slowly_detected(instances: pd.DataFrame, detections: pd.DataFrame) -> list[list[bool]]:
    result = []
    for one in instances.itertuples():
        count = sum(other.video == one.video for other in instances.itertuples())
        best = [row for row in detections.itertuples() if row.video == one.video][:count]
        tiou = [0.0]
        for row in best:
            overlap = max(0.0, min(one.end, row.end) - max(one.start, row.start))
            if row.label == one.label:
                tiou.append(overlap / (one.end - one.start + row.end - row.start - overlap))
        result.append([max(tiou) >= level for level in LEVELS])
    return result


@pytest.mark.parametrize("seed", range(5))
def test_an_instance_is_detected_by_one_of_the_best_detections_of_its_video(seed: int) -> None:
    instances, detections = tables(seed)
    detected = detected_instances(instances, detections, LEVELS)
    assert detected.tolist() == slowly_detected(instances, detections)
    order = np.random.default_rng(seed).permutation(len(instances))
    np.testing.assert_array_equal(
        detected_instances(instances.iloc[order], detections, LEVELS), detected[order]
    )


def test_no_instance_and_no_detection() -> None:
    instances, detections = tables(0)
    assert detected_instances(instances.iloc[:0], detections, LEVELS).shape == (0, 3)
    assert not detected_instances(instances, detections.iloc[:0], LEVELS).any()


def test_equal_parts_detect_the_same_instances_as_each_alone() -> None:
    settings, both = EnsembleSettings(), ensemble(2)
    twice = type(both)(both.source, ["paper", "paper"], [])
    table = complement_table(twice, ["one", "two"], settings, INSTANCES, LEVELS)
    shares = table.pivot(index="tiou", columns="by", values="share")
    assert list(shares.index) == LEVELS and set(shares) == {SEVERAL, "one", "two", JOINED}
    assert (shares[["one", "two"]] == 0).all(axis=None)
    np.testing.assert_array_equal(shares[SEVERAL], shares[JOINED])


def test_a_part_without_detections_adds_nothing() -> None:
    table = complement_table(ensemble(1, 1), ["one", "none"], EnsembleSettings(), INSTANCES, LEVELS)
    shares = table.pivot(index="tiou", columns="by", values="share")
    assert (shares[[SEVERAL, "none"]] == 0).all(axis=None)
    np.testing.assert_array_equal(shares["one"], shares[JOINED])
    empty = complement_table(ensemble(2), ["one", "two"], EnsembleSettings(), INSTANCES.iloc[:0], LEVELS)
    assert empty["share"].isna().all() and len(empty) == 12
