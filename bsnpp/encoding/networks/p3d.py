"""P3D-199, pseudo-3D convolutions in ResNet-152 (Qiu et al., ICCV 2017), on clips of 16 frames.

A 3 x 3 x 3 convolution becomes one in space and one in time. Blocks join them in turn in three ways: one
after the other (A), side by side (B), or one after the other with a shortcut (C). The last stage sees images.
Weights have the names of the PyTorch network that was released.
"""

from itertools import count

import torch
from torch import Tensor, nn

BLOCKS = (3, 8, 36, 3)
FEATURES = 2048
FRAMES = 16
"""Frames of a clip: three poolings in time and the one of the stem leave one."""
WAYS = "ABC"


class PseudoBlock(nn.Module):
    """A residual block with convolutions in space and in time.

    Parameters
    ----------
    inputs, width : int
        Channels of the input, and of the convolutions; the output has four times the width.
    way : {"A", "B", "C"}
        How both convolutions are joined.
    stride : int
        Stride in space.
    """

    def __init__(self, inputs: int, width: int, way: str, stride: int) -> None:
        super().__init__()
        self.way = way
        spatial = (1, stride, stride)
        self.conv1 = nn.Conv3d(inputs, width, 1, spatial, bias=False)
        self.bn1 = nn.BatchNorm3d(width)
        self.conv2 = nn.Conv3d(width, width, (1, 3, 3), padding=(0, 1, 1), bias=False)
        self.bn2 = nn.BatchNorm3d(width)
        self.conv3 = nn.Conv3d(width, width, (3, 1, 1), padding=(1, 0, 0), bias=False)
        self.bn3 = nn.BatchNorm3d(width)
        self.conv4 = nn.Conv3d(width, 4 * width, 1, bias=False)
        self.bn4 = nn.BatchNorm3d(4 * width)
        self.downsample = (
            nn.Sequential(nn.Conv3d(inputs, 4 * width, 1, spatial, bias=False), nn.BatchNorm3d(4 * width))
            if inputs != 4 * width
            else nn.Identity()
        )

    def forward(self, clips: Tensor) -> Tensor:
        """Add the residual to clips (B, C, L, H, W)."""
        reduced = torch.relu(self.bn1(self.conv1(clips)))
        space = torch.relu(self.bn2(self.conv2(reduced)))
        time = torch.relu(self.bn3(self.conv3(reduced if self.way == "B" else space)))
        joined = time if self.way == "A" else time + space
        return torch.relu(self.bn4(self.conv4(joined)) + self.downsample(clips))


class ImageBlock(nn.Module):
    """A residual block of images, of the last stage."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, stride, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv_normal = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn_normal = nn.BatchNorm2d(width)
        self.conv4 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn4 = nn.BatchNorm2d(4 * width)
        self.downsample = (
            nn.Sequential(nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))
            if inputs != 4 * width
            else nn.Identity()
        )

    def forward(self, images: Tensor) -> Tensor:
        """Add the residual to images (N, C, H, W)."""
        residual = torch.relu(self.bn1(self.conv1(images)))
        residual = self.bn4(self.conv4(torch.relu(self.bn_normal(self.conv_normal(residual)))))
        return torch.relu(residual + self.downsample(images))


class P3D(nn.Module):
    """Clips (B, C, 16, H, W) to features (B, 2048).

    Parameters
    ----------
    classes : int
        Classes of its classifier `fc`, which `forward` does not apply; 0 without one.
    channels : int
        Channels of a frame: 3 of RGB, 2 of flow.
    """

    def __init__(self, classes: int = 0, channels: int = 3) -> None:
        super().__init__()
        self.conv1_custom = nn.Conv3d(channels, 64, (1, 7, 7), (1, 2, 2), (0, 3, 3), bias=False)
        self.bn1 = nn.BatchNorm3d(64)
        self.maxpool = nn.MaxPool3d((2, 3, 3), 2, (0, 1, 1))
        self.maxpool_2 = nn.MaxPool3d((2, 1, 1), (2, 1, 1))
        numbers = count()
        inputs = 64
        for stage, blocks in enumerate(BLOCKS, start=1):
            width = 64 * 2 ** (stage - 1)
            layers: list[nn.Module] = []
            for block in range(blocks):
                stride = 2 if stage > 1 and block == 0 else 1
                way = WAYS[next(numbers) % len(WAYS)]
                layers.append(
                    ImageBlock(inputs, width, stride)
                    if stage == len(BLOCKS)
                    else PseudoBlock(inputs, width, way, stride)
                )
                inputs = 4 * width
            self.add_module(f"layer{stage}", nn.Sequential(*layers))
        self.fc = nn.Linear(FEATURES, classes) if classes else None

    def forward(self, clips: Tensor) -> Tensor:
        """Encode clips."""
        clips = self.maxpool(torch.relu(self.bn1(self.conv1_custom(clips))))
        for stage in (1, 2, 3):
            clips = self.maxpool_2(self.get_submodule(f"layer{stage}")(clips))
        return self.get_submodule("layer4")(clips.squeeze(2)).mean(dim=(2, 3))
