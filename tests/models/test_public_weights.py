"""Public BMN weights: the outputs of two codes, on our grid, and files that are no such weights."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.inference.predict import predict_maps
from bsnpp.inference.settings import InferenceSettings
from bsnpp.models.boundary_matching import sampling_matrix
from bsnpp.models.build import load_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.public_weights import import_bmn, read_state
from bsnpp.models.settings import MatchingSettings
from bsnpp.stores.features import write_features
from bsnpp.stores.maps import open_member
from tests.paths import script
from tests.reference.public_bmn import PublicBMN, sampling_mask

LAYOUTS = ["jjboy", "mmaction2"]
each_layout = pytest.mark.parametrize("layout", LAYOUTS)


def textbook(layout: str, **changes: int) -> PublicBMN:
    """A public model with larger weights than fresh ones, so that no output is nearly constant."""
    model = PublicBMN(layout, **changes)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name != "sample_mask":
                parameter.normal_(std=0.4)
    return model


def exact(model: PublicBMN, layout: str, scale: int) -> PublicBMN:
    """The same model in float64, its mask too."""
    model = model.double()
    model.sample_mask.copy_(sampling_mask(scale, layout, model.bins, 3))
    return model


def features(channels: int = 8, scale: int = 7) -> Tensor:
    return torch.randn(3, channels, scale, generator=torch.Generator().manual_seed(3))


def on_our_grid(maps: Tensor, layout: str) -> Tensor:
    """Public (B, 2, T, T) of (regression, classification) to ours (B, 2, V), cell by cell."""
    grid = ProposalGrid(maps.shape[-1])
    cells = []
    for duration, start in zip(grid.duration_index, grid.start_cell, strict=True):
        where = (start, start + duration) if layout == "jjboy" else (duration, start)
        cells.append(maps[:, [1, 0], where[0], where[1]])
    return torch.stack(cells, dim=-1)


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
    imported = import_bmn(model.state_dict())
    assert (imported.channels, imported.scale) == (8, scale)
    with torch.no_grad():
        maps, start, end = model(inputs)
        found = imported.model(inputs)
        boundary = imported.model.boundary_probabilities(inputs, found)
    expected = on_our_grid(maps, layout)
    torch.testing.assert_close(found.confidence[0].sigmoid(), expected, atol=tolerance, rtol=0)
    torch.testing.assert_close(boundary[:, 0], start, atol=tolerance, rtol=0)
    torch.testing.assert_close(boundary[:, 1, :-1], end[:, 1:], atol=tolerance, rtol=0)
    assert torch.equal(boundary[:, 1, -1], boundary[:, 1, -2])


@each_layout
def test_what_stands_in_other_cells_and_which_neighbours_there_are_matters(layout: str) -> None:
    """The public outputs are not those of our own maps, nor of the other layout's."""
    model = textbook(layout)
    imported = import_bmn(model.state_dict()).model
    expected = on_our_grid(model(features())[0], layout)
    for changes in ({"maps": "valid"}, {"maps": "start_end" if layout == "mmaction2" else "duration_start"}):
        other = type(imported)(8, imported.settings.model_copy(update=changes))
        other.load_state_dict(imported.state_dict())
        assert (other(features()).confidence[0].sigmoid() - expected).abs().max() > 1e-3


@each_layout
def test_proposals_are_scored_as_by_the_public_code(layout: str) -> None:
    """Both codes multiply the start of s, the end of s + d + 1 and both confidences of the cell."""
    model = textbook(layout)
    imported = import_bmn(model.state_dict())
    boundary, confidence = predict_maps(imported.model, features().numpy(), "cpu")
    maps, start, end = (output.detach().numpy() for output in model(features()))
    grid = ProposalGrid(7)
    ours = boundary[:, 0, grid.start_cell] * boundary[:, 1, grid.end_cell] * confidence.prod(axis=1)
    for row, (duration, first) in enumerate(zip(grid.duration_index, grid.start_cell, strict=True)):
        last = first + duration
        if last + 1 < 7:  # neither emits a proposal that reaches the end of the video
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


