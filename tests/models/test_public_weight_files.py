"""Files of public BMN weights: which are read, and the faults of others."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from bsnpp.core.errors import UserError
from bsnpp.models.build import load_generator
from bsnpp.models.public_weights import import_bmn, read_state
from bsnpp.stores.features import write_features
from bsnpp.stores.maps import open_member
from tests.models.public_models import each_layout, features, on_our_grid, textbook
from tests.paths import script


def test_every_wrong_key_is_named_in_one_message() -> None:
    state = textbook("jjboy").state_dict()
    del state["x_1d_p.0.bias"]
    state["x_1d_q.0.bias"] = torch.zeros(1)
    state["x_1d_e.0.weight"] = torch.zeros(8, 3, 3)
    state["x_2d_p.6.bias"] = torch.zeros(2, 1)
    with pytest.raises(UserError) as error:
        import_bmn(state, "file.pth")
    assert str(error.value).splitlines()[:-1] == [
        "file.pth: not a BMN of JJBOY or mmaction2:",
        "  x_1d_p.0.bias: missing",
        "  x_1d_q.0.bias: unexpected",
        "  x_1d_e.0.weight: shape (8, 3, 3), expected (8, 2, 3)",
        "  x_2d_p.6.bias: shape (2, 1), expected (2)",
    ]


def test_a_model_of_another_architecture_is_refused() -> None:
    with pytest.raises(UserError, match=r"x_1d_b\.0\.weight: missing(.|\n)*base\.weight: unexpected"):
        import_bmn({"base.weight": torch.zeros(3)}, "file.pth")


def test_other_sampling_is_refused() -> None:
    filled = textbook("jjboy").state_dict()
    filled["sample_mask"] = filled["sample_mask"] + 0.01 * (filled["sample_mask"] == 0)
    for state in (filled, textbook("jjboy", samples=2).state_dict()):
        with pytest.raises(UserError, match="sample_mask is that of neither"):
            import_bmn(state, "file.pth")


def test_a_mask_that_samples_outside_the_proposals_is_refused() -> None:
    state = textbook("mmaction2").state_dict()
    state["sample_mask"].view(7, 4, 7, 7)[:, :, 6, 6] = 0.25  # (6, 6) is no proposal
    with pytest.raises(UserError, match="sample_mask is that of neither"):
        import_bmn(state, "file.pth")


def test_contradictory_sizes_are_refused() -> None:
    state = textbook("jjboy").state_dict()
    state["sample_mask"] = state["sample_mask"][:, :-1]
    for name in ("x_1d_b.2", "x_1d_s.0", "x_1d_e.0"):
        state[f"{name}.weight"] = torch.zeros(8, 3, 3)
    with pytest.raises(
        UserError, match=r"3 channels per group do not divide 8(.|\n)*195 columns, expected 4"
    ):
        import_bmn(state, "file.pth")


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
    restored = read_state(path)
    assert restored.keys() == state.keys()
    assert all(torch.equal(restored[name], state[name]) for name in state)


class Malicious:
    """An object whose unpickling runs code."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("executed",)


@pytest.mark.parametrize("content", [Malicious(), [torch.zeros(2)], {"state_dict": {"a": 1}}])
def test_other_files_are_refused_and_not_executed(
    content: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(content, tmp_path / "weights.pth")
    with pytest.raises(UserError, match=r"weights\.pth: "):
        read_state(tmp_path / "weights.pth")
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["weights.pth", "weights.safetensors"])
def test_missing_and_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
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
    assert load_generator(tmp_path / "model.safetensors").channels == 8
    chosen = json.dumps({"inference": {}, "compute": {}})
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


def test_the_script_reports_what_is_wrong(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1)}, tmp_path / "weights.pth")
    given = ["--weights", tmp_path / "weights.pth", "--model", tmp_path / "model.safetensors"]
    result = run_script("import_weights", *given)
    assert result.returncode == 1 and "a: unexpected" in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "model.safetensors").exists()
