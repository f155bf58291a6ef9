"""Maps of a video on its time axis."""

import numpy as np
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.reporting.video_maps import confidence_of, recording_maps, video_maps


@pytest.mark.parametrize(("scale", "durations"), [(1, 1), (5, 5), (8, 3)])
def test_every_proposal_lies_at_its_centre_in_the_row_of_its_length(scale: int, durations: int) -> None:
    grid = ProposalGrid(scale, durations)
    values = np.random.default_rng(0).random(len(grid))
    curves = np.random.default_rng(1).random((2, scale))
    maps = video_maps("bsnpp", grid, curves, values, 20.0)
    assert maps.confidence.shape == (durations, 2 * scale)
    assert (maps.seconds, maps.longest) == (pytest.approx(20.0), pytest.approx(20.0 * durations / scale))
    for (start, end), value in zip(grid.segments * 20.0, values, strict=True):
        row = round((end - start) / maps.cell) - 1
        centre = (start + end) / maps.cell  # in half cells
        columns = [round(centre) - 1, round(centre)]
        assert np.allclose(maps.confidence[row, columns], value)
    assert np.isfinite(maps.confidence).sum() == 2 * len(grid)
    assert np.allclose(maps.boundary[:, ::2], curves) and np.allclose(maps.boundary[:, 1::2], curves)
    assert maps.peak == values.max()


def plain_recording(
    grid: ProposalGrid, confidence: np.ndarray, starts: np.ndarray, extent: float, cell: float
) -> dict[tuple[float, float], list[float]]:
    """Collect the confidence of every segment of a recording from the windows that may propose it."""
    drawn: dict[tuple[float, float], list[float]] = {}
    for values, window in zip(confidence, starts, strict=True):
        for d, s, value in zip(grid.duration_index, grid.start_cell, values, strict=True):
            start, end = window + s * cell, window + (s + d + 1) * cell
            if (s == 0 and window > 0) or (s + d == grid.scale - 1 and end < extent - 1e-6):
                continue
            if end - cell < extent - 1e-6 and end <= extent + cell / 2 + 1e-6:
                drawn.setdefault((round(start, 6), round(end, 6)), []).append(value)
    return drawn


def test_windows_are_averaged_without_proposals_at_their_inner_edges() -> None:
    grid, cell, extent = ProposalGrid(8), 0.5, 10.0
    starts = np.array([0.0, 1.0, 3.5, 6.0])
    random = np.random.default_rng(0)
    confidence, boundary = random.random((4, len(grid))), random.random((4, 2, 8))
    maps = recording_maps("bmn", grid, boundary, confidence, starts, extent, cell)
    assert maps.confidence.shape == (8, 40)
    expected = np.full((8, 40), np.nan)
    for (start, end), values in plain_recording(grid, confidence, starts, extent, cell).items():
        row, middle = round((end - start) / cell) - 1, round((start + end) / cell)
        expected[row, [middle - 1, middle]] = np.mean(values)
    assert np.allclose(maps.confidence, expected, equal_nan=True)
    assert np.allclose(maps.boundary[:, :2], boundary[0][:, :1])
    both = (boundary[0][:, 2] + boundary[1][:, 0]) / 2
    assert np.allclose(maps.boundary[:, 4], both)


def test_a_short_recording_is_covered_by_its_padded_window() -> None:
    grid = ProposalGrid(8)
    ones = np.ones((1, len(grid)))
    maps = recording_maps("bmn", grid, np.ones((1, 2, 8)), ones, [0.0], 1.2, 0.5)
    assert maps.confidence.shape == (8, 5)
    assert np.isfinite(maps.confidence).sum() > 0 and np.isnan(maps.confidence[4:]).all()


def test_the_confidence_is_a_geometric_mean_of_the_last_two_channels() -> None:
    maps = np.array([[9.0], [0.25], [0.64]])
    assert confidence_of(maps)[0] == pytest.approx(0.4)
    assert confidence_of(maps[1:])[0] == pytest.approx(0.4)
