"""Scores on one scale: the order of a generator's detections stays, and scales mean what they say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.detection.labelling import Detections
from bsnpp.detection.score_scales import (
    UNCHANGED,
    ScoreScale,
    fit_scales,
    isotonic_scale,
    label_overlap,
    rank_scale,
)
from tests.reference.isotonic import isotonic_blocks
from tests.reference.soft_nms import overlap

shares = st.lists(st.integers(0, 40).map(lambda number: number / 40), min_size=1, max_size=30)


def detections(seed: int, count: int = 30) -> Detections:
    generator = np.random.default_rng(seed)
    segments = np.sort(generator.random((count, 2)), axis=1)
    return Detections(segments, generator.random(count), generator.integers(3, size=count))


@given(scores=shares, others=shares)
@settings(deadline=None, max_examples=40)
def test_a_rank_scale_never_lets_a_score_fall_behind_a_lower_one(
    scores: list[float], others: list[float]
) -> None:
    meant = rank_scale(np.array(scores))(np.sort(others))
    assert (np.diff(meant) >= 0).all() and (meant >= 0).all()


@given(scores=shares)
@settings(deadline=None, max_examples=40)
def test_a_rank_is_the_share_of_scores_that_are_at_most_as_high(scores: list[float]) -> None:
    found = rank_scale(np.array(scores))(np.array(scores))
    expected = [sum(other <= score for other in scores) / len(scores) for score in scores]
    np.testing.assert_allclose(found, expected, atol=1.1e-3)  # of a thousand quantiles


@given(
    pairs=st.lists(
        st.tuples(st.integers(1, 40), st.integers(0, 10)), min_size=1, max_size=25, unique_by=lambda p: p[0]
    )
)
@settings(deadline=None, max_examples=40)
def test_an_isotonic_scale_has_the_blocks_of_the_plain_regression(pairs: list[tuple[int, int]]) -> None:
    points = sorted((score / 40, tiou / 10) for score, tiou in pairs)
    scale = isotonic_scale(*np.array(points[::-1]).T)
    np.testing.assert_allclose(
        np.stack([scale.given, scale.meant], axis=1), isotonic_blocks(points), atol=1e-9
    )


@given(scores=shares, tious=shares, others=shares)
@settings(deadline=None, max_examples=40)
def test_an_isotonic_scale_never_falls(scores: list[float], tious: list[float], others: list[float]) -> None:
    count = min(len(scores), len(tious))
    scale = isotonic_scale(np.array(scores[:count]), np.array(tious[:count]))
    assert (np.diff(scale.given) > 0).all() and (np.diff(scale.meant) >= 0).all()
    assert (np.diff(scale(np.sort(others))) >= -1e-15).all()


def test_outside_its_knots_a_scale_is_proportional() -> None:
    scale = ScoreScale(np.array([0.2, 0.4]), np.array([0.1, 0.8]))
    np.testing.assert_allclose(
        scale(np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.6])), [0, 0.05, 0.1, 0.45, 0.8, 1.2]
    )
    scores = np.random.default_rng(0).random(20)
    np.testing.assert_array_equal(UNCHANGED(scores), scores)


@given(seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_the_overlap_is_with_the_nearest_instance_of_the_same_label(seed: int) -> None:
    found = detections(seed, 8)
    truth = detections(seed + 1, 4)
    expected = [
        max(
            (
                overlap(tuple(segment), tuple(instance))
                for instance, of in zip(truth.segments, truth.labels, strict=True)
                if of == label
            ),
            default=0.0,
        )
        for segment, label in zip(found.segments, found.labels, strict=True)
    ]
    np.testing.assert_allclose(label_overlap(found, truth.segments, truth.labels), expected, atol=1e-12)


@pytest.mark.parametrize("how", ["rank", "isotonic"])
def test_a_generator_on_another_scale_competes_as_before(how: str) -> None:
    """Scores that are a hundred times smaller, or squared, mean the same after matching."""
    found = detections(3, 400)
    shrunk = Detections(found.segments, found.scores**2 / 100, found.labels)
    instances = pd.DataFrame(
        {"video": ["v"] * 2, "start": [5.0, 20.0], "end": [15.0, 45.0], "label": ["a", "b"]}
    )
    scales = fit_scales(how, [("v", 50.0, [found, shrunk])], instances, ["a", "b", "c"])  # type: ignore[arg-type]
    first, second = (scale.applied(part) for scale, part in zip(scales, (found, shrunk), strict=True))
    order = np.argsort(found.scores)
    if how == "rank":
        np.testing.assert_allclose(first.scores, second.scores, atol=2e-3)
    else:  # the blocks are the same, their centres are not
        np.testing.assert_allclose(scales[0].meant, scales[1].meant)
    assert (np.diff(second.scores[order]) >= 0).all()


def test_a_part_without_detections_keeps_its_scores() -> None:
    nothing = Detections(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))
    instances = pd.DataFrame({"video": ["v"], "start": [0.0], "end": [1.0], "label": ["a"]})
    scales = fit_scales("rank", [("v", 10.0, [nothing, detections(1)])], instances, ["a", "b", "c"])
    assert scales[0] is UNCHANGED and scales[1] is not UNCHANGED
