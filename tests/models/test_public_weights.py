"""Imported BMN weights give the outputs of two public codes, on our grid."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.core.grid import ProposalGrid
from bsnpp.inference.predict import predict_maps
from bsnpp.models.boundary_matching import sampling_matrix
from bsnpp.models.build import build_generator
from bsnpp.models.public_weights import import_bmn
from bsnpp.models.settings import MatchingSettings
from tests.models.public_models import LAYOUTS, each_layout, exact, features, on_our_grid, textbook
from tests.reference.public_bmn import sampling_mask


@each_layout
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
@given(scale=st.integers(2, 9), bins=st.integers(1, 5), width=st.sampled_from([4, 8]))
@settings(max_examples=8, deadline=None)
def test_imported_weights_give_the_public_outputs(
    layout: str, dtype: torch.dtype, tolerance: float, scale: int, bins: int, width: int
) -> None:
    model = textbook(layout, scale=scale, bins=bins, widths=(width, 6, 10))
    if dtype == torch.float64:
        model = exact(model, layout, scale)
    inputs = features(scale=scale).to(dtype)
    imported = import_bmn(model.state_dict(), "file.pth")
    assert (imported.model.channels, imported.scale, imported.layout) == (8, scale, layout)
    with torch.no_grad():
        maps, start, end = model(inputs)
        output = imported.model(inputs)
        boundary = imported.model.boundary_probabilities(inputs, output)
    expected = on_our_grid(maps, layout)
    torch.testing.assert_close(output.confidence[0].sigmoid(), expected, atol=tolerance, rtol=0)
    torch.testing.assert_close(boundary[:, 0], start, atol=tolerance, rtol=0)
    torch.testing.assert_close(boundary[:, 1, :-1], end[:, 1:], atol=tolerance, rtol=0)
    assert torch.equal(boundary[:, 1, -1], boundary[:, 1, -2])


@each_layout
def test_invalid_cells_and_the_axes_of_maps_matter(layout: str) -> None:
    """The public outputs are not those of our own maps, nor those of the other layout."""
    model = textbook(layout)
    imported = import_bmn(model.state_dict(), "file.pth").model
    expected = on_our_grid(model(features())[0], layout)
    for changes in ({"maps": "valid"}, {"maps": "start_end" if layout == "mmaction2" else "duration_start"}):
        other = build_generator(8, imported.settings.model_copy(update=changes))
        other.load_state_dict(imported.state_dict())
        assert (other(features()).confidence[0].sigmoid() - expected).abs().max() > 1e-3


@each_layout
def test_proposals_are_scored_as_in_the_public_code(layout: str) -> None:
    """Both codes multiply the start of s, the end of s + d + 1 and both confidences of the cell."""
    model = textbook(layout)
    imported = import_bmn(model.state_dict(), "file.pth")
    boundary, confidence = predict_maps(imported.model, features().numpy(), "cpu", "float32")
    maps, start, end = (output.detach().numpy() for output in model(features()))
    grid = ProposalGrid(7)
    ours = boundary[:, 0, grid.start_cell] * boundary[:, 1, grid.end_cell] * confidence.prod(axis=1)
    for row, (duration, first) in enumerate(zip(grid.duration_index, grid.start_cell, strict=True)):
        last = first + duration
        if last + 1 < 7:  # neither code emits a proposal that reaches the end of the video
            cell = maps[:, :, first, last] if layout == "jjboy" else maps[:, :, duration, first]
            expected = start[:, first] * end[:, last + 1] * cell.prod(axis=1)
            np.testing.assert_allclose(ours[:, row], expected, atol=1e-5)


@each_layout
@pytest.mark.parametrize(("scale", "bins", "samples"), [(1, 2, 2), (4, 1, 2), (9, 4, 3), (20, 32, 3)])
def test_sampling_points_are_those_of_the_public_mask(
    layout: str, scale: int, bins: int, samples: int
) -> None:
    grid = ProposalGrid(scale)
    chosen = MatchingSettings(bins=bins, samples_per_bin=samples, sampling=layout)
    mask = sampling_mask(scale, layout, bins, samples).view(scale, bins, scale, scale).numpy()
    rows, columns = (
        (grid.start_cell, grid.end_cell) if layout == "jjboy" else (grid.duration_index, grid.start_cell)
    )
    ours = sampling_matrix(grid, chosen).toarray().reshape(len(grid), scale, bins)
    np.testing.assert_allclose(ours, mask[:, :, rows, columns].transpose(2, 0, 1), atol=1e-12)


def test_samples_just_before_the_first_cell_read_its_full_feature() -> None:
    one = MatchingSettings(bins=1, samples_per_bin=1, context=0.5, sampling="mmaction2")
    grid = ProposalGrid(4, 1)  # the first sample of (0, 0) is at -0.5
    assert sampling_matrix(grid, one).toarray()[0].tolist() == [1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("scale", [5, 9])
def test_an_imported_model_runs_at_other_scales_and_with_fewer_durations(scale: int) -> None:
    for layout in LAYOUTS:
        imported = import_bmn(textbook(layout).state_dict(), "file.pth")
        short = imported.model.settings.model_copy(update={"max_duration": 0.5})
        model = build_generator(8, short)
        model.load_state_dict(imported.model.state_dict())
        assert model(features(scale=scale)).confidence[0].shape == (
            3,
            2,
            len(ProposalGrid(scale, scale // 2)),
        )
