"""Networks that were exported elsewhere."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from bsnpp.core.errors import UserError
from bsnpp.encoding.networks.exported import load_onnx, load_torch_export, load_torchscript
from tests.encoding.networks.small import Small, save_torchscript

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CLIPS = torch.rand(3, 4, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def averaged(clips: Tensor) -> Tensor:
    """Return the features of the small network frame by frame, averaged."""
    network = Small()
    return torch.stack([torch.stack([network(frame[None])[0] for frame in clip]).mean(0) for clip in clips])


def export(path: Path, module: nn.Module, example: Tensor) -> str:
    """Write a network with a free batch axis by torch.export."""
    batch = torch.export.Dim("batch", min=1)
    torch.export.save(torch.export.export(module.eval(), (example,), dynamic_shapes=({0: batch},)), path)
    return str(path)


def test_torch_export_gives_the_averaged_features(tmp_path: Path) -> None:
    path = export(tmp_path / "small.pt2", Small(), CLIPS.flatten(0, 1))
    output = load_torch_export(path, "cpu", reads_clips=False)(CLIPS)
    torch.testing.assert_close(output.features, averaged(CLIPS))
    assert output.logits is None


def test_torchscript_gives_features_and_logits(tmp_path: Path) -> None:
    path = str(save_torchscript(tmp_path / "small.pt", classes=2, size=16))
    output = load_torchscript(path, "cpu", reads_clips=False)(CLIPS)
    torch.testing.assert_close(output.features, averaged(CLIPS))
    assert output.logits is not None and output.logits.shape == (3, 2)


class OfClips(nn.Module):
    """The mean of each channel of a clip (B, 3, L, H, W), with axes of length 1 behind it."""

    def forward(self, clips: Tensor) -> Tensor:
        """Pool."""
        return clips.mean(dim=(2, 3, 4), keepdim=True)


def test_a_network_of_clips_reads_time_behind_the_channels(tmp_path: Path) -> None:
    path = export(tmp_path / "clips.pt2", OfClips(), CLIPS.transpose(1, 2).contiguous())
    output = load_torch_export(path, "cpu", reads_clips=True)(CLIPS)
    torch.testing.assert_close(output.features, CLIPS.mean(dim=(1, 3, 4)))


class OfMaps(nn.Module):
    """A map in place of a vector."""

    def forward(self, images: Tensor) -> Tensor:
        """Return the images themselves."""
        return images * 1.0


def test_an_output_that_is_no_vector_is_refused(tmp_path: Path) -> None:
    path = export(tmp_path / "maps.pt2", OfMaps(), CLIPS.flatten(0, 1))
    with pytest.raises(UserError, match=r"returns \(12, 3, 16, 16\) for 12 inputs; expected one vector"):
        load_torch_export(path, "cpu", reads_clips=False)(CLIPS)


def test_an_input_that_the_network_refuses_is_named(tmp_path: Path) -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, 5))
    path = export(tmp_path / "fixed.pt2", module, CLIPS.flatten(0, 1))
    with pytest.raises(UserError, match=r"refuses an input of shape \(12, 3, 8, 8\)"):
        load_torch_export(path, "cpu", reads_clips=False)(CLIPS[..., :8, :8])


def write_onnx(path: Path, batch: int | str, height: int | str) -> str:
    """Write an ONNX network: the mean of each channel of a frame."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra dev)")
    pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed (extra videos)")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    node = helper.make_node("GlobalAveragePool", ["images"], ["pooled"])
    graph = helper.make_graph(
        [node],
        "mean",
        [helper.make_tensor_value_info("images", kind, [batch, 3, height, height])],
        [helper.make_tensor_value_info("pooled", kind, [batch, 3, 1, 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return str(path)


@pytest.mark.parametrize(("batch", "height"), [("N", 16), (12, 16), (5, 16), (1, 16), ("N", "H")])
def test_onnx_with_free_or_fixed_axes_gives_the_averaged_features(
    batch: int | str, height: int | str, tmp_path: Path
) -> None:
    path = write_onnx(tmp_path / "mean.onnx", batch, height)
    output = load_onnx(path, "cpu", reads_clips=False, threads=1)(CLIPS)
    np.testing.assert_allclose(output.features, CLIPS.mean(dim=(1, 3, 4)), atol=1e-6)


def test_onnx_of_another_size_is_refused(tmp_path: Path) -> None:
    path = write_onnx(tmp_path / "mean.onnx", "N", 32)
    with pytest.raises(UserError, match=r"mean\.onnx: refuses an input of shape \(12, 3, 16, 16\)"):
        load_onnx(path, "cpu", reads_clips=False, threads=1)(CLIPS)


@pytest.mark.parametrize("content", [None, b"text"])
def test_files_that_are_no_networks_are_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "network"
    if content is not None:
        path.write_bytes(content)
    words = "no such file" if content is None else "not a network in the form of"
    for load in (load_torch_export, load_torchscript):
        with pytest.raises(UserError, match=f"network: {words}"):
            load(str(path), "cpu", reads_clips=False)
    pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed (extra videos)")
    with pytest.raises(UserError, match=f"network: {words}"):
        load_onnx(str(path), "cpu", reads_clips=False, threads=1)
