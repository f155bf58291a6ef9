import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.evaluation.overlap import encode
from bsnpp.evaluation.proposals import ProposalScores, Segments, average_recall, packed_average_recall
from bsnpp.evaluation.thresholds import ACTIVITYNET_THRESHOLDS
from tests.reference.average_recall import textbook_average_recall
from tests.reference.evaluation import Detection, Instance
from tests.reference.evaluation_data import (
    VIDEOS,
    detection_lists,
    detection_table,
    instance_lists,
    instance_table,
)

EVALUATED = [*VIDEOS, "elsewhere"]
THRESHOLDS = list(ACTIVITYNET_THRESHOLDS)


def _textbook(instances: list[Instance], detections: list[Detection], most: int) -> list[list[float]]:
    proposals = [(video, score, start, end) for video, _, score, start, end in detections]
    return textbook_average_recall([i[:3] for i in instances], proposals, EVALUATED, most, THRESHOLDS)


@given(instance_lists, detection_lists(), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_average_recall_equals_the_textbook(
    instances: list[Instance], detections: list[Detection], most: int
) -> None:
    scores = average_recall(instance_table(instances), detection_table(detections), EVALUATED, most)
    assert np.array_equal(scores.recall, _textbook(instances, detections, most))


def test_videos_of_uneven_sizes_at_a_hundred_proposals_equal_the_textbook() -> None:
    rng = np.random.default_rng(1)
    instances = [(str(rng.choice(VIDEOS)), *np.sort(rng.uniform(0, 50, 2)), "run") for _ in range(30)]
    sizes = {"a": 290, "b": 7, "elsewhere": 213}  # none in c; more than a hundred per video on average
    detections = [
        (video, "run", float(rng.random()), *np.sort(rng.uniform(0, 50, 2)))
        for video, size in sizes.items()
        for _ in range(size)
    ]
    scores = average_recall(instance_table(instances), detection_table(detections), EVALUATED)
    assert np.array_equal(scores.recall, _textbook(instances, detections, 100))
    assert 0 < scores.ar_at(1) < scores.ar_at(100) < 1
    assert scores.auc == pytest.approx(np.trapezoid(scores.recall.mean(axis=0), dx=1.0) / 100, abs=1e-15)


def test_arrays_give_the_same_recall_as_tables() -> None:
    instances = instance_table([("a", 0, 4, "run"), ("c", 1, 9, "sit")])
    proposals = detection_table([("c", "", 1.0, 1, 9), ("c", "", 2.0, 0, 1), ("a", "", 3.0, 0, 4)])
    truth, segments = (
        Segments(encode(table["video"], EVALUATED), table["start"].to_numpy(), table["end"].to_numpy())
        for table in (instances, proposals)
    )
    scores = packed_average_recall(truth, segments, proposals["score"].to_numpy(), len(EVALUATED), 5)
    assert np.array_equal(scores.recall, average_recall(instances, proposals, EVALUATED, 5).recall)


def test_perfect_proposals_recall_everything_at_every_an() -> None:
    instances = instance_table([("a", 0, 4, "run"), ("b", 1, 9, "sit")])
    scores = average_recall(instances, instances.assign(score=1.0), ["a", "b"])
    assert scores.ar_at(100) == 1.0
    assert scores.auc == pytest.approx(0.99)


def test_no_proposals_recall_nothing() -> None:
    scores = average_recall(instance_table([("a", 0, 4, "run")]), detection_table([]), ["a"], 3)
    assert np.array_equal(scores.recall, np.zeros((10, 3)))


def test_proposals_are_truncated_like_the_official_script_does() -> None:
    # At AN = 29 of 100, int(100 * 0.29) = 28 proposals count; the 29th, the correct one, counts from AN = 30.
    proposals = pd.DataFrame({"video": "a", "score": np.arange(100.0, 0.0, -1.0), "start": 50.0, "end": 60.0})
    proposals.loc[28, ["start", "end"]] = [0.0, 4.0]
    scores = average_recall(instance_table([("a", 0, 4, "run")]), proposals, ["a"])
    assert [scores.ar_at(28), scores.ar_at(29), scores.ar_at(30)] == [0.0, 0.0, 1.0]


def test_recall_at_an_outside_its_range_is_refused() -> None:
    scores = ProposalScores(np.array([0.5]), np.ones((1, 10)))
    for number in (0, 11):
        with pytest.raises(ValueError, match=r"computed at 1\.\.10"):
            scores.ar_at(number)


def test_an_unknown_video_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' is not among the 1 evaluated videos"):
        average_recall(instance_table([("a", 0, 4, "run")]), detection_table([]), ["b"])
