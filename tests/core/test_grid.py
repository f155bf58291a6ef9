"""The time axis: cells and proposals, and the properties that other modules rely on."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import (
    ProposalGrid,
    begun_cells,
    cell_edges,
    cell_overlap,
    cells_to_share,
    whole_cells,
)
from tests.reference.packing import cells


@st.composite
def grids(draw: st.DrawFn) -> ProposalGrid:
    scale = draw(st.integers(1, 24))
    return ProposalGrid(scale, draw(st.integers(1, scale)))


@given(grids())
@settings(max_examples=40, deadline=None)
def test_valid_cells_are_ordered_by_duration_then_start(grid: ProposalGrid) -> None:
    expected = cells(grid)
    assert list(zip(grid.duration_index, grid.start_cell, strict=True)) == expected
    assert len(grid) == len(expected) == grid.valid.sum()


@given(grids())
@settings(max_examples=40, deadline=None)
def test_segments_cover_their_cells(grid: ProposalGrid) -> None:
    starts, ends = grid.segments.T
    np.testing.assert_array_equal(starts, grid.start_cell / grid.scale)
    np.testing.assert_array_equal(ends, (grid.start_cell + grid.duration_index + 1) / grid.scale)
    np.testing.assert_array_equal(grid.length, grid.end_cell - grid.start_cell + 1)
    assert starts.min() == 0.0
    assert (starts < ends).all()


@given(grids())
@settings(max_examples=40, deadline=None)
def test_proposals_that_end_in_the_last_cell_end_exactly_at_1(grid: ProposalGrid) -> None:
    at_end = grid.end_cell == grid.scale - 1
    assert at_end.sum() == grid.durations
    assert (grid.segments[at_end, 1] == 1.0).all()
    assert (grid.segments[~at_end, 1] < 1.0).all()


@given(grids())
@settings(max_examples=40, deadline=None)
def test_reversal_mirrors_segments_and_is_its_own_inverse(grid: ProposalGrid) -> None:
    np.testing.assert_array_equal(grid.reversal[grid.reversal], np.arange(len(grid)))
    np.testing.assert_allclose(grid.segments[grid.reversal], 1 - grid.segments[:, ::-1], atol=1e-15)


@given(grids())
@settings(max_examples=40, deadline=None)
def test_reversal_agrees_with_reversed_boundary_probabilities(grid: ProposalGrid) -> None:
    start, end = np.random.default_rng(0).random((2, grid.scale))
    forward = start[grid.start_cell] * end[grid.end_cell]
    backward = end[::-1][grid.start_cell] * start[::-1][grid.end_cell]
    np.testing.assert_array_equal(forward[grid.reversal], backward)


def test_all_durations_are_the_default() -> None:
    grid = ProposalGrid(100)
    assert grid == ProposalGrid(100, 100)
    assert len(grid) == 5050


@pytest.mark.parametrize(("scale", "durations"), [(0, 0), (-3, 1), (4, 5), (4, -1)])
def test_invalid_sizes_are_refused(scale: int, durations: int) -> None:
    with pytest.raises(ValueError, match="must"):
        ProposalGrid(scale, durations)


@given(st.integers(1, 200), st.floats(0.01, 1000))
@settings(max_examples=40, deadline=None)
def test_edges_divide_a_length_into_equal_cells(scale: int, length: float) -> None:
    edges = cell_edges(scale, length)
    assert (edges[0], len(edges)) == (0.0, scale + 1)
    np.testing.assert_allclose(np.diff(edges), length / scale, rtol=1e-9)
    np.testing.assert_array_equal(cell_edges(scale), np.arange(scale + 1) / scale)


@given(st.integers(1, 1000), st.integers(1, 1000))
@settings(max_examples=200, deadline=None)
def test_rounding_errors_do_not_change_the_number_of_cells(scale: int, thousandths: int) -> None:
    exact = Fraction(thousandths, 1000) * scale
    assert whole_cells(thousandths / 1000, scale) == exact // 1
    assert begun_cells(thousandths / 1000, scale) == -(-exact // 1)
    cell = thousandths % scale
    assert whole_cells(cells_to_share(cell, scale), scale) == begun_cells(cell / scale, scale) == cell


def test_overlap_is_a_share_of_the_cell_and_negative_at_a_distance() -> None:
    overlap = cell_overlap(np.array([[0.25], [0.5]]), np.array([[0.375], [1.0]]), 4)
    np.testing.assert_allclose(overlap, [[0.0, 0.5, -0.5, -1.5], [-1.0, 0.0, 1.0, 1.0]], atol=1e-15)
