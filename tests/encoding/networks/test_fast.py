"""Memory layout, precision and compilation of networks."""

import shutil
from collections.abc import Callable

import pytest
import torch
from torch import nn

from bsnpp.core.errors import UserError
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.networks.base import ClipNetwork, FrameAverage
from bsnpp.encoding.networks.fast import faster
from bsnpp.models.device import in_precision

CLIPS = torch.rand(2, 4, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def of_images() -> FrameAverage:
    """Return a small network of images."""
    torch.manual_seed(1)
    layers = [nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 6, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return FrameAverage(nn.Sequential(*layers), None).eval()


def of_clips() -> ClipNetwork:
    """Return a small network of clips whose last layers see images, as in P3D."""
    torch.manual_seed(1)
    layers = [nn.Conv3d(3, 8, (4, 3, 3)), nn.Flatten(1, 2), nn.Conv2d(8, 6, 3), nn.AdaptiveAvgPool2d(1)]
    return ClipNetwork(nn.Sequential(*layers, nn.Flatten()), None).eval()


@pytest.mark.parametrize("make", [of_images, of_clips])
def test_channels_last_changes_only_rounding(make: Callable[[], nn.Module]) -> None:
    plain, fast = make(), make()
    faster(fast, EncodingSettings(channels_last=True), "cpu")
    filters = [parameter for parameter in fast.parameters() if parameter.ndim in (4, 5)]
    assert len(filters) == 2 and all(parameter.stride(1) == 1 for parameter in filters)
    with torch.no_grad():
        torch.testing.assert_close(fast(CLIPS).features, plain(CLIPS).features)


def test_channels_are_last_on_a_gpu_alone_unless_asked_for() -> None:
    def last(settings: EncodingSettings, device: str) -> bool:
        network = of_images()
        faster(network, settings, device)
        return network.get_parameter("trunk.0.weight").stride(1) == 1

    assert not last(EncodingSettings(), "cpu") and last(EncodingSettings(), "cuda")
    assert not last(EncodingSettings(channels_last=False), "cuda")


def test_bfloat16_keeps_two_digits() -> None:
    network = of_images()
    with torch.no_grad(), in_precision("cpu", "bfloat16"):
        rounded = network(CLIPS).features.float()
    with torch.no_grad():
        plain = network(CLIPS).features
    assert not torch.equal(rounded, plain)
    assert (rounded - plain).abs().max() < 0.02 * plain.abs().max()


@pytest.mark.slow
def test_a_compiled_network_changes_only_rounding() -> None:
    if shutil.which("g++") is None:
        pytest.skip("torch.compile needs a C++ compiler")
    plain = of_images()
    compiled = faster(of_images(), EncodingSettings(compile=True), "cpu")
    with torch.no_grad():
        torch.testing.assert_close(compiled(CLIPS).features, plain(CLIPS).features, atol=1e-5, rtol=1e-4)


def test_a_network_that_cannot_be_compiled_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(network: torch.nn.Module) -> object:
        def run(clips: torch.Tensor) -> None:
            raise RuntimeError("No working C++ compiler found")

        return run

    monkeypatch.setattr(torch, "compile", broken)
    network = faster(of_images(), EncodingSettings(compile=True), "cpu")
    with pytest.raises(UserError, match="cannot compile the network"):
        network(CLIPS)