def test_samples_before_the_first_cell_read_it_in_full() -> None:
    one = MatchingSettings(bins=1, samples_per_bin=1, context=0.5, sampling="mmaction2")
    grid = ProposalGrid(4, 1)  # the first sample of (0, 0) lies at -0.5
    assert sampling_matrix(grid, one).toarray()[0].tolist() == [1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("scale", [5, 9])
def test_an_imported_model_runs_at_other_scales_and_with_fewer_durations(scale: int) -> None:
    for layout in LAYOUTS:
        imported = import_bmn(textbook(layout).state_dict())
        short = imported.settings.model_copy(update={"max_duration": 0.5})
        model = type(imported.model)(8, short)
        model.load_state_dict(imported.model.state_dict())
        assert model(features(scale=scale)).confidence[0].shape == (
            3,
            2,
            len(ProposalGrid(scale, scale // 2)),
        )


def test_every_wrong_key_is_named_in_one_message() -> None:
    state = textbook("jjboy").state_dict()
    del state["x_1d_p.0.bias"]
    state["x_1d_q.0.bias"] = torch.zeros(1)
    state["x_1d_e.0.weight"] = torch.zeros(8, 3, 3)
    state["x_2d_p.6.bias"] = torch.zeros(2, 1)
    with pytest.raises(UserError) as error:
        import_bmn(state, "file.pth")
    assert str(error.value).splitlines()[:-1] == [
        "file.pth: no BMN of JJBOY or mmaction2:",
        "  x_1d_p.0.bias: missing",
        "  x_1d_q.0.bias: unexpected",
        "  x_1d_e.0.weight: shape (8, 3, 3), expected (8, 2, 3)",
        "  x_2d_p.6.bias: shape (2, 1), expected (2)",
    ]


def test_a_model_of_another_architecture_is_told() -> None:
    with pytest.raises(UserError, match=r"x_1d_b\.0\.weight: missing(.|\n)*base\.weight: unexpected"):
        import_bmn({"base.weight": torch.zeros(3)})


def test_other_sampling_is_told() -> None:
    filled = textbook("jjboy").state_dict()
    filled["sample_mask"] = filled["sample_mask"] + 0.01 * (filled["sample_mask"] == 0)
    for state in (filled, textbook("jjboy", samples=2).state_dict()):
        with pytest.raises(UserError, match="sample_mask is that of neither"):
            import_bmn(state)


def test_a_mask_that_samples_outside_the_proposals_is_told() -> None:
    state = textbook("mmaction2").state_dict()
    state["sample_mask"].view(7, 4, 7, 7)[:, :, 6, 6] = 0.25  # (6, 6) is no proposal
    with pytest.raises(UserError, match="sample_mask is that of neither"):
        import_bmn(state)


def test_sizes_that_do_not_fit_each_other_are_told() -> None:
    state = textbook("jjboy").state_dict()
    state["sample_mask"] = state["sample_mask"][:, :-1]
    for name in ("x_1d_b.2", "x_1d_s.0", "x_1d_e.0"):
        state[f"{name}.weight"] = torch.zeros(8, 3, 3)
    with pytest.raises(UserError, match=r"3 channels a group do not divide 8(.|\n)*195 columns, expected 4"):
        import_bmn(state)


@pytest.mark.parametrize("wrap", ["plain", "checkpoint", "safetensors"])
def test_files_of_public_codes_are_read(wrap: str, tmp_path: Path) -> None:
    state = textbook("jjboy").state_dict()
    path = tmp_path / ("weights.safetensors" if wrap == "safetensors" else "weights.pth.tar")
    if wrap == "safetensors":
        safetensors.torch.save_file(state, path)
    elif wrap == "plain":
        torch.save(state, path)
    else:
        torch.save({"epoch": 3, "state_dict": {f"module.{n}": t for n, t in state.items()}}, path)
    found = read_state(path)
    assert found.keys() == state.keys() and all(torch.equal(found[name], state[name]) for name in state)


class Malicious:
    """Anything that a pickle would run."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("executed",)


@pytest.mark.parametrize("content", [Malicious(), [torch.zeros(2)], {"state_dict": {"a": 1}}])
def test_other_files_are_told_and_run_nothing(
    content: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(content, tmp_path / "weights.pth")
    with pytest.raises(UserError, match=r"weights\.pth: "):
        read_state(tmp_path / "weights.pth")
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["weights.pth", "weights.safetensors"])
def test_missing_and_damaged_files_are_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_state(tmp_path / name)
    (tmp_path / name).write_bytes(b"\x08no weights")
    with pytest.raises(UserError, match=name):
        read_state(tmp_path / name)


def run_script(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script(name)), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@each_layout
def test_imported_weights_predict_maps(layout: str, tmp_path: Path) -> None:
    model = textbook(layout)
    torch.save(model.state_dict(), tmp_path / "weights.pth")
    write_features(tmp_path / "f.h5", "toy", 7, 8, zip("abc", features().numpy(), strict=True), list("abc"))
    given = ["--weights", tmp_path / "weights.pth", "--model", tmp_path / "model.safetensors"]
    result = run_script("import_weights", *given)
    assert result.returncode == 0 and f"layout {layout}, 8 channels, T = 7" in result.stderr
    assert load_generator(tmp_path / "model.safetensors")[1] == 8
    chosen = json.dumps(
        {"inference": InferenceSettings().model_dump(), "compute": ComputeSettings().model_dump()}
    )
    files = [
        "--model",
        tmp_path / "model.safetensors",
        "--features",
        tmp_path / "f.h5",
        "--maps",
        tmp_path / "m.h5",
    ]
    assert run_script("predict_maps", *files, "--settings", chosen).returncode == 0
    _, confidence = open_member(tmp_path / "m.h5").read([0, 1, 2])
    with torch.no_grad():
        expected = on_our_grid(model(features())[0], layout)
    np.testing.assert_allclose(confidence, expected, atol=1e-5)


def test_the_script_tells_what_is_wrong(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "weights.pth")
    given = ["--weights", tmp_path / "weights.pth", "--model", tmp_path / "model.safetensors"]
    result = run_script("import_weights", *given)
    assert result.returncode == 1 and "a: unexpected" in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "model.safetensors").exists()
