"""Networks of the paper: parameter counts and shapes as published, beside explicit loops."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import save_file
from torch import Tensor, nn

from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.bn_inception import BNInception
from bsnpp.encoding.networks.build import build_network
from bsnpp.encoding.networks.p3d import P3D, PseudoBlock
from bsnpp.encoding.networks.slowfast import ALPHA, SlowFast
from bsnpp.encoding.networks.slowfast_names import own_name
from bsnpp.encoding.networks.weights import load_weights


def parameters(model: nn.Module) -> int:
    """Count the parameters of a network."""
    return sum(parameter.numel() for parameter in model.parameters())


def test_bn_inception_has_the_published_parameters_and_features() -> None:
    model = BNInception(classes=1000).eval()
    assert parameters(model) == 11_295_240
    with torch.no_grad():
        assert model(torch.zeros(1, 3, 224, 224)).shape == (1, 1024)
        assert BNInception(channels=10).eval()(torch.zeros(1, 10, 96, 96)).shape == (1, 1024)


@pytest.mark.parametrize(("depth", "millions"), [(50, 34.57), (101, 62.83)])
def test_slowfast_has_the_published_parameters(depth: int, millions: float) -> None:
    assert parameters(SlowFast(classes=400, depth=depth)) / 1e6 == pytest.approx(millions, abs=0.01)


def plain_block(block: nn.Module, clips: Tensor) -> Tensor:
    """Apply a bottleneck layer by layer."""
    residual = clips
    for number, layer in enumerate((block.conv1, block.conv2, block.conv3)):
        residual = layer[1](layer[0](residual))
        residual = F.relu(residual) if number < 2 else residual
    shortcut = clips if isinstance(block.shortcut, nn.Identity) else block.shortcut(clips)
    return F.relu(residual + shortcut)


def test_slowfast_is_its_two_pathways_step_by_step() -> None:
    torch.manual_seed(0)
    model = SlowFast(depth=50).eval()
    clips = torch.rand(1, 3, 8, 32, 32)
    with torch.no_grad():
        slow, fast = clips[:, :, [0, 7]], clips
        slow, fast = model.slow.stem(slow), model.fast.stem(fast)
        for stage in range(4):
            lateral = model.laterals[stage]
            joined = F.relu(
                lateral[0][1](F.conv3d(fast, lateral[0][0].weight, stride=(ALPHA, 1, 1), padding=(3, 0, 0)))
            )
            slow = torch.cat([slow, joined], dim=1)
            for block in model.slow.stages[stage]:
                slow = plain_block(block, slow)
            for block in model.fast.stages[stage]:
                fast = plain_block(block, fast)
        expected = torch.cat([slow.mean((2, 3, 4)), fast.mean((2, 3, 4))], dim=1)
        torch.testing.assert_close(model(clips), expected)
    assert expected.shape == (1, 2304)


def test_p3d_has_the_parameters_of_resnet_152_and_of_its_convolutions_in_time() -> None:
    resnet_152, its_classifier = 60_192_808, 2048 * 1000 + 1000
    in_time = sum(blocks * (3 * width**2 + 2 * width) for blocks, width in ((3, 64), (8, 128), (36, 256)))
    model = P3D(classes=400)
    assert parameters(model) == resnet_152 - its_classifier + in_time + 2048 * 400 + 400
    names = set(model.state_dict())
    assert {"conv1_custom.weight", "layer3.35.conv3.weight", "layer4.0.conv_normal.weight"} <= names
    assert {"layer1.0.downsample.0.weight", "layer4.2.bn_normal.running_mean", "fc.bias"} <= names


@pytest.mark.parametrize("way", ["A", "B", "C"])
def test_the_ways_of_pseudo_blocks_are_those_of_the_paper(way: str) -> None:
    torch.manual_seed(0)
    block = PseudoBlock(32, 8, way, 1).eval()
    clips = torch.rand(2, 32, 4, 6, 6)

    def space(values: Tensor) -> Tensor:
        return F.relu(block.bn2(block.conv2(values)))

    def time(values: Tensor) -> Tensor:
        return F.relu(block.bn3(block.conv3(values)))

    with torch.no_grad():
        reduced = F.relu(block.bn1(block.conv1(clips)))
        joined = {
            "A": lambda: time(space(reduced)),
            "B": lambda: space(reduced) + time(reduced),
            "C": lambda: space(reduced) + time(space(reduced)),
        }[way]()
        expected = F.relu(block.bn4(block.conv4(joined)) + clips)
        torch.testing.assert_close(block(clips), expected)


def test_blocks_of_p3d_take_turns() -> None:
    model = P3D()
    ways = [block.way for stage in (1, 2, 3) for block in model.get_submodule(f"layer{stage}")]
    assert "".join(ways) == ("ABC" * 16)[:47]
    with torch.no_grad():
        assert model.eval()(torch.rand(1, 3, 16, 32, 32)).shape == (1, 2048)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"model": {"architecture": "p3d"}, "clips": {"frames": 8}}, "p3d reads clips of 16 images, not 8"),
        ({"model": {"architecture": "slowfast50"}, "clips": {"frames": 6}}, "a multiple of 4 images, not 6"),
        (
            {"model": {"architecture": "p3d"}, "clips": {"frames": 16}, "flow": {"stack": 5}},
            "must be a multiple of flow.stack",
        ),
    ],
)
def test_clips_that_a_network_cannot_read_are_refused(content: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        NetworkSettings.model_validate(content)


def released_name(name: str) -> str:
    """Return the name that PySlowFast gives a weight of SlowFast."""
    head, *rest = name.split(".")
    if head == "fc":
        return f"head.projection.{rest[0]}"
    if head == "laterals":
        return f"s{int(rest[0]) + 1}_fuse.{('conv_f2s', 'bn')[int(rest[2])]}.{rest[3]}"
    pathway = ("slow", "fast").index(head)
    if rest[0] == "stem":
        return f"s1.pathway{pathway}_stem.{('conv', 'bn')[int(rest[2])]}.{rest[3]}"
    branch = {"shortcut": "1", "conv1": "2.a", "conv2": "2.b", "conv3": "2.c"}[rest[3]]
    suffix = "_bn" if rest[4] == "1" else ""
    return f"s{int(rest[1]) + 2}.pathway{pathway}_res{rest[2]}.branch{branch}{suffix}.{rest[5]}"


def test_the_names_of_the_released_slowfast_are_understood(tmp_path: Path) -> None:
    torch.manual_seed(0)
    released = SlowFast(classes=3, depth=50)
    state = {released_name(name): value for name, value in released.state_dict().items()}
    assert "s5.pathway0_res2.branch2.c_bn.running_var" in state and "s4_fuse.bn.bias" in state
    save_file(state, tmp_path / "slowfast.safetensors")
    model = SlowFast(classes=3, depth=50)
    load_weights(model, str(tmp_path / "slowfast.safetensors"), "names", own_name)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, released.state_dict()[name])


def test_the_names_of_the_released_tsn_are_understood(tmp_path: Path) -> None:
    torch.manual_seed(0)
    released = BNInception(classes=2).state_dict()
    renamed = {
        f"module.new_{name}" if name.startswith("fc.") else f"module.base_model.{name}": value
        for name, value in released.items()
    }
    save_file(renamed, tmp_path / "tsn.safetensors")
    (tmp_path / "classes.txt").write_text("run\njump\n")
    model = {"architecture": "bn_inception", "weights": str(tmp_path / "tsn.safetensors")}
    model["classes"] = str(tmp_path / "classes.txt")
    settings = NetworkSettings.model_validate({"model": model, "clips": {"frames": 3}})
    network = build_network(settings, "cpu", 1)
    assert isinstance(network, nn.Module)
    for name, value in network.get_submodule("trunk").state_dict().items():
        torch.testing.assert_close(value, released[name])


@pytest.mark.parametrize(
    ("architecture", "frames", "channels"), [("bn_inception", 3, 1024), ("slowfast50", 8, 2304)]
)
def test_settings_build_every_network(architecture: str, frames: int, channels: int, tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("run\njump\n")
    model = {"architecture": architecture, "classes": str(tmp_path / "classes.txt")}
    settings = NetworkSettings.model_validate({"model": model, "clips": {"frames": frames}})
    with torch.no_grad():
        output = build_network(settings, "cpu", 1)(torch.rand(2, frames, 3, 64, 64))
    assert output.features.shape == (2, channels)
    assert output.logits is not None and output.logits.shape == (2, 2)
