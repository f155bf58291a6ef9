"""The time axis: every property that other modules lean on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid


@st.composite
def grids(draw: st.DrawFn) -> ProposalGrid:
    scale = draw(st.integers(1, 24))
    return ProposalGrid(scale, draw(st.integers(1, scale)))


@given(grids())
@settings(max_examples=40, deadline=None)
def test_cells_are_all_proposals_that_fit_by_duration_then_start(grid: ProposalGrid) -> None:
    expected = [(d, s) for d in range(grid.durations) for s in range(grid.scale) if s + d < grid.scale]
    assert list(zip(grid.duration_index, grid.start_cell, strict=True)) == expected
    assert len(grid) == len(expected) == grid.valid.sum()


@given(grids())
@settings(max_examples=40, deadline=None)
def test_segments_are_those_of_the_cells_they_cover(grid: ProposalGrid) -> None:
    starts, ends = grid.segments.T
    np.testing.assert_array_equal(starts, grid.start_cell / grid.scale)
    np.testing.assert_array_equal(ends, (grid.start_cell + grid.duration_index + 1) / grid.scale)
    assert starts.min() == 0.0
    assert (starts < ends).all()


@given(grids())
@settings(max_examples=40, deadline=None)
def test_proposals_that_end_in_the_last_cell_reach_the_end_exactly(grid: ProposalGrid) -> None:
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


@given(grids())
@settings(max_examples=40, deadline=None)
def test_pack_undoes_unpack(grid: ProposalGrid) -> None:
    packed = np.random.default_rng(0).random((3, len(grid)), dtype=np.float32)
    maps = grid.unpack(packed, fill=-1.0)
    assert maps.shape == (3, grid.durations, grid.scale) and maps.dtype == np.float32
    np.testing.assert_array_equal(grid.pack(maps), packed)
    assert (maps[:, ~grid.valid] == -1.0).all()


def test_all_durations_are_the_default() -> None:
    grid = ProposalGrid(100)
    assert grid == ProposalGrid(100, 100)
    assert len(grid) == 5050


@pytest.mark.parametrize(("scale", "durations"), [(0, 0), (-3, 1), (4, 5), (4, -1)])
def test_sizes_that_make_no_grid_are_refused(scale: int, durations: int) -> None:
    with pytest.raises(ValueError, match="must"):
        ProposalGrid(scale, durations)
