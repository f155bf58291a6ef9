"""Concatenation of generators, and suppression within each label and across labels."""

from typing import Literal

import numpy as np
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.labelling import fuse_classes
from bsnpp.detection.per_label import suppress_class_agnostic, suppress_per_label
from bsnpp.detection.scored_segments import Detections, Proposals
from bsnpp.detection.suppression.settings import NMSSettings
from tests.reference import soft_nms as reference

NMS = NMSSettings(sigma=0.4, low=0.1, high=0.3)


def proposals(seed: int, count: int = 40) -> Proposals:
    generator = np.random.default_rng(seed)
    segments = ProposalGrid(20).segments
    return Proposals(segments[generator.choice(len(segments), count, replace=False)], generator.random(count))


def detections(seed: int, labels: int = 4) -> Detections:
    one = proposals(seed)
    drawn = np.random.default_rng(seed + 100).integers(labels, size=len(one))
    return Detections(one.segments, one.scores, drawn)


def rows(detections: Detections) -> list[tuple[float, ...]]:
    return [
        (*segment, score, label)
        for segment, score, label in zip(
            detections.segments, detections.scores, detections.labels, strict=True
        )
    ]


def test_concatenation_changes_no_score() -> None:
    parts = [detections(1), detections(2), detections(3)]
    assert rows(Detections.concatenate(parts)) == [row for part in parts for row in rows(part)]
    joined = Proposals.concatenate([proposals(1), proposals(2)])
    np.testing.assert_array_equal(joined.scores, [*proposals(1).scores, *proposals(2).scores])
    np.testing.assert_array_equal(joined.segments, [*proposals(1).segments, *proposals(2).segments])


@pytest.mark.parametrize("per_video", [5, 25, 100])
@pytest.mark.parametrize("method", ["linear", "hard", "gaussian"])
def test_equals_the_loops_over_labels(method: Literal["linear", "hard", "gaussian"], per_video: int) -> None:
    nms, before = NMS.model_copy(update={"method": method}), detections(4)
    expected = []
    for label in sorted(set(before.labels.tolist())):
        own = np.flatnonzero(before.labels == label)
        kept, values = reference.soft_nms(before.segments[own], before.scores[own], nms, len(own))
        expected += [
            (*before.segments[own[row]], value, label) for row, value in zip(kept, values, strict=True)
        ]
    expected.sort(key=lambda row: -row[2])
    kept_rows = rows(suppress_per_label(before, nms, per_video))
    if method == "gaussian":  # the reference has another exponential function
        np.testing.assert_allclose(kept_rows, expected[:per_video], rtol=1e-12)
    else:
        assert kept_rows == expected[:per_video]


def test_labels_never_suppress_each_other() -> None:
    segment = np.tile([0.2, 0.7], (3, 1))
    kept = suppress_per_label(Detections(segment, np.array([0.9, 0.8, 0.7]), np.array([2, 0, 1])), NMS, 10)
    assert kept.scores.tolist() == [0.9, 0.8, 0.7]
    assert kept.labels.tolist() == [2, 0, 1]


def test_the_order_of_the_generators_changes_nothing() -> None:
    parts = [detections(1), detections(2), detections(3)]
    one = suppress_per_label(Detections.concatenate(parts), NMS, 50)
    other = suppress_per_label(Detections.concatenate(parts[::-1]), NMS, 50)
    assert rows(one) == rows(other)


def test_with_one_class_vector_every_label_keeps_what_class_agnostic_suppression_keeps() -> None:
    before = proposals(5)
    labelled = fuse_classes(
        before, np.array([0.5, 0.0, 0.25]), 2, "product"
    )  # powers of two: scaling is exact
    kept = suppress_per_label(labelled, NMS, 1000)
    agnostic = suppress_class_agnostic(before, NMS, 1000)
    for label, probability in ((0, 0.5), (2, 0.25)):
        own = kept.labels == label
        np.testing.assert_array_equal(kept.segments[own], agnostic.segments)
        np.testing.assert_array_equal(kept.scores[own], probability * agnostic.scores)


def test_a_video_without_detections_is_allowed() -> None:
    none = Detections(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))
    assert len(suppress_per_label(none, NMS, 10)) == 0
    assert len(suppress_class_agnostic(Proposals(np.empty((0, 2)), np.empty(0)), NMS, 10)) == 0


def test_concatenation_needs_a_part() -> None:
    with pytest.raises(ValueError):
        Detections.concatenate([])
