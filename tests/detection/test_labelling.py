"""Class fusion: the score and the classes of each detection."""

import math
from typing import Literal

import numpy as np
import pytest

from bsnpp.detection.labelling import fuse_classes
from bsnpp.detection.scored_segments import Proposals

PROPOSALS = Proposals(np.array([[0.0, 0.5], [0.25, 1.0], [0.1, 0.2]]), np.array([0.9, 0.5, 0.0]))
PROBABILITY = np.array([0.1, 0.6, 0.05, 0.25])


@pytest.mark.parametrize("how", ["product", "sqrt"])
@pytest.mark.parametrize("top_k", [1, 2, 4, 9])
def test_equals_the_loops_for_the_video_and_for_each_proposal(
    how: Literal["product", "sqrt"], top_k: int
) -> None:
    each = np.stack([PROBABILITY, PROBABILITY[::-1], np.array([0.0, 0.5, 0.5, 0.0])])
    for probability in (PROBABILITY, each):
        expected = []
        for row, (segment, score) in enumerate(zip(PROPOSALS.segments, PROPOSALS.scores, strict=True)):
            values = probability if probability.ndim == 1 else probability[row]
            for label in sorted(range(4), key=lambda label: -values[label])[:top_k]:
                product = score * values[label]
                expected.append((*segment, product if how == "product" else math.sqrt(product), label))
        detections = fuse_classes(PROPOSALS, probability, top_k, how)
        rows = zip(detections.segments, detections.scores, detections.labels, strict=True)
        assert [(*segment, score, label) for segment, score, label in rows] == expected


def test_of_equally_probable_classes_the_first_is_chosen() -> None:
    assert fuse_classes(PROPOSALS, np.full(5, 0.2), 2, "product").labels.tolist() == [0, 1] * 3


def test_equal_rows_give_the_same_as_one_row() -> None:
    one = fuse_classes(PROPOSALS, PROBABILITY, 2, "sqrt")
    many = fuse_classes(PROPOSALS, np.tile(PROBABILITY, (3, 1)), 2, "sqrt")
    np.testing.assert_array_equal(one.scores, many.scores)
    np.testing.assert_array_equal(one.labels, many.labels)


@pytest.mark.parametrize("shape", [(4,), (0, 4)])
def test_no_proposals_give_no_detections(shape: tuple[int, ...]) -> None:
    none = Proposals(np.empty((0, 2)), np.empty(0))
    detections = fuse_classes(none, np.full(shape, 0.25), 2, "product")
    assert len(detections) == 0 and detections.segments.shape == (0, 2) and detections.labels.shape == (0,)


def test_take_selects_whole_rows() -> None:
    detections = fuse_classes(PROPOSALS, PROBABILITY, 2, "product")
    some = detections.take(np.array([5, 0]))
    assert some.segments.tolist() == [[0.1, 0.2], [0.0, 0.5]]
    assert some.labels.tolist() == [3, 1]
    assert some.scores.tolist() == [0.0, 0.9 * 0.6]


@pytest.mark.parametrize(
    ("probability", "top_k", "message"),
    [
        (np.ones((2, 4)), 1, r"or \(3, K\)"),
        (np.ones((3, 4, 1)), 1, r"or \(3, K\)"),
        (np.array([0.5, np.nan]), 1, "finite"),
        (np.array([0.5, -0.1]), 1, "at least 0"),
        (PROBABILITY, 0, "top_k"),
    ],
)
def test_invalid_probabilities_are_refused(probability: np.ndarray, top_k: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fuse_classes(PROPOSALS, probability, top_k, "product")
