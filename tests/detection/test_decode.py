"""Decoding equals plain loops over map cells, for every score; scores can be registered from outside."""

import itertools
from typing import Literal

import numpy as np
import pytest
from pydantic import ValidationError

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.decode import candidate_cells, decode
from bsnpp.detection.scores import SCORES
from bsnpp.detection.settings import DetectionSettings
from bsnpp.detection.sweep import sweep_settings
from bsnpp.detection.sweep_settings import SweepSettings
from tests.reference import decode as reference
from tests.reference.packing import unpack


def maps_of(grid: ProposalGrid, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return boundary probabilities and maps with many ties."""
    generator = np.random.default_rng(seed)
    boundary = np.round(generator.random((2, grid.scale)) ** 3, 1).astype(np.float32)
    return boundary, np.round(generator.random((3, len(grid))), 1).astype(np.float32)


@pytest.mark.parametrize(("score", "candidates"), list(itertools.product(SCORES, ["peaks", "all"])))
@pytest.mark.parametrize("top", [1, 7, 1000])
def test_equals_the_loops(score: str, candidates: Literal["peaks", "all"], top: int) -> None:
    settings = DetectionSettings(score=score, candidates=candidates, top_candidates=top)
    for seed, grid in enumerate([ProposalGrid(1), ProposalGrid(2), ProposalGrid(11), ProposalGrid(12, 5)]):
        boundary, maps = maps_of(grid, seed)
        proposals = decode(boundary, maps, grid, settings)
        expected = reference.decode(boundary, unpack(maps, grid), grid.scale, grid.durations, settings)
        np.testing.assert_array_equal(proposals.segments, [proposal[:2] for proposal in expected])
        np.testing.assert_array_equal(proposals.scores, [proposal[2] for proposal in expected])
        assert len(proposals) == len(expected) <= top


def test_proposals_are_sorted_by_score_then_by_cell() -> None:
    grid = ProposalGrid(12)
    boundary, maps = maps_of(grid, 4)
    proposals = decode(boundary, maps, grid, DetectionSettings(candidates="all"))
    assert (np.diff(proposals.scores) <= 0).all()
    cells = {tuple(segment): cell for cell, segment in enumerate(grid.segments)}
    order = [cells[tuple(segment)] for segment in proposals.segments]
    tied = np.flatnonzero(np.diff(proposals.scores) == 0)
    assert len(tied) and all(order[row] < order[row + 1] for row in tied)


def test_first_start_and_last_end_are_always_candidates() -> None:
    grid = ProposalGrid(6)
    boundary = np.array([[0.0, 0.1, 0.9, 0.1, 0.0, 0.0], [0.0, 0.0, 0.1, 0.9, 0.1, 0.0]])
    kept = grid.segments[candidate_cells(boundary, grid)]
    expected = {(2 / 6, 4 / 6), (0, 4 / 6), (2 / 6, 1), (0, 1)}
    assert {(start, end) for start, end in kept} == expected


def test_peaks_below_half_the_maximum_and_plateaus_above_it_are_candidates() -> None:
    grid = ProposalGrid(8, 1)  # proposals of one cell, which is both start and end
    start = np.array([0.0, 0.2, 0.1, 0.6, 0.6, 0.1, 1.0, 0.4])
    boundary = np.stack([start, np.ones(8)])
    assert np.flatnonzero(candidate_cells(boundary, grid)).tolist() == [0, 1, 3, 4, 6]


def test_a_reversed_video_has_the_mirrored_candidates() -> None:
    grid = ProposalGrid(15)
    boundary = np.random.default_rng(1).random((2, 15))
    backward = boundary[::-1, ::-1]
    np.testing.assert_array_equal(
        candidate_cells(boundary, grid)[grid.reversal], candidate_cells(backward, grid)
    )


def test_a_short_maximum_duration_may_leave_no_candidate() -> None:
    grid = ProposalGrid(6, 1)
    boundary = np.array([[1.0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1.0]])
    proposals = decode(boundary, np.ones((3, 6)), grid, DetectionSettings())
    assert len(proposals) == 0 and proposals.segments.shape == (0, 2)


def test_the_scores_are_their_formulas() -> None:
    maps = np.array([[0.5], [0.25], [0.64]])
    values = {name: score(*maps).item() for name, score in SCORES.items()}
    assert values == pytest.approx({"paper": 0.5 * 0.4, "recall": 0.5 * 0.16, "detection": 0.16})


def test_a_score_that_is_registered_from_outside_is_a_value_of_the_settings_and_decodes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ValidationError, match="must be one of paper, recall, detection"):
        DetectionSettings(score="toy")
    monkeypatch.setitem(SCORES, "toy", lambda boundary, classification, regression: regression**2)
    settings = DetectionSettings.model_validate_json('{"score": "toy", "candidates": "all"}')
    grid = ProposalGrid(6)
    boundary, maps = maps_of(grid, 3)
    proposals = decode(boundary, maps, grid, settings)
    np.testing.assert_array_equal(proposals.scores, np.sort(maps[2].astype(float) ** 2)[::-1])
    schema = DetectionSettings.model_json_schema()["properties"]["score"]
    assert schema["enum"] == ["paper", "recall", "detection", "toy"]
    swept = [setting.score for setting in sweep_settings(settings, SweepSettings(score=("toy",)))]
    assert set(swept) == {"own", "toy"}


def test_shapes_must_fit_the_grid() -> None:
    grid = ProposalGrid(6)
    boundary, maps = maps_of(grid, 0)
    with pytest.raises(ValueError, match="maps must be"):
        decode(boundary, maps[:, :-1], grid, DetectionSettings())
    with pytest.raises(ValueError, match="boundary must be"):
        decode(boundary[:, :-1], maps, grid, DetectionSettings())
