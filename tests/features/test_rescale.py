"""Rescaling equals plain loops and torch, and commutes with time reversal."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.features.rescale import METHODS, rescale
from tests.reference.rescale import rescale as slow_rescale

methods = pytest.mark.parametrize("method", sorted(METHODS))
lengths = st.integers(1, 40)
scales = st.integers(1, 40)


def sequence_of(length: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((length, channels)).astype(np.float32)


@methods
@settings(max_examples=40, deadline=None)
@given(length=st.sampled_from([1, 2, 3, 5, 13, 29, 37]), scale=st.sampled_from([1, 2, 3, 7, 11, 31, 41]))
def test_equals_the_loops(method: str, length: int, scale: int) -> None:
    # No cell edge of these lengths and scales is on a snippet centre, where rounding decides about a cell.
    sequence = sequence_of(length)
    np.testing.assert_allclose(
        rescale(sequence, scale, method), slow_rescale(sequence, scale, method), atol=2e-6
    )


@settings(max_examples=60, deadline=None)
@given(length=lengths, scale=scales)
def test_linear_is_torch_interpolate(length: int, scale: int) -> None:
    sequence = sequence_of(length)
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(sequence.T[None]), size=scale, mode="linear", align_corners=False
    )[0]
    # torch rounds its positions to float32, up to 4e-6 at 40 snippets, but not in float64.
    np.testing.assert_allclose(rescale(sequence, scale), expected, atol=2e-5)
    exact = torch.nn.functional.interpolate(
        torch.from_numpy(sequence.T[None].astype(np.float64)), size=scale, mode="linear", align_corners=False
    )[0]
    np.testing.assert_allclose(rescale(sequence, scale), exact, atol=1e-6)


@methods
@settings(max_examples=60, deadline=None)
@given(length=lengths, scale=scales)
def test_commutes_with_reversal(method: str, length: int, scale: int) -> None:
    sequence = sequence_of(length)
    mirrored = rescale(sequence[::-1], scale, method)[:, ::-1]
    np.testing.assert_allclose(mirrored, rescale(sequence, scale, method), atol=2e-6)


@settings(max_examples=40, deadline=None)
@given(length=lengths, scale=scales)
def test_a_constant_sequence_stays_constant(length: int, scale: int) -> None:
    sequence = np.full((length, 2), 0.3, np.float32)
    assert (rescale(sequence, scale, "linear") == np.float32(0.3)).all()
    assert (rescale(sequence, scale, "roi_align") == np.float32(0.3)).all()
    inside = rescale(sequence, scale, "bin_mean")
    np.testing.assert_allclose(inside[inside != 0], 0.3, rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(length=lengths)
def test_linear_at_its_own_length_is_the_identity(length: int) -> None:
    sequence = sequence_of(length)
    assert (rescale(sequence, length) == sequence.T).all()


@methods
def test_one_snippet_fills_every_cell(method: str) -> None:
    sequence = sequence_of(1)
    assert (rescale(sequence, 5, method) == sequence.T).all()


def test_bin_mean_is_zero_only_outside_the_centres() -> None:
    # Centres at 1/4 and 3/4: of ten cells the first two and the last two lie outside.
    result = rescale(np.ones((2, 1), np.float32), 10, "bin_mean")[0]
    np.testing.assert_allclose(result, [0, 0, 1, 1, 1, 1, 1, 1, 0, 0])


def test_shape_dtype_and_memory_order() -> None:
    result = rescale(sequence_of(7, channels=4), 11)
    assert (result.shape, result.dtype, result.flags.c_contiguous) == ((4, 11), np.float32, True)


def test_invalid_arguments() -> None:
    with pytest.raises(ValueError, match=r"\(0, 3\)"):
        rescale(np.zeros((0, 3), np.float32), 4)
    with pytest.raises(ValueError, match="not 0"):
        rescale(sequence_of(3), 0)
