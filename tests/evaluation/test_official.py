"""Parity with the official script on real annotations, and its quirks (docs/evaluation.md)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from bsnpp.annotations.subset import SubsetTruth, read_subset
from bsnpp.evaluation.detection import DetectionScores, average_precision
from bsnpp.evaluation.matching import match_detections
from bsnpp.evaluation.official import official_scores
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS
from tests.paths import SHARED
from tests.reference.evaluation import Detection, Instance
from tests.reference.evaluation_data import detection_lists, detection_table, instance_lists, instance_table
from tests.reference.official import class_hits, official_ap

REAL = SHARED / "data" / "activitynet"
OFFICIAL_THRESHOLDS = np.linspace(0.5, 0.95, 10)


def evaluate(instances: list[Instance], detections: list[Detection]) -> DetectionScores:
    """Evaluate rows with the thresholds of the official script."""
    tables = instance_table(instances), detection_table(detections)
    return official_scores(match_detections(*tables, OFFICIAL_THRESHOLDS))


@pytest.fixture(scope="module")
def truth() -> SubsetTruth:
    if not REAL.exists():
        pytest.skip(f"no real annotations in {REAL}; set BSNPP_SHARED")
    table = str(REAL / "video_info_new.csv")
    return read_subset(str(REAL / "anet_anno_action.json.gz"), "validation", table)


def plausible_detections(truth: SubsetTruth, per_video: int, seed: int) -> pd.DataFrame:
    """Draw detections around the instances, others anywhere, some with another label; no two equal scores."""
    rng = np.random.default_rng(seed)
    chosen = truth.instances.iloc[rng.integers(0, len(truth.instances), per_video * len(truth.videos))]
    duration = chosen["video"].map(truth.videos.set_index("video")["duration"]).to_numpy()
    length = (chosen["end"] - chosen["start"]).to_numpy()
    spread = rng.choice([0.02, 0.1, 2.0], len(chosen)) * length + 0.01
    bounds = chosen[["start", "end"]].to_numpy() + rng.normal(size=(len(chosen), 2)) * spread[:, None]
    bounds = np.sort(np.clip(bounds, 0.0, duration[:, None]), axis=1)
    other = np.array(truth.classes, dtype=object)[rng.integers(0, len(truth.classes), len(chosen))]
    label = np.where(rng.random(len(chosen)) < 0.2, other, chosen["label"].to_numpy(dtype=object))
    score = rng.permutation(len(chosen)) / len(chosen)
    return pd.DataFrame(
        {"video": chosen["video"].to_numpy(), "label": label, "score": score,
         "start": bounds[:, 0], "end": bounds[:, 1]}
    )  # fmt: skip


def test_the_difference_to_the_official_script_is_zero_on_real_videos(
    truth: SubsetTruth,
) -> None:
    detections = plausible_detections(truth, 4, seed=0)
    assert (len(truth.videos), len(truth.instances), len(detections)) == (4728, 7293, 18912)
    scores = official_scores(match_detections(truth.instances, detections, OFFICIAL_THRESHOLDS))
    rows = detections[["video", "label", "score", "start", "end"]].itertuples(index=False, name=None)
    expected = official_ap(
        list(truth.instances.itertuples(index=False, name=None)), list(rows), OFFICIAL_THRESHOLDS
    )
    assert scores.labels == list(expected)
    official = np.array(list(expected.values())).T.copy()
    assert np.abs(scores.ap - official).max() == 0.0
    assert scores.average_map - official.mean(axis=1).mean() == 0.0
    assert 0.2 < scores.average_map < 0.8


@given(instance_lists, detection_lists())
@settings(max_examples=200, deadline=None)
def test_ap_differs_only_by_rounding_from_that_of_resamples(
    instances: list[Instance], detections: list[Detection]
) -> None:
    matches = match_detections(instance_table(instances), detection_table(detections), [0.3, 0.5, 0.95])
    np.testing.assert_allclose(official_scores(matches).ap, average_precision(matches), rtol=0, atol=1e-15)


def test_true_positives_equal_those_of_the_official_script_on_real_annotations(truth: SubsetTruth) -> None:
    detections = plausible_detections(truth, 1, seed=1)
    matches = match_detections(truth.instances, detections, OFFICIAL_THRESHOLDS)
    rows = list(detections[["video", "label", "score", "start", "end"]].itertuples(index=False, name=None))
    instances = list(truth.instances.itertuples(index=False, name=None))
    for label, name in enumerate(matches.labels):
        of_class = [row for row in rows if row[1] == name]
        _, hits = class_hits([row for row in instances if row[3] == name], of_class, OFFICIAL_THRESHOLDS)
        assert np.array_equal(matches.true_positive[:, matches.class_index == label], hits)


def test_quirk_ties_are_visited_in_an_undefined_order_and_here_in_the_order_of_the_file() -> None:
    instances: list[Instance] = [("a", 0.0, 4.0, "run")]
    right, wrong = ("a", "run", 1.0, 0.0, 4.0), ("a", "run", 1.0, 8.0, 9.0)
    assert official_ap(instances, [right, wrong], OFFICIAL_THRESHOLDS)["run"][0] == 0.5  # the later one first
    assert evaluate(instances, [right, wrong]).average_map == 1.0


def test_quirk_the_last_of_the_instances_with_equal_tiou_is_assigned_and_here_the_first() -> None:
    instances: list[Instance] = [("a", 0.0, 8.0, "run"), ("a", 2.0, 10.0, "run")]
    detections: list[Detection] = [("a", "run", 2.0, 0.0, 10.0), ("a", "run", 1.0, 0.0, 8.0)]
    assert official_ap(instances, detections, OFFICIAL_THRESHOLDS)["run"][6] == 1.0  # at 0.8
    assert evaluate(instances, detections).ap[6, 0] == 0.5


def test_quirk_zero_by_zero_is_a_match_in_the_official_script_and_none_here() -> None:
    instances: list[Instance] = [("a", 3.0, 3.0, "run")]
    detections: list[Detection] = [("a", "run", 1.0, 3.0, 3.0)]
    assert official_ap(instances, detections, OFFICIAL_THRESHOLDS)["run"] == [1.0] * 10
    assert evaluate(instances, detections).average_map == 0.0


def test_quirk_an_instance_of_zero_length_can_never_be_detected() -> None:
    instances: list[Instance] = [("a", 3.0, 3.0, "run"), ("a", 5.0, 6.0, "run")]
    detections: list[Detection] = [("a", "run", 2.0, 2.9, 3.1), ("a", "run", 1.0, 5.0, 6.0)]
    assert official_ap(instances, detections, OFFICIAL_THRESHOLDS)["run"] == [0.25] * 10
    assert evaluate(instances, detections).average_map == 0.25


def test_quirk_a_video_without_ground_truth_holds_false_positives() -> None:
    instances: list[Instance] = [("a", 0.0, 4.0, "run")]
    detections: list[Detection] = [("empty", "run", 2.0, 0.0, 4.0), ("a", "run", 1.0, 0.0, 4.0)]
    assert official_ap(instances, detections, OFFICIAL_THRESHOLDS)["run"] == [0.5] * 10
    assert evaluate(instances, detections).average_map == 0.5


def test_quirk_the_official_thresholds_are_not_all_decimals() -> None:
    different = [
        official for official, exact in zip(OFFICIAL_THRESHOLDS, ACTIVITYNET_THRESHOLDS, strict=True)
        if official != exact
    ]  # fmt: skip
    assert different == [0.8999999999999999]


def test_quirk_duplicate_instances_must_both_be_detected() -> None:
    instances: list[Instance] = [("a", 0.0, 4.0, "run")] * 2
    once: list[Detection] = [("a", "run", 2.0, 0.0, 4.0)]
    twice: list[Detection] = [*once, ("a", "run", 1.0, 0.0, 4.0)]
    for detections, expected in ((once, 0.5), (twice, 1.0)):
        assert official_ap(instances, detections, OFFICIAL_THRESHOLDS)["run"] == [expected] * 10
        assert evaluate(instances, detections).average_map == expected
