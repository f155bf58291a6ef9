"""Labels: equal to plain loops, symmetric in time, and never without a positive boundary cell."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.core.segments import Shares
from bsnpp.models.directions import reversed_labels
from bsnpp.models.labels import (
    IGNORED,
    VideoInstances,
    boundary_labels,
    confidence_labels,
    region_half_width,
    video_labels,
)
from tests.reference import labels as reference

METHODS = ["paper", "bsn", "bmn"]
SCALES = st.integers(1, 14)
each_method = pytest.mark.parametrize("method", METHODS)


@st.composite
def shares(draw: st.DrawFn) -> float:
    """A share of the video, often on the border of a cell, at its middle, or at an end of the video."""
    scale = draw(SCALES)
    return draw(st.one_of(st.floats(0, 1), st.integers(0, 2 * scale).map(lambda k: k / (2 * scale))))


single_segments = st.tuples(shares(), shares()).map(sorted)
segment_lists = st.lists(single_segments, max_size=4).map(
    lambda rows: Shares(np.array(rows, float).reshape(-1, 2))
)


@each_method
@given(segments=segment_lists, scale=SCALES)
@settings(max_examples=40, deadline=None)
def test_boundary_labels_equal_the_loops(method: str, segments: Shares, scale: int) -> None:
    expected = reference.boundary_labels([tuple(row) for row in segments], scale, method)
    np.testing.assert_array_equal(boundary_labels(segments, scale, method), np.array(expected, np.float32))


@each_method
@given(segments=segment_lists, scale=SCALES, flags=st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_only_visible_edges_have_boundary_labels(
    method: str, segments: Shares, scale: int, flags: int
) -> None:
    visible = np.array([[flags >> 2 * row & 1, flags >> 2 * row & 2] for row in range(len(segments))], bool)
    visible = visible.reshape(-1, 2)
    labels = boundary_labels(segments, scale, method, visible)
    for edge in range(2):
        kept = boundary_labels(Shares(segments[visible[:, edge]]), scale, method)
        np.testing.assert_array_equal(labels[edge], kept[edge])
    everything = boundary_labels(segments, scale, method, np.ones_like(visible))
    np.testing.assert_array_equal(everything, boundary_labels(segments, scale, method))


@given(segments=segment_lists, scale=SCALES)
@settings(max_examples=40, deadline=None)
def test_confidence_labels_equal_the_loops(segments: Shares, scale: int) -> None:
    expected = reference.confidence_labels([tuple(row) for row in segments], scale)
    np.testing.assert_array_equal(
        confidence_labels(segments, ProposalGrid(scale)), np.array(expected, np.float32)
    )


@each_method
@given(segments=segment_lists.filter(len), scale=SCALES)
@settings(max_examples=25, deadline=None)
def test_the_textbook_of_the_benchmark_equals_the_loops(method: str, segments: Shares, scale: int) -> None:
    boundary, iou = reference.labels_by_cell(segments, scale, method)
    rows = [tuple(row) for row in segments]
    np.testing.assert_array_equal(boundary, reference.boundary_labels(rows, scale, method))
    np.testing.assert_array_equal(iou, reference.confidence_labels(rows, scale))


@given(segment=single_segments, scale=st.integers(1, 120))
@settings(max_examples=150, deadline=None)
def test_every_instance_has_a_positive_start_and_end(segment: list[float], scale: int) -> None:
    labels = boundary_labels(Shares(np.array([segment])), scale, "paper")
    for edge in range(2):
        at = min(int(segment[edge] * scale), scale - 1)
        assert labels[edge].max() > 0.99, "at least the cell of the edge lies completely in the region"
        assert labels[edge, max(at - 1, 0) : at + 2].max() > 0.99


@pytest.mark.parametrize("scale", [4, 30, 100])
def test_edges_on_every_cell_border_are_positive(scale: int) -> None:
    for cell in range(scale):
        segment = Shares(np.array([[cell / scale, (cell + 1) / scale]]))
        assert (boundary_labels(segment, scale, "paper") > 0.5).any(axis=1).all()


def test_narrow_regions_can_miss_every_cell() -> None:
    """The reason for the minimum of one cell in `paper`, which `bsn` halves."""
    border = Shares(np.array([[0.3, 0.5]]))
    assert not (boundary_labels(border, 10, "bsn") > 0.5).any()
    assert (boundary_labels(border, 10, "paper") > 0.5).any(axis=1).all()


@each_method
@given(segments=segment_lists, scale=SCALES)
@settings(max_examples=25, deadline=None)
def test_labels_of_the_reversed_video_are_mirrored(method: str, segments: Shares, scale: int) -> None:
    mirrored, grid = Shares(1.0 - segments[:, ::-1]), ProposalGrid(scale)
    expected = boundary_labels(segments, scale, method)[::-1, ::-1]
    np.testing.assert_allclose(boundary_labels(mirrored, scale, method), expected, atol=1e-6)
    expected = confidence_labels(segments, grid)[grid.reversal]
    np.testing.assert_allclose(confidence_labels(mirrored, grid), expected, atol=1e-6)


@given(segments=segment_lists, scale=SCALES)
@settings(max_examples=25, deadline=None)
def test_several_instances_give_the_largest_label_of_each(segments: Shares, scale: int) -> None:
    grid = ProposalGrid(scale)
    for whole, one in [
        (boundary_labels(segments, scale, "paper"), lambda row: boundary_labels(row, scale, "paper")),
        (confidence_labels(segments, grid), lambda row: confidence_labels(row, grid)),
    ]:
        expected = np.max([np.zeros_like(whole), *(one(row[None]) for row in segments)], axis=0)
        np.testing.assert_array_equal(whole, expected)


def test_half_widths_of_the_methods() -> None:
    length = np.array([0.05, 0.6])
    widths = {method: region_half_width(length, 20, method).tolist() for method in METHODS}
    assert widths["paper"] == pytest.approx([0.05, 0.06])
    assert widths["bsn"] == pytest.approx([0.025, 0.03])
    assert widths["bmn"] == pytest.approx([0.075, 0.075])


def test_boundary_labels_by_hand() -> None:
    labels = boundary_labels(Shares(np.array([[0.25, 0.8]])), 10, "bmn")  # regions [.1, .4] and [.65, .95]
    np.testing.assert_allclose(labels[0], [0, 1, 1, 1, 0, 0, 0, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(labels[1], [0, 0, 0, 0, 0, 0, 0.5, 1, 1, 0.5], atol=1e-6)


def test_a_video_without_instances_has_no_positive_label() -> None:
    none = Shares(np.zeros((0, 2)))
    assert boundary_labels(none, 8, "paper").tolist() == [[0.0] * 8] * 2
    assert confidence_labels(none, ProposalGrid(8)).tolist() == [0.0] * 36


def test_an_instance_of_zero_length_has_edges_but_no_overlap() -> None:
    point = Shares(np.array([[0.5, 0.5]]))
    labels = boundary_labels(point, 8, "paper")
    assert (labels[0] == labels[1]).all() and labels.max() == 1.0
    assert confidence_labels(point, ProposalGrid(8)).max() == 0.0


@pytest.mark.parametrize("scale", [1, 7, 10, 100])
def test_the_whole_video_is_the_longest_proposal(scale: int) -> None:
    grid = ProposalGrid(scale)
    labels = confidence_labels(Shares(np.array([[0.0, 1.0]])), grid)
    assert np.flatnonzero(labels == 1.0).tolist() == [len(grid) - 1]
    assert (grid.duration_index[-1], grid.start_cell[-1]) == (scale - 1, 0)


def test_an_instance_shorter_than_a_cell_is_nearest_to_that_cell() -> None:
    grid = ProposalGrid(10)
    labels = confidence_labels(Shares(np.array([[0.42, 0.46]])), grid)
    assert labels.argmax() == 4 and grid.duration_index[4] == 0 and grid.start_cell[4] == 4
    assert labels.max() == pytest.approx(0.4)


@given(scale=st.sampled_from([4, 7, 30, 80, 100]), durations=st.integers(1, 100), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_segment_of_a_cell_has_its_labels_in_that_cell(
    scale: int, durations: int, data: st.DataObject
) -> None:
    """Its confidence label is 1 only there, and its edges are positive in its first and last cell."""
    grid = ProposalGrid(scale, min(durations, scale))
    last = len(grid) - 1  # the longest proposal that ends with the video
    cell = data.draw(st.one_of(st.just(last), st.integers(0, last)))
    segment = Shares(grid.segments[[cell]])
    confidence = confidence_labels(segment, grid)
    assert np.flatnonzero(confidence > 1 - 1e-6).tolist() == [cell]
    start, end = boundary_labels(segment, scale, "paper")
    assert start[grid.start_cell[cell]] > 0.5 and end[grid.end_cell[cell]] > 0.5


def test_an_edge_cut_off_by_a_window_has_no_boundary_label() -> None:
    segments, grid = Shares(np.array([[0.0, 0.5]])), ProposalGrid(8)
    whole = video_labels(VideoInstances(segments), grid, "paper")
    cut = video_labels(VideoInstances(segments, np.array([[False, True]])), grid, "paper")
    assert (whole["boundary"].max(axis=1) == 1).all()
    assert not cut["boundary"][0].any() and cut["boundary"][1].max() == 1
    np.testing.assert_array_equal(cut["iou"], whole["iou"])


@pytest.mark.parametrize(("covered", "cells"), [(2.3 / 4, 5), (0.5, 4), (0.5 + 1e-9, 4), (1.0, 8)])
def test_padding_of_a_short_recording_is_ignored(covered: float, cells: int) -> None:
    """A cell that begins before the end of the recording is not padding."""
    segments, grid = Shares(np.array([[0.0, 0.55]])), ProposalGrid(8)
    whole = video_labels(VideoInstances(segments), grid, "paper")
    short = video_labels(VideoInstances(segments, covered=covered), grid, "paper")
    inside = grid.end_cell < cells
    assert (short["boundary"][:, cells:] == IGNORED).all() and (short["iou"][~inside] == IGNORED).all()
    np.testing.assert_array_equal(short["boundary"][:, :cells], whole["boundary"][:, :cells])
    np.testing.assert_array_equal(short["iou"][inside], whole["iou"][inside])


@given(segments=segment_lists, scale=st.integers(2, 14))
@settings(max_examples=40, deadline=None)
def test_reversed_labels_are_those_of_the_reversed_video(segments: Shares, scale: int) -> None:
    grid = ProposalGrid(scale)
    mirrored = VideoInstances(Shares(1 - segments[:, ::-1]))
    forward, backward = (
        {name: torch.from_numpy(values)[None] for name, values in video_labels(one, grid, "paper").items()}
        for one in (VideoInstances(segments), mirrored)
    )
    for name, values in reversed_labels(forward, grid).items():
        torch.testing.assert_close(values, backward[name], atol=1e-6, rtol=0)
    twice = reversed_labels(reversed_labels(forward, grid), grid)
    assert all(torch.equal(twice[name], values) for name, values in forward.items())
