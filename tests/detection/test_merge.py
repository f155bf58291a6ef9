"""Merged windows equal plain loops, and give the proposals of one map over the whole recording."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.decode import decode
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.merge import merge_windows
from bsnpp.detection.scored_segments import Proposals
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.soft_nms import soft_nms
from bsnpp.windows.cutting import cut_segments, windows
from bsnpp.windows.settings import WindowSettings
from tests.reference import windows as reference
from tests.reference.packing import pack, unpack

OPTIONS = WindowSettings(cells=8, cell_seconds=0.5, snippet_seconds=0.5)  # windows of 4 s, every second
GRID = ProposalGrid(8)
extents = st.one_of(st.floats(0.7, 14), st.integers(1, 28).map(lambda half: half / 2))


def random_parts(starts: np.ndarray, seed: int, share: float = 0.4) -> list[Proposals]:
    """Draw some proposals of every window, with random scores."""
    generator = np.random.default_rng(seed)
    parts = []
    for _ in starts:
        rows = np.flatnonzero(generator.random(len(GRID)) < share)
        parts.append(Proposals(GRID.segments[rows], generator.random(len(rows))))
    return parts


@given(extent=extents, overlap=st.sampled_from([0.75, 0.5, 0.6, 0.0]), seed=st.integers(0, 999))
@limits(max_examples=80, deadline=None)
def test_equals_the_loops(extent: float, overlap: float, seed: int) -> None:
    options = OPTIONS.model_copy(update={"overlap": overlap})
    starts = windows(extent, options)
    parts = random_parts(starts, seed)
    rows = [
        [(start, end, score) for (start, end), score in zip(part.segments, part.scores, strict=True)]
        for part in parts
    ]
    expected = np.array(reference.merge(rows, starts.tolist(), extent, options)).reshape(-1, 3)
    merged = merge_windows(parts, starts, extent, options)
    assert (np.diff(merged.scores) <= 0).all()
    order = np.lexsort(np.round(merged.segments.T[::-1], 7))
    np.testing.assert_allclose(merged.segments[order] * options.length, expected[:, :2], atol=1e-9)
    np.testing.assert_allclose(merged.scores[order], expected[:, 2], atol=1e-12)


@given(extent=extents, seed=st.integers(0, 999))
@limits(max_examples=80, deadline=None)
def test_proposals_at_an_inner_edge_or_in_the_padding_are_dropped(extent: float, seed: int) -> None:
    starts = windows(extent, OPTIONS)
    for window, part in enumerate(random_parts(starts, seed, share=1.0)):
        empty = Proposals(np.zeros((0, 2)), np.zeros(0))
        alone = [part if other == window else empty for other in range(len(starts))]
        merged = merge_windows(alone, starts, extent, OPTIONS)
        seconds = merged.segments * OPTIONS.length
        assert len(merged) and (seconds[:, 1] <= extent).all() and (seconds[:, 0] < seconds[:, 1]).all()
        if starts[window] > 0:
            assert (seconds[:, 0] > starts[window] + 0.4).all()
        if window < len(starts) - 1:
            assert (seconds[:, 1] < starts[window] + OPTIONS.length - 0.4).all()
        else:
            assert seconds[:, 1].max() == pytest.approx(extent), "the end of the recording is no inner edge"


@pytest.mark.parametrize("cells", [9, 13, 20, 26])
def test_windows_of_one_long_map_give_its_proposals(cells: int) -> None:
    """The maps of the windows are parts of one map of the whole recording."""
    cells += cells % 2  # a whole number of steps, so that the last window has the same cells
    whole = ProposalGrid(cells)
    generator = np.random.default_rng(cells)
    boundary, maps = generator.random((2, cells)), generator.random((3, len(whole)))
    settings = DecodingSettings(candidates="all", top_candidates=10_000)
    extent = cells * OPTIONS.cell_seconds
    dense, starts, parts = unpack(maps, whole), windows(extent, OPTIONS), []
    for first in np.round(starts / OPTIONS.cell_seconds).astype(int):
        part = pack(dense[:, : GRID.scale, first : first + GRID.scale], GRID)
        parts.append(decode(boundary[:, first : first + GRID.scale], part, GRID, settings))
    merged = merge_windows(parts, starts, extent, OPTIONS)
    expected = decode(boundary, maps, whole, settings)
    seconds = expected.segments * extent
    held = np.zeros(len(expected), dtype=bool)
    for start in starts:
        low = start + (0.25 if start > 0 else -1)
        high = start + OPTIONS.length - (0.25 if start + OPTIONS.length < extent - 0.1 else -1)
        held |= (seconds[:, 0] > low) & (seconds[:, 1] < high)
    np.testing.assert_allclose(merged.segments * OPTIONS.length, seconds[held], atol=1e-9)
    np.testing.assert_allclose(merged.scores, expected.scores[held], atol=1e-12)
    lengths = (seconds[:, 1] - seconds[:, 0])[~held]
    assert lengths.min() > OPTIONS.overlap * OPTIONS.length - 2 * OPTIONS.cell_seconds


def test_an_instance_is_restored_from_every_window_that_contains_it() -> None:
    segment, extent = np.array([[3.5, 5.0]]), 9.0
    starts = windows(extent, OPTIONS)
    window, _, inside, visible = cut_segments(segment, starts, OPTIONS)
    windows_inside = [number for number in np.flatnonzero(visible.all(axis=1)) if inside[number, 1] < 4]
    assert window[windows_inside].tolist() == [2, 3], "[1, 5] has an inner edge at its end"
    for number in windows_inside:
        parts = [Proposals(np.zeros((0, 2)), np.zeros(0)) for _ in starts]
        parts[window[number]] = Proposals(inside[number][None] / OPTIONS.length, np.ones(1))
        merged = merge_windows(parts, starts, extent, OPTIONS)
        np.testing.assert_allclose(merged.segments * OPTIONS.length, segment, atol=1e-9)


def test_windows_that_disagree_lower_the_score() -> None:
    starts = windows(6.0, OPTIONS)  # [0, 4], [1, 5], [2, 6] contain [2.5, 3.5]
    seconds = np.array([[2.5, 3.5]])
    parts = [Proposals((seconds - start) / OPTIONS.length, np.array([0.6])) for start in starts]
    merged = merge_windows(parts, starts, 6.0, OPTIONS)
    assert len(merged) == 1 and merged.scores[0] == pytest.approx(0.6)
    parts[1] = Proposals(np.zeros((0, 2)), np.zeros(0))
    assert merge_windows(parts, starts, 6.0, OPTIONS).scores[0] == pytest.approx(0.4)


def test_a_window_with_other_cells_does_not_count() -> None:
    starts = windows(5.2, OPTIONS)  # 0, 1 and 1.2: the last window has other cells
    first = Proposals(np.array([[2.0, 3.0]]) / OPTIONS.length, np.array([0.6]))
    second = Proposals(np.array([[1.0, 2.0]]) / OPTIONS.length, np.array([0.4]))
    none = Proposals(np.zeros((0, 2)), np.zeros(0))
    assert merge_windows([first, second, none], starts, 5.2, OPTIONS).scores.tolist() == pytest.approx([0.5])


def test_a_recording_of_one_window_keeps_all_proposals() -> None:
    scores = np.random.default_rng(0).random(len(GRID))
    merged = merge_windows([Proposals(GRID.segments, scores)], windows(4.0, OPTIONS), 4.0, OPTIONS)
    order = np.argsort(-scores)
    np.testing.assert_allclose(merged.segments, GRID.segments[order])
    np.testing.assert_array_equal(merged.scores, scores[order])


def test_a_short_recording_ends_within_its_last_cell() -> None:
    scores = np.linspace(1, 2, len(GRID))
    merged = merge_windows([Proposals(GRID.segments, scores)], np.zeros(1), 1.2, OPTIONS)
    seconds = np.round(merged.segments * OPTIONS.length, 9)
    expected = {(0.0, 0.5), (0.0, 1.0), (0.0, 1.2), (0.5, 1.0), (0.5, 1.2), (1.0, 1.2)}
    assert {tuple(row) for row in seconds.tolist()} == expected and len(merged) == 6


def test_soft_nms_sees_lengths_as_shares_of_the_window() -> None:
    """The threshold for a proposal of half a window is 0.3 + 0.7 x 0.5."""
    nms = NMSSettings(low=0.3, high=1.0, method="hard")
    starts, extent = windows(400.0, OPTIONS), 400.0
    parts = [Proposals(np.zeros((0, 2)), np.zeros(0)) for _ in starts]
    parts[50] = Proposals(np.array([[2, 6], [3, 7], [5, 7]]) / 8, np.array([0.9, 0.8, 0.7]))
    merged = merge_windows(parts, starts, extent, OPTIONS)
    chosen, _ = soft_nms(merged.segments, merged.scores, nms, 10)
    assert len(chosen) == 3  # the highest tIoU is 3/5, the threshold 0.65
    shares = merged.segments * OPTIONS.length / extent
    assert len(soft_nms(shares, merged.scores, nms, 10)[0]) == 2, (
        "as a share of the recording the threshold is 0.3035"
    )


def test_every_window_needs_a_start() -> None:
    with pytest.raises(ValueError, match="proposals of 1 windows, but 2 starts"):
        merge_windows([Proposals(np.zeros((0, 2)), np.zeros(0))], np.zeros(2), 5.0, OPTIONS)


def test_a_recording_without_proposals_is_allowed() -> None:
    merged = merge_windows([Proposals(np.zeros((0, 2)), np.zeros(0))], np.zeros(1), 4.0, OPTIONS)
    assert merged.segments.shape == (0, 2) and len(merged) == 0


def test_proposals_must_lie_on_the_cells() -> None:
    with pytest.raises(ValueError, match="does not lie on the cells"):
        merge_windows([Proposals(np.array([[0.3, 0.5]]), np.ones(1))], np.zeros(1), 4.0, OPTIONS)
