"""SlowFast of PyTorchVideo (that of PySlowFast) with random weights, and ours with the same weights.

`pip install pytorchvideo fvcore iopath` in an environment of its own.
"""

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.build import build_network

if find_spec("pytorchvideo") is None or find_spec("timm") is None:
    pytest.skip("pytorchvideo and timm are not installed together", allow_module_level=True)

from bsnpp.encoding.networks.timm_models import import_timm

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize(("depth", "kernel"), [(50, 7), (101, 5)])
def test_slowfast_is_that_of_pytorchvideo(depth: int, kernel: int, tmp_path: Path) -> None:
    import_timm()  # which makes torchvision importable
    from pytorchvideo.models.slowfast import create_slowfast

    torch.manual_seed(0)
    theirs = create_slowfast(model_depth=depth, slowfast_fusion_conv_kernel_size=(kernel, 1, 1))
    for module in theirs.modules():
        if isinstance(module, nn.BatchNorm3d):
            nn.init.uniform_(module.weight, 0.5, 1.0)
            nn.init.normal_(module.bias, std=0.1)
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    theirs.eval()
    save_file(theirs.state_dict(), tmp_path / "weights.safetensors")
    (tmp_path / "classes.txt").write_text("".join(f"class {number}\n" for number in range(400)))
    model = {"architecture": f"slowfast{depth}", "weights": str(tmp_path / "weights.safetensors")}
    model["classes"] = str(tmp_path / "classes.txt")
    settings = NetworkSettings.model_validate({"model": model, "clips": {"frames": 16}})
    clips = torch.rand(1, 16, 3, 48, 48)
    pathways = [clips[:, [0, 5, 10, 15]].transpose(1, 2), clips.transpose(1, 2)]
    with torch.no_grad():
        output = build_network(settings, "cpu", 1)(clips)
        for block in theirs.blocks[:5]:
            pathways = block(pathways)
        expected = torch.cat([pathway.mean(dim=(2, 3, 4)) for pathway in pathways], dim=1)
        logits = theirs.blocks[6].proj(expected)
    assert (output.features - expected).abs().max() <= 1e-5 * expected.abs().max()
    assert (output.logits - logits).abs().max() <= 1e-5 * logits.abs().max()
