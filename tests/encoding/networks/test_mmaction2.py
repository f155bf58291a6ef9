"""Networks of MMAction2 with random weights, and ours with the same weights.

`pip install mmaction2 mmengine mmcv-lite==2.1.0 importlib-metadata==7.1.0` in an environment of its own.
"""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.build import build_network
from bsnpp.encoding.networks.timm_models import import_timm

if find_spec("mmaction") is None or find_spec("timm") is None:
    pytest.skip("mmaction2 and timm are not installed together", allow_module_level=True)
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", autouse=True)
def backbones() -> Iterator[None]:
    """Replace a package that wheels of MMAction2 lack, so that the others can be imported."""
    import_timm()
    package = ModuleType("mmaction.models.localizers.drn.drn")
    package.DRN = nn.Identity  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "mmaction.models.localizers.drn", ModuleType("drn"))
        patch.setitem(sys.modules, "mmaction.models.localizers.drn.drn", package)
        yield


def randomised(network: nn.Module) -> nn.Module:
    """Draw every weight and statistic, so that each of them matters."""
    torch.manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.0)
            nn.init.normal_(module.bias, std=0.1)
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    network.eval()  # MMAction2 returns nothing here
    return network


def ours(network: nn.Module, model: dict[str, Any], frames: int, folder: Path) -> nn.Module:
    """Build our network with the weights of one of MMAction2."""
    head = nn.Linear(5, 5)  # a classifier that is not wanted
    weights = {f"backbone.{name}": value for name, value in network.state_dict().items()}
    save_file({**weights, "cls_head.fc_cls.weight": head.weight.data}, folder / "weights.safetensors")
    content = {
        "model": {**model, "weights": str(folder / "weights.safetensors")},
        "clips": {"frames": frames},
    }
    built = build_network(NetworkSettings.model_validate(content), "cpu", 1)
    assert isinstance(built, nn.Module)
    return built


def assert_same(network: nn.Module, clips: Tensor, expected: Tensor) -> None:
    """Compare features to 1e-5, relative to the largest."""
    with torch.no_grad():
        features = network(clips).features
    assert (features - expected).abs().max() <= 1e-5 * expected.abs().max()
    assert expected.std() > 1e-3


@pytest.mark.parametrize("depth", [18, 50, 101])
@pytest.mark.parametrize("architecture", ["tsn", "tsm"])
def test_tsn_and_tsm_are_those_of_mmaction2(architecture: str, depth: int, tmp_path: Path) -> None:
    from mmaction.models.backbones.resnet import ResNet
    from mmaction.models.backbones.resnet_tsm import ResNetTSM

    theirs = ResNet(depth) if architecture == "tsn" else ResNetTSM(depth, num_segments=4)
    theirs = randomised(theirs)
    clips = torch.rand(2, 4, 3, 48, 48)
    network = ours(theirs, {"architecture": architecture, "name": f"resnet{depth}"}, 4, tmp_path)
    with torch.no_grad():
        expected = theirs(clips.flatten(0, 1)).mean(dim=(2, 3)).unflatten(0, (2, 4)).mean(dim=1)
    assert_same(network, clips, expected)


def looped_tin_shift(data: Tensor, shift: Tensor) -> Tensor:
    """Do what the operator `tin_shift` of mmcv does on GPUs: move groups of channels by whole frames."""
    result = torch.zeros_like(data)
    frames, width = data.shape[1], data.shape[2] // shift.shape[1]
    for clip, group in torch.cartesian_prod(torch.arange(len(data)), torch.arange(shift.shape[1])).tolist():
        channels = slice(group * width, (group + 1) * width)
        for frame in range(frames):
            target = frame + int(shift[clip, group])
            if 0 <= target < frames:
                result[clip, target, channels] = data[clip, frame, channels]
    return result


@pytest.mark.parametrize("depth", [50, 101])
def test_tin_is_that_of_mmaction2(depth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mmaction.models.backbones.resnet_tin import ResNetTIN

    operators = ModuleType("mmcv.ops")
    operators.tin_shift = looped_tin_shift  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mmcv.ops", operators)
    theirs = ResNetTIN(depth, num_segments=4, shift_div=4)
    for name, parameter in theirs.named_parameters():
        if "_net." in name:
            nn.init.normal_(parameter, std=0.5)
    theirs = randomised(theirs)
    clips = torch.rand(2, 4, 3, 48, 48)
    network = ours(theirs, {"architecture": "tin", "name": f"resnet{depth}"}, 4, tmp_path)
    with torch.no_grad():
        expected = theirs(clips.flatten(0, 1)).mean(dim=(2, 3)).unflatten(0, (2, 4)).mean(dim=1)
    assert_same(network, clips, expected)


@pytest.mark.parametrize("depth", [50, 101])
def test_slowfast_is_that_of_mmaction2(depth: int, tmp_path: Path) -> None:
    from mmaction.models.backbones.resnet3d_slowfast import ResNet3dSlowFast

    pathway = {"type": "resnet3d", "depth": depth, "pretrained": None, "conv1_stride_t": 1}
    pathway |= {"pool1_stride_t": 1}
    slow = {**pathway, "lateral": True, "conv1_kernel": (1, 7, 7), "inflate": (0, 0, 1, 1)}
    fast = {**pathway, "lateral": False, "base_channels": 8, "conv1_kernel": (5, 7, 7)}
    theirs = randomised(
        ResNet3dSlowFast(
            pretrained=None,
            resample_rate=4,
            speed_ratio=4,
            channel_ratio=8,
            slow_pathway=slow,
            fast_pathway=fast,
        )
    )
    clips = torch.rand(1, 8, 3, 48, 48)
    model = {"architecture": f"slowfast{depth}", "laterals": "plain"}
    network = ours(theirs, model, 8, tmp_path)
    with torch.no_grad():
        pathways = [each.mean(dim=(2, 3, 4)) for each in theirs(clips.transpose(1, 2))]
    assert_same(network, clips, torch.cat(pathways[::-1], dim=1))
