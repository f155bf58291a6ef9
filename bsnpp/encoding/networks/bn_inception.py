"""BN-Inception (Ioffe and Szegedy, ICML 2015), as TSN was released with it (Wang et al., ECCV 2016).

Weights have the names of the released networks: `conv1_7x7_s2.weight`, `inception_3a_1x1_bn.bias`, ...
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

FEATURES = 1024


class Block(NamedTuple):
    """Filters of an inception block.

    `single` are those of the 1 x 1 branch (0 without one), `three` and `double` those of the reduction and
    the 3 x 3 convolutions of the other two, `pooled` those behind the pooling (0: the pooled input itself). A
    block with stride 2 halves the resolution.
    """

    single: int
    three: tuple[int, int]
    double: tuple[int, int]
    pool: str
    pooled: int
    stride: int = 1


BLOCKS = {
    "3a": Block(64, (64, 64), (64, 96), "avg", 32),
    "3b": Block(64, (64, 96), (64, 96), "avg", 64),
    "3c": Block(0, (128, 160), (64, 96), "max", 0, 2),
    "4a": Block(224, (64, 96), (96, 128), "avg", 128),
    "4b": Block(192, (96, 128), (96, 128), "avg", 128),
    "4c": Block(160, (128, 160), (128, 160), "avg", 128),
    "4d": Block(96, (128, 192), (160, 192), "avg", 128),
    "4e": Block(0, (128, 192), (192, 256), "max", 0, 2),
    "5a": Block(352, (192, 320), (160, 224), "avg", 128),
    "5b": Block(352, (192, 320), (192, 224), "max", 128),
}


class BNInception(nn.Module):
    """Images to features (N, 1024).

    Parameters
    ----------
    classes : int
        Classes of its classifier `fc`, which `forward` does not apply; 0 without one.
    channels : int
        Channels of an image: 3 of RGB, 10 of a stack of five flows.
    """

    def __init__(self, classes: int = 0, channels: int = 3) -> None:
        super().__init__()
        self._add("conv1_7x7_s2", channels, 64, 7, 2)
        self._add("conv2_3x3_reduce", 64, 64, 1)
        self._add("conv2_3x3", 64, 192, 3)
        width = 192
        for name, block in BLOCKS.items():
            width = self._add_block(f"inception_{name}", width, block)
        self.fc = nn.Linear(FEATURES, classes) if classes else None

    def _add(self, name: str, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        """Add a convolution with its batch normalisation."""
        self.add_module(name, nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2))
        self.add_module(f"{name}_bn", nn.BatchNorm2d(outputs))

    def _add_block(self, name: str, inputs: int, block: Block) -> int:
        """Add the convolutions of a block; return its channels."""
        if block.single:
            self._add(f"{name}_1x1", inputs, block.single, 1)
        self._add(f"{name}_3x3_reduce", inputs, block.three[0], 1)
        self._add(f"{name}_3x3", *block.three, 3, block.stride)
        self._add(f"{name}_double_3x3_reduce", inputs, block.double[0], 1)
        self._add(f"{name}_double_3x3_1", *block.double, 3)
        self._add(f"{name}_double_3x3_2", block.double[1], block.double[1], 3, block.stride)
        if block.pooled:
            self._add(f"{name}_pool_proj", inputs, block.pooled, 1)
        return block.single + block.three[1] + block.double[1] + (block.pooled or inputs)

    def _apply_layers(self, images: Tensor, *names: str) -> Tensor:
        """Apply convolutions, each with its normalisation and a ReLU."""
        for name in names:
            images = F.relu(self.get_submodule(f"{name}_bn")(self.get_submodule(name)(images)))
        return images

    def _apply_block(self, images: Tensor, name: str, block: Block) -> Tensor:
        """Concatenate the branches of a block."""
        branches = [
            self._apply_layers(images, f"{name}_3x3_reduce", f"{name}_3x3"),
            self._apply_layers(
                images, f"{name}_double_3x3_reduce", f"{name}_double_3x3_1", f"{name}_double_3x3_2"
            ),
        ]
        if block.single:
            branches.insert(0, self._apply_layers(images, f"{name}_1x1"))
        padding = 1 if block.stride == 1 else 0
        if block.pool == "avg":
            pooled = F.avg_pool2d(images, 3, block.stride, padding, ceil_mode=True)
        else:
            pooled = F.max_pool2d(images, 3, block.stride, padding, ceil_mode=True)
        branches.append(self._apply_layers(pooled, f"{name}_pool_proj") if block.pooled else pooled)
        return torch.cat(branches, dim=1)

    def forward(self, images: Tensor) -> Tensor:
        """Encode images (N, C, H, W)."""
        images = F.max_pool2d(self._apply_layers(images, "conv1_7x7_s2"), 3, 2, ceil_mode=True)
        images = self._apply_layers(images, "conv2_3x3_reduce", "conv2_3x3")
        images = F.max_pool2d(images, 3, 2, ceil_mode=True)
        for name, block in BLOCKS.items():
            images = self._apply_block(images, f"inception_{name}", block)
        return images.mean(dim=(2, 3))
