"""Networks on residual and other networks of timm, and their weights."""

from collections import OrderedDict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from bsnpp.core.errors import UserError
from bsnpp.encoding.network_settings import ModelSettings, NetworkSettings

if find_spec("timm") is None:
    pytest.skip("timm is not installed (extra videos)", allow_module_level=True)

from bsnpp.encoding.networks.base import FrameAverage, Network
from bsnpp.encoding.networks.build import build_network
from bsnpp.encoding.networks.codebases import image_name
from bsnpp.encoding.networks.temporal import residual_blocks, shifted
from bsnpp.encoding.networks.timm_models import Trunk, timm_network
from bsnpp.encoding.networks.weights import load_weights

CLIPS = torch.rand(2, 4, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def built(folder: Path, architecture: str, name: str = "resnet18", **keys: Any) -> FrameAverage:
    """Build a network for clips of four frames, with two classes."""
    (folder / "classes.txt").write_text("run\njump\n")
    model = {"architecture": architecture, "name": name, "classes": str(folder / "classes.txt"), **keys}
    settings = NetworkSettings.model_validate({"model": model, "clips": {"frames": 4}})
    network: Network = build_network(settings, "cpu", 1)
    assert isinstance(network, FrameAverage)
    if "weights" not in keys:
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):  # timm begins with residual blocks that add nothing
                nn.init.ones_(module.weight)
    return network


@torch.no_grad()
def encoded(network: FrameAverage, clips: Tensor = CLIPS) -> Tensor:
    """Return the features of clips."""
    return network(clips).features


def test_tsn_averages_what_each_frame_gives(tmp_path: Path) -> None:
    network = built(tmp_path, "tsn")
    with torch.no_grad():
        output = network(CLIPS)
        model = network.trunk.model
        frames = [torch.stack([model(frame[None])[0] for frame in clip]).mean(0) for clip in CLIPS]
    assert output.features.shape == (2, 512)
    torch.testing.assert_close(output.logits, torch.stack(frames), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("architecture", ["tsn", "tsm"])
def test_the_features_of_a_clip_do_not_depend_on_its_place_in_the_batch(
    architecture: str, tmp_path: Path
) -> None:
    network = built(tmp_path, architecture)
    clips = torch.rand(5, 4, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    alone = torch.cat([clips[3:4], torch.zeros(4, 4, 3, 32, 32)])
    features = encoded(network, clips)
    assert torch.equal(encoded(network, clips.flip(0)), features.flip(0))
    assert torch.equal(encoded(network, alone)[0], features[3])


def test_random_weights_are_the_same_each_time(tmp_path: Path) -> None:
    assert torch.equal(encoded(built(tmp_path, "tsn")), encoded(built(tmp_path, "tsn")))


def test_tsm_shifts_before_the_first_convolution_of_every_block(tmp_path: Path) -> None:
    network, plain = built(tmp_path, "tsm"), built(tmp_path, "tsn").trunk.model
    for stage in residual_blocks(plain):
        for block in stage:
            inner = block.conv1.forward
            block.conv1.forward = lambda images, inner=inner: inner(shifted(images, 4))
    with torch.no_grad():
        pooled = plain.forward_head(plain.forward_features(CLIPS.flatten(0, 1)), pre_logits=True)
    torch.testing.assert_close(encoded(network), pooled.unflatten(0, (2, 4)).mean(1))
    assert not torch.allclose(encoded(network), encoded(built(tmp_path, "tsn")))


@pytest.mark.parametrize("architecture", ["tsm", "tin"])
def test_the_order_of_frames_matters_to_temporal_networks_alone(architecture: str, tmp_path: Path) -> None:
    turned = CLIPS[:, [2, 0, 3, 1]]
    torch.testing.assert_close(encoded(built(tmp_path, "tsn"), turned), encoded(built(tmp_path, "tsn")))
    network = built(tmp_path, architecture)
    assert not torch.allclose(encoded(network, turned), encoded(network), atol=1e-4)


@pytest.mark.parametrize(("architecture", "changed"), [("tsm", [3, 4, 6, 3]), ("tin", [3, 4, 6, 3])])
def test_every_block_of_resnet_50_is_changed(architecture: str, changed: list[int], tmp_path: Path) -> None:
    model = built(tmp_path, architecture, "resnet50").trunk.model
    hooked = [
        sum(bool(block.conv1._forward_pre_hooks) for block in stage) for stage in residual_blocks(model)
    ]
    assert hooked == changed


def test_every_second_block_of_resnet_101_is_shifted(tmp_path: Path) -> None:
    model = built(tmp_path, "tsm", "resnet101").trunk.model
    hooked = [
        sum(bool(block.conv1._forward_pre_hooks) for block in stage) for stage in residual_blocks(model)
    ]
    assert hooked == [2, 2, 12, 2]


@pytest.mark.parametrize(
    ("name", "millions", "channels"),
    [("resnet50", 25.557, 2048), ("resnet101", 44.549, 2048), ("resnest101e", 48.275, 2048)],
)
def test_parameter_counts_are_the_published_ones(name: str, millions: float, channels: int) -> None:
    trunk, _ = timm_network(name, 1000, 3)
    assert sum(parameter.numel() for parameter in trunk.parameters()) / 1e6 == pytest.approx(
        millions, abs=1e-3
    )
    with torch.no_grad():
        assert trunk.eval()(torch.zeros(1, 3, 64, 64)).shape == (1, channels)


@pytest.mark.parametrize("architecture", ["tsm", "tin"])
def test_temporal_networks_on_flow_see_stacks_as_images(architecture: str) -> None:
    content = {
        "model": {"architecture": architecture, "name": "resnet18"},
        "clips": {"frames": 20},
        "flow": {"stack": 5},
    }
    network = build_network(NetworkSettings.model_validate(content), "cpu", 1)
    with torch.no_grad():
        assert network(torch.rand(2, 4, 10, 32, 32)).features.shape == (2, 512)


def test_networks_without_residual_stages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="TSM and TIN need a residual network"):
        built(tmp_path, "tsm", "efficientnet_lite0")


def test_an_unknown_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="timm has no network 'resnet7'"):
        built(tmp_path, "tsn", "resnet7")


