"""Soft-NMS selects what plain loops select, with the same bits from both back ends."""

import itertools
import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.suppression import soft_nms as module
from bsnpp.detection.suppression import suppress as suppression
from bsnpp.detection.suppression.decay import gaussian_decay
from bsnpp.detection.suppression.settings import NMS_PRESETS, NMSSettings
from bsnpp.detection.suppression.soft_nms import soft_nms
from bsnpp.detection.suppression.suppress import Select
from tests.reference import soft_nms as reference

VARIANTS = {
    **{name: NMSSettings.model_validate(name) for name in NMS_PRESETS},
    "linear at any overlap": NMSSettings(method="linear"),
    "linear above .5": NMSSettings(method="linear", low=0.5, high=0.5),
    "hard above .6": NMSSettings(method="hard", low=0.6, high=0.6),
    "hard by width": NMSSettings(method="hard", low=0.3, high=0.9),
    "none": NMSSettings(method="none"),
}
GAUSSIAN = [name for name, nms in VARIANTS.items() if nms.method == "gaussian"]
OTHERS = [name for name in VARIANTS if name not in GAUSSIAN]
ROUNDING = 1e-12
"""Relative error of a score after many decays by exponentials that are rounded differently."""


def candidates(seed: int, count: int, scale: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Return segments of a grid, some of them repeated, and scores, some of them equal and some 0."""
    generator = np.random.default_rng(seed)
    segments = ProposalGrid(scale).segments
    scores = np.round(generator.random(count) ** 2, 2)
    return segments[generator.integers(len(segments), size=count)], scores


def compiled() -> Select:
    """Return the compiled back end; skip the test without numba."""
    pytest.importorskip("numba")
    from bsnpp.detection.suppression.soft_nms_numba import soft_nms as select

    return select


@pytest.mark.parametrize("variant", OTHERS)
@pytest.mark.parametrize("prefix", [1, 8, 1024])
@given(seed=st.integers(0, 2**32), count=st.integers(0, 60), keep=st.integers(1, 70))
@settings(max_examples=15, deadline=None)
def test_equals_the_plain_loops_exactly(variant: str, prefix: int, seed: int, count: int, keep: int) -> None:
    segments, scores = candidates(seed, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PREFIX", prefix)
        rows, values = soft_nms(segments, scores, VARIANTS[variant], keep)
    expected, expected_values = reference.soft_nms(segments, scores, VARIANTS[variant], keep)
    assert rows.tolist() == expected
    assert values.tolist() == expected_values


@pytest.mark.parametrize("variant", GAUSSIAN)
@pytest.mark.parametrize("prefix", [1, 8, 1024])
@given(seed=st.integers(0, 2**32), count=st.integers(0, 60), keep=st.integers(1, 70))
@settings(max_examples=15, deadline=None)
def test_gaussian_soft_nms_selects_the_best_candidate_each_time(
    variant: str, prefix: int, seed: int, count: int, keep: int
) -> None:
    segments, scores = candidates(seed, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PREFIX", prefix)
        rows, values = soft_nms(segments, scores, VARIANTS[variant], keep)
    selection = rows.tolist(), values.tolist()
    reference.check_selection(segments, scores, VARIANTS[variant], keep, selection, ROUNDING)


@pytest.mark.parametrize("variant", VARIANTS)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 60), keep=st.integers(1, 70))
@settings(max_examples=50, deadline=None)
def test_both_back_ends_give_the_same_bits_with_ties(variant: str, seed: int, count: int, keep: int) -> None:
    segments, scores = candidates(seed, count)
    assert_same_bits(segments, scores, VARIANTS[variant], keep)


@pytest.mark.parametrize("variant", VARIANTS)
@given(seed=st.integers(0, 2**32), sigma=st.floats(0.01, 10), keep=st.integers(1, 120))
@settings(max_examples=10, deadline=None)
def test_both_back_ends_give_the_same_bits(variant: str, seed: int, sigma: float, keep: int) -> None:
    generator = np.random.default_rng(seed)
    segments = np.sort(generator.random((1500, 2)), axis=1)  # on no grid, so all overlaps differ
    scores = generator.random(1500) ** 4
    assert_same_bits(segments, scores, VARIANTS[variant].model_copy(update={"sigma": sigma}), keep)


def assert_same_bits(segments: np.ndarray, scores: np.ndarray, nms: NMSSettings, keep: int) -> None:
    ours, theirs = soft_nms(segments, scores, nms, keep), compiled()(segments, scores, nms, keep)
    assert [array.tobytes() for array in ours] == [array.tobytes() for array in theirs]


def test_the_compiled_back_end_is_used_after_many_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[bool] = []
    select = compiled()

    def counted(*arguments: Any) -> tuple[np.ndarray, np.ndarray]:
        used.append(True)
        return select(*arguments)

    monkeypatch.setattr(suppression, "compiled_back_end", lambda: counted)
    monkeypatch.setattr(suppression, "calls", itertools.count())
    monkeypatch.setattr(suppression, "COMPILED_AFTER", 2)
    segments, scores = candidates(1, 50)
    chosen, expected = soft_nms(segments, scores, NMSSettings(), 10)
    for _ in range(4):
        selected, values = suppression.suppress(segments, scores, NMSSettings(), 10)
        np.testing.assert_array_equal(selected, segments[chosen])
        np.testing.assert_array_equal(values, expected)
    assert len(used) == 2


def test_without_numba_the_plain_back_end_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "bsnpp.detection.suppression.soft_nms_numba", raising=False)
    monkeypatch.setattr(suppression, "COMPILED_AFTER", 0)
    suppression.compiled_back_end.cache_clear()
    try:
        segments, scores = candidates(1, 50)
        selected, values = suppression.suppress(segments, scores, NMSSettings(), 10)
        assert suppression.compiled_back_end() is None
    finally:
        suppression.compiled_back_end.cache_clear()
    chosen, expected = soft_nms(segments, scores, NMSSettings(), 10)
    np.testing.assert_array_equal(selected, segments[chosen])
    np.testing.assert_array_equal(values, expected)


@given(iou=st.floats(0, 1), sigma=st.floats(0.01, 10))
@settings(deadline=None, max_examples=200)
def test_the_decay_is_the_exponential_function_to_the_documented_accuracy(iou: float, sigma: float) -> None:
    decay, exponent = float(gaussian_decay(np.array([iou]), sigma)[0]), iou * iou / sigma
    assert decay == pytest.approx(math.exp(-exponent), rel=4e-16 * (1 + exponent), abs=0)
    assert 0 < decay <= 1


def test_the_decay_rounds_like_a_library_and_is_one_without_overlap() -> None:
    iou = np.linspace(0, 1, 100_001)
    decay = gaussian_decay(iou, 0.5)
    np.testing.assert_allclose(decay, np.exp(-iou * iou / 0.5), rtol=4e-16 * 3)
    assert decay[0] == 1.0


@pytest.mark.parametrize("variant", VARIANTS)
def test_equals_the_plain_loops_on_a_whole_map(variant: str) -> None:
    segments = ProposalGrid(60).segments  # 1,830 candidates: more than the initial prefix
    scores = np.random.default_rng(3).random(len(segments))
    rows, values = soft_nms(segments, scores, VARIANTS[variant], 40)
    expected, expected_values = reference.soft_nms(segments, scores, VARIANTS[variant], 40)
    assert rows.tolist() == expected
    np.testing.assert_allclose(values, expected_values, rtol=ROUNDING if variant in GAUSSIAN else 0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_without_overlap_only_the_order_changes(variant: str) -> None:
    edges = np.arange(20) / 20  # segments that touch do not overlap
    segments = np.stack([edges, edges + 1 / 20], axis=1)
    segments[:-1, 1] = segments[1:, 0]
    scores = np.random.default_rng(0).permutation(20) / 20
    rows, values = soft_nms(segments, scores, VARIANTS[variant], 100)
    np.testing.assert_array_equal(rows, np.argsort(-scores))
    np.testing.assert_array_equal(values, scores[rows])


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_order_of_the_input_changes_nothing(variant: str) -> None:
    segments, _ = candidates(5, 80)
    generator = np.random.default_rng(6)
    scores = generator.permutation(80) / 80
    order = generator.permutation(80)
    first, first_values = soft_nms(segments, scores, VARIANTS[variant], 50)
    second, second_values = soft_nms(segments[order], scores[order], VARIANTS[variant], 50)
    np.testing.assert_array_equal(order[second], first)
    np.testing.assert_array_equal(second_values, first_values)


@pytest.mark.parametrize("variant", [name for name in VARIANTS if "hard" not in name])
def test_soft_methods_keep_every_candidate_up_to_the_last(variant: str) -> None:
    segments, scores = candidates(7, 25)
    rows, _ = soft_nms(segments, scores, VARIANTS[variant], 25)
    assert sorted(rows) == list(range(25))


@pytest.mark.parametrize("variant", VARIANTS)
def test_scores_never_rise(variant: str) -> None:
    segments, scores = candidates(8, 60)
    rows, values = soft_nms(segments, scores, VARIANTS[variant], 60)
    assert (np.diff(values) <= 0).all()
    assert (values <= scores[rows]).all()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_smaller_keep_gives_the_first_of_a_larger_one(variant: str) -> None:
    segments, scores = candidates(9, 60)
    many, many_values = soft_nms(segments, scores, VARIANTS[variant], 40)
    few, few_values = soft_nms(segments, scores, VARIANTS[variant], 7)
    np.testing.assert_array_equal(few, many[:7])
    np.testing.assert_array_equal(few_values, many_values[:7])


def test_no_candidates_give_no_selection() -> None:
    for variant in VARIANTS.values():
        rows, values = soft_nms(np.empty((0, 2)), np.empty(0), variant, 10)
        assert rows.shape == values.shape == (0,)
        assert rows.dtype == np.int64


def test_the_input_is_not_modified() -> None:
    segments, scores = candidates(10, 30)
    before = segments.copy(), scores.copy()
    for variant in VARIANTS.values():
        soft_nms(segments, scores, variant, 30)
    np.testing.assert_array_equal(segments, before[0])
    np.testing.assert_array_equal(scores, before[1])
