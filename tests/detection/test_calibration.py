"""Calibrations keep the order of a generator's detections, and give ranks or mean tIoU."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.calibration import UNCHANGED, Calibration, isotonic_calibration
from bsnpp.detection.calibration import calibrated, fit_calibrations, label_overlap, rank_calibration
from bsnpp.detection.scored_segments import Detections
from tests.reference.isotonic import isotonic_blocks
from tests.reference.soft_nms import overlap

shares = st.lists(st.integers(0, 40).map(lambda number: number / 40), min_size=1, max_size=30)


def detections(seed: int, count: int = 30) -> Detections:
    generator = np.random.default_rng(seed)
    segments = np.sort(generator.random((count, 2)), axis=1)
    return Detections(segments, generator.random(count), generator.integers(3, size=count))


@given(scores=shares, others=shares)
@settings(deadline=None, max_examples=40)
def test_a_rank_calibration_keeps_the_order_of_scores(scores: list[float], others: list[float]) -> None:
    calibrated = rank_calibration(np.array(scores), np.zeros(len(scores)))(np.sort(others))
    assert (np.diff(calibrated) >= 0).all() and (calibrated >= 0).all()


@given(scores=shares)
@settings(deadline=None, max_examples=40)
def test_a_rank_is_the_share_of_scores_that_are_at_most_as_high(scores: list[float]) -> None:
    ranks = rank_calibration(np.array(scores), np.zeros(len(scores)))(np.array(scores))
    expected = [sum(other <= score for other in scores) / len(scores) for score in scores]
    np.testing.assert_allclose(ranks, expected, atol=1.1e-3)  # of a thousand quantiles


@given(
    pairs=st.lists(
        st.tuples(st.integers(1, 40), st.integers(0, 10)), min_size=1, max_size=25, unique_by=lambda p: p[0]
    )
)
@settings(deadline=None, max_examples=40)
def test_an_isotonic_calibration_has_the_blocks_of_the_plain_regression(pairs: list[tuple[int, int]]) -> None:
    points = sorted((score / 40, tiou / 10) for score, tiou in pairs)
    calibration = isotonic_calibration(*np.array(points[::-1]).T)
    np.testing.assert_allclose(
        np.stack([calibration.knots, calibration.values], axis=1), isotonic_blocks(points), atol=1e-9
    )


def test_a_weight_counts_a_point_several_times() -> None:
    rng = np.random.default_rng(0)
    scores, values, times = rng.random(20), rng.random(20), rng.integers(1, 5, 20)
    weighted = isotonic_calibration(scores, values, times)
    repeated = isotonic_calibration(np.repeat(scores, times), np.repeat(values, times))
    np.testing.assert_allclose(weighted.knots, repeated.knots, atol=1e-12)
    np.testing.assert_allclose(weighted.values, repeated.values, atol=1e-12)


@given(scores=shares, tious=shares, others=shares)
@settings(deadline=None, max_examples=40)
def test_an_isotonic_calibration_never_decreases(
    scores: list[float], tious: list[float], others: list[float]
) -> None:
    count = min(len(scores), len(tious))
    calibration = isotonic_calibration(np.array(scores[:count]), np.array(tious[:count]))
    assert (np.diff(calibration.knots) > 0).all() and (np.diff(calibration.values) >= 0).all()
    assert (np.diff(calibration(np.sort(others))) >= -1e-15).all()


def test_a_calibration_is_proportional_outside_its_knots() -> None:
    calibration = Calibration(np.array([0.2, 0.4]), np.array([0.1, 0.8]))
    np.testing.assert_allclose(
        calibration(np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.6])), [0, 0.05, 0.1, 0.45, 0.8, 1.2]
    )
    scores = np.random.default_rng(0).random(20)
    np.testing.assert_array_equal(UNCHANGED(scores), scores)


@given(seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_the_overlap_is_with_the_nearest_instance_of_the_same_label(seed: int) -> None:
    detected = detections(seed, 8)
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
        for segment, label in zip(detected.segments, detected.labels, strict=True)
    ]
    np.testing.assert_allclose(label_overlap(detected, truth.segments, truth.labels), expected, atol=1e-12)


@pytest.mark.parametrize("how", ["rank", "isotonic"])
def test_a_generator_with_transformed_scores_is_calibrated_alike(how: str) -> None:
    """Scores that are squared and a hundred times smaller are equal after calibration."""
    detected = detections(3, 400)
    shrunk = Detections(detected.segments, detected.scores**2 / 100, detected.labels)
    instances = pd.DataFrame(
        {"video": ["v"] * 2, "start": [5.0, 20.0], "end": [15.0, 45.0], "label": ["a", "b"]}
    )
    calibrations = fit_calibrations(how, [("v", 50.0, [detected, shrunk])], instances, ["a", "b", "c"])
    first, second = (
        calibrated(part, calibration)
        for calibration, part in zip(calibrations, (detected, shrunk), strict=True)
    )
    order = np.argsort(detected.scores)
    if how == "rank":
        np.testing.assert_allclose(first.scores, second.scores, atol=2e-3)
    else:  # the blocks are the same, their centres are not
        np.testing.assert_allclose(calibrations[0].values, calibrations[1].values)
    assert (np.diff(second.scores[order]) >= 0).all()


def test_a_part_without_detections_keeps_its_scores() -> None:
    nothing = Detections(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))
    instances = pd.DataFrame({"video": ["v"], "start": [0.0], "end": [1.0], "label": ["a"]})
    calibrations = fit_calibrations(
        "rank", [("v", 10.0, [nothing, detections(1)])], instances, ["a", "b", "c"]
    )
    assert calibrations[0] is UNCHANGED and calibrations[1] is not UNCHANGED


def test_without_any_overlap_an_isotonic_calibration_is_one_of_ranks() -> None:
    nowhere = pd.DataFrame({"video": ["w"], "start": [0.0], "end": [1.0], "label": ["a"]})
    videos = [("v", 10.0, [detections(0), detections(1)])]
    with pytest.warns(UserWarning, match="scores are ranks, not isotonic"):
        calibrations = fit_calibrations("isotonic", videos, nowhere, ["a", "b", "c"])
    for one, other in zip(
        calibrations, fit_calibrations("rank", videos, nowhere, ["a", "b", "c"]), strict=True
    ):
        np.testing.assert_array_equal(one.values, other.values)