def wrapped_by(codebase: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return weights under the names that a codebase gives them."""
    prefix = {"plain": "", "parallel": "module.", "backbone": "backbone."}[codebase]
    return {f"{prefix}{name}": value for name, value in state.items()}


@pytest.mark.parametrize("codebase", ["plain", "parallel", "backbone"])
@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_weights_are_loaded_by_their_names(codebase: str, suffix: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = timm_network("resnet18", 2, 3)[0].model
    state = wrapped_by(codebase, model.state_dict())
    path = tmp_path / f"weights{suffix}"
    if suffix == ".pth":
        torch.save({"state_dict": OrderedDict(state), "epoch": 3}, path)
    else:
        save_file(state, path)
    network = built(tmp_path, "tsn", weights=str(path))
    with torch.no_grad():
        expected = Trunk(model.eval())(CLIPS.flatten(0, 1)).unflatten(0, (2, 4)).mean(1)
    torch.testing.assert_close(encoded(network), expected)


def test_weights_of_another_codebase_are_loaded_in_their_order(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = timm_network("resnet18", 2, 3)[0].model
    state = {f"layer_{place}": value for place, value in enumerate(model.state_dict().values())}
    target = timm_network("resnet18", 2, 3)[0].model
    counters = [name for name in model.state_dict() if name.endswith("num_batches_tracked")]
    kept = {key: value for key, value in state.items() if value.ndim or not counters}
    torch.save(kept, tmp_path / "weights.pth")
    load_weights(target, str(tmp_path / "weights.pth"), "order")
    torch.testing.assert_close(target.layer4[1].conv2.weight, model.layer4[1].conv2.weight)


def test_a_classifier_that_is_not_wanted_may_come_last(tmp_path: Path) -> None:
    torch.manual_seed(1)
    state = timm_network("resnet18", 7, 3)[0].model.state_dict()
    torch.save(state, tmp_path / "weights.pth")
    model = timm_network("resnet18", 0, 3)[0].model
    load_weights(model, str(tmp_path / "weights.pth"), "order")
    torch.testing.assert_close(model.layer4[1].conv2.weight, state["layer4.1.conv2.weight"])


def test_names_of_the_released_tsm_are_understood(tmp_path: Path) -> None:
    model = built(tmp_path, "tsm").trunk.model
    torch.manual_seed(1)
    state = timm_network("resnet18", 2, 3)[0].model.state_dict()
    released = {
        "module.base_model." + name.replace(".conv1.weight", ".conv1.net.weight"): value
        for name, value in state.items()
    }
    save_file(released, tmp_path / "tsm.safetensors")
    load_weights(model, str(tmp_path / "tsm.safetensors"), "names", image_name)
    torch.testing.assert_close(model.layer3[1].conv1.weight, state["layer3.1.conv1.weight"])


def test_weights_that_do_not_fit_are_listed(tmp_path: Path) -> None:
    model = timm_network("resnet18", 2, 3)[0].model
    state = dict(model.state_dict())
    del state["layer1.0.conv1.weight"]
    state["fc.weight"] = torch.zeros(3, 512)
    save_file(state, tmp_path / "weights.safetensors")
    with pytest.raises(UserError) as error:
        load_weights(model, str(tmp_path / "weights.safetensors"), "names")
    assert "layer1.0.conv1.weight: missing" in str(error.value)
    assert "fc.weight: shape (3, 512), expected (2, 512)" in str(error.value)
    with pytest.raises(UserError, match="tensors, but the network has"):
        load_weights(model, str(tmp_path / "weights.safetensors"), "order")


class Unpickled:
    """Anything but a tensor."""


@pytest.mark.parametrize(
    ("content", "words"), [(Unpickled(), "more than tensors"), ([1, 2], "no dictionary")]
)
def test_files_of_other_objects_are_refused(content: object, words: str, tmp_path: Path) -> None:
    torch.save(content, tmp_path / "weights.pth")
    model = timm_network("resnet18", 2, 3)[0].model
    with pytest.raises(UserError, match=words):
        load_weights(model, str(tmp_path / "weights.pth"), "names")
    with pytest.raises(UserError, match="no such file"):
        load_weights(model, str(tmp_path / "none.pth"), "names")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"architecture": "onnx"}, "onnx needs the key `weights`"),
        ({"architecture": "tsm"}, "tsm needs the key `name`"),
        ({"architecture": "vgg"}, "architecture"),
    ],
)
def test_incomplete_settings_are_refused(keys: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ModelSettings.model_validate(keys)
