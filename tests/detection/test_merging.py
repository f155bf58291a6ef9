"""Merging equals plain loops and the public `ensemble-boxes`, and has the properties of a weighted mean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.segments import Shares
from bsnpp.detection.merging import merge_parts
from bsnpp.detection.merging_settings import MergingSettings
from bsnpp.detection.scored_segments import Detections
from tests.reference.merging import merge

HOW = st.sampled_from(["parts", "count", "max"])
PUBLIC = {"parts": "box_and_model_avg", "count": "avg", "max": "max"}
rows = st.lists(  # part, length, start, label
    st.tuples(st.integers(0, 2), st.floats(0.05, 0.5), st.floats(0, 0.5), st.integers(0, 1)), max_size=25
)


def parts_of(drawn: list[tuple[int, float, float, int]], scores: list[float]) -> list[Detections]:
    """Return the detections of three parts; scores by row."""
    result = []
    for part in range(3):
        own = [(row, score) for row, score in zip(drawn, scores, strict=True) if row[0] == part]
        segments = np.array([(start, start + length) for (_, length, start, _), _ in own]).reshape(-1, 2)
        labels = np.array([row[3] for row, _ in own], dtype=np.int64)
        result.append(Detections(Shares(segments), np.array([score for _, score in own]), labels))
    return result


def distinct(count: int, seed: int) -> list[float]:
    """Return shuffled scores in (0, 1) without ties."""
    scores = (np.arange(count) + 1) / (count + 1)
    return np.random.default_rng(seed).permutation(scores).tolist()


@given(rows, st.integers(0, 99), st.floats(0.1, 0.9), HOW)
@settings(max_examples=100, deadline=None)
def test_equals_plain_loops(
    drawn: list[tuple[int, float, float, int]], seed: int, tiou: float, how: str
) -> None:
    scores = distinct(len(drawn), seed)
    made = merge_parts(parts_of(drawn, scores), MergingSettings.model_validate({"tiou": tiou, "score": how}))
    detections = [
        (part, score, start, start + length, label)
        for (part, length, start, label), score in zip(drawn, scores, strict=True)
    ]
    expected = merge(detections, 3, tiou, how)
    assert len(made) == len(expected)
    both = sorted(zip(made.scores, *made.segments.T, made.labels, strict=True)), sorted(expected)
    np.testing.assert_allclose(np.reshape(both[0], (-1, 4)), np.reshape(both[1], (-1, 4)), atol=1e-12)


@pytest.mark.parametrize("how", ["parts", "count", "max"])
@pytest.mark.parametrize("seed", range(5))
def test_equals_the_public_library(how: str, seed: int) -> None:
    library = pytest.importorskip("ensemble_boxes", reason="ensemble-boxes (the extra dev) is not installed")
    random = np.random.default_rng(seed)
    drawn = [
        (int(part), float(length), float(start), int(label))
        for part, length, start, label in zip(
            random.integers(0, 3, 60), random.uniform(0.05, 0.5, 60), random.uniform(0, 0.5, 60),
            random.integers(0, 2, 60), strict=True,
        )
    ]  # fmt: skip
    parts = parts_of(drawn, distinct(60, seed))
    made = merge_parts(parts, MergingSettings.model_validate({"tiou": 0.6, "score": how}))
    columns = zip(*[(one.segments, one.scores, one.labels) for one in parts], strict=True)
    segments, scores, labels = library.weighted_boxes_fusion_1d(*columns, iou_thr=0.6, conf_type=PUBLIC[how])
    assert len(made) == len(scores) < 60
    order = np.lexsort((segments[:, 0], -np.round(scores, 5)))
    own = np.lexsort((made.segments[:, 0], -np.round(made.scores, 5)))
    np.testing.assert_allclose(made.scores[own], scores[order], atol=1e-6)
    np.testing.assert_allclose(made.segments[own], segments[order], atol=1e-6)
    np.testing.assert_array_equal(made.labels[own], labels[order])


@given(rows, st.integers(0, 99), HOW)
@settings(max_examples=50, deadline=None)
def test_nothing_leaves_the_range_of_its_members(
    drawn: list[tuple[int, float, float, int]], seed: int, how: str
) -> None:
    parts = parts_of(drawn, distinct(len(drawn), seed))
    made = merge_parts(parts, MergingSettings.model_validate({"score": how}))
    whole = Detections.concatenate(parts)
    assert len(made) <= len(whole) and set(made.labels) == set(whole.labels)
    assert (np.diff(made.scores) <= 0).all()
    for label in set(made.labels):
        segments, own = whole.segments[whole.labels == label], made.segments[made.labels == label]
        assert (own.min(axis=0) >= segments.min(axis=0) - 1e-12).all()
        assert (own.max(axis=0) <= segments.max(axis=0) + 1e-12).all()
    if len(whole):
        assert made.scores.max() <= whole.scores.max() + 1e-12


@given(rows.filter(bool), st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_parts_that_agree_entirely_merge_to_one_of_them(
    drawn: list[tuple[int, float, float, int]], seed: int
) -> None:
    scores = distinct(len(drawn), seed)
    alone = parts_of([(0, *row[1:]) for row in drawn], scores)[0]
    once = merge_parts([alone], MergingSettings(score="max"))
    twice = merge_parts([alone, alone], MergingSettings(score="max"))
    assert len(twice) <= len(alone) and twice.scores[0] == once.scores[0]
    apart = Detections(Shares(np.array([[0.0, 1.0], [2.0, 3.0]])), np.array([0.9, 0.4]), np.array([0, 0]))
    same = merge_parts([apart, apart], MergingSettings(score="parts"))
    np.testing.assert_allclose(same.segments, apart.segments)
    np.testing.assert_allclose(same.scores, apart.scores)


def test_agreement_of_two_parts_outranks_a_lone_detection_of_the_same_score() -> None:
    one = Detections(Shares(np.array([[0.0, 1.0], [5.0, 6.0]])), np.array([0.8, 0.8]), np.array([0, 0]))
    other = Detections(Shares(np.array([[0.1, 1.1]])), np.array([0.4]), np.array([0]))
    made = merge_parts([one, other], MergingSettings(tiou=0.5))
    np.testing.assert_allclose(made.segments, [[0.1 / 3, 1 + 0.1 / 3], [5.0, 6.0]])
    np.testing.assert_allclose(made.scores, [0.6, 0.4])


def test_scores_of_zero_are_merged_without_a_warning() -> None:
    zero = Detections(Shares(np.array([[0.0, 1.0], [0.0, 0.9]])), np.zeros(2), np.array([0, 0]))
    made = merge_parts([zero, zero], MergingSettings(tiou=0.5))
    assert made.segments.tolist() == [[0.0, 1.0]] and made.scores.tolist() == [0.0]
