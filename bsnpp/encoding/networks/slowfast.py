"""SlowFast (Feichtenhofer et al., ICCV 2019) on ResNet-50 or ResNet-101, with 8 x 8 frames.

A slow pathway sees one of `ALPHA` frames of a clip, a fast one with an eighth of the channels sees all of
them. Features of the fast pathway join those of the slow one after the stem and the first three stages.
"""

import torch
from torch import Tensor, nn

DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
ALPHA = 4
"""Frames of the fast pathway for each one of the slow pathway."""
BETA = 8
"""Channels of the slow pathway divided by those of the fast one."""
FUSION = {50: 7, 101: 5}
"""Frames that the convolution from the fast to the slow pathway sees, as in the released networks."""
PLAIN_FUSION = 5
"""The same where the convolutions are plain, as in MMAction2."""
FEATURES = 2048 + 2048 // BETA
STEM = 64


def convolution(
    inputs: int, outputs: int, kernel: tuple[int, int, int], stride: tuple[int, int, int] = (1, 1, 1)
) -> nn.Sequential:
    """Return a 3-D convolution that keeps the size, but for its stride, with batch normalisation."""
    padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2)
    return nn.Sequential(
        nn.Conv3d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm3d(outputs)
    )


class Bottleneck(nn.Module):
    """A residual block: (temporal, 1, 1), (1, 3, 3), (1, 1, 1)."""

    def __init__(self, inputs: int, width: int, outputs: int, temporal: int, stride: int) -> None:
        super().__init__()
        self.conv1 = convolution(inputs, width, (temporal, 1, 1))
        self.conv2 = convolution(width, width, (1, 3, 3), (1, stride, stride))
        self.conv3 = convolution(width, outputs, (1, 1, 1))
        changes = inputs != outputs or stride > 1
        self.shortcut = (
            convolution(inputs, outputs, (1, 1, 1), (1, stride, stride)) if changes else nn.Identity()
        )

    def forward(self, clips: Tensor) -> Tensor:
        """Add the residual to clips (B, C, L, H, W)."""
        residual = self.conv3(torch.relu(self.conv2(torch.relu(self.conv1(clips)))))
        return torch.relu(residual + self.shortcut(clips))


class Pathway(nn.Module):
    """The stem and the four stages of one pathway.

    Parameters
    ----------
    depth : int
        50 or 101.
    divisor : int
        What channels are divided by: 1, or `BETA`.
    stem : int
        Frames that the stem sees.
    temporal : tuple of int
        Frames that the blocks of each stage see.
    joined : bool
        Whether features of the fast pathway join the inputs of the stages.
    channels : int
        Channels of a frame.
    """

    def __init__(
        self, depth: int, divisor: int, stem: int, temporal: tuple[int, ...], joined: bool, channels: int
    ) -> None:
        super().__init__()
        extra = 2 * STEM // BETA if joined else 0
        self.stem = nn.Sequential(
            convolution(channels, STEM // divisor, (stem, 7, 7), (1, 2, 2)),
            nn.ReLU(),
            nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)),
        )
        self.stages = nn.ModuleList()
        inputs = STEM // divisor + extra
        for stage, blocks in enumerate(DEPTHS[depth]):
            width = STEM * 2**stage // divisor
            outputs = 4 * width
            stride = 1 if stage == 0 else 2
            first = Bottleneck(inputs, width, outputs, temporal[stage], stride)
            others = [Bottleneck(outputs, width, outputs, temporal[stage], 1) for _ in range(blocks - 1)]
            self.stages.append(nn.Sequential(first, *others))
            inputs = outputs + (2 * outputs // BETA if joined else 0)


class SlowFast(nn.Module):
    """Clips (B, 3, L, H, W) to features (B, 2304); L is a multiple of `ALPHA`, 32 as published.

    Parameters
    ----------
    classes : int
        Classes of its classifier `fc`, which `forward` does not apply; 0 without one.
    depth : int
        50 or 101.
    channels : int
        Channels of a frame.
    plain : bool
        Whether the network is that of MMAction2: convolutions between the pathways without normalisation and
        ReLU, features of the fast pathway first, and other frames of the slow one.
    """

    def __init__(self, classes: int = 0, depth: int = 101, channels: int = 3, plain: bool = False) -> None:
        super().__init__()
        self.plain = plain
        self.slow = Pathway(depth, 1, 1, (1, 1, 3, 3), True, channels)
        self.fast = Pathway(depth, BETA, 5, (3, 3, 3, 3), False, channels)
        widths = [STEM // BETA, *(4 * STEM * 2**stage // BETA for stage in range(3))]
        self.laterals = nn.ModuleList(_lateral(width, depth, plain) for width in widths)
        self.fc = nn.Linear(FEATURES, classes) if classes else None

    def _seen(self, frames: int) -> Tensor:
        """Return the frames that the slow pathway sees: from the first to the last one, as PySlowFast does.

        MMAction2 takes every `ALPHA`-th one.
        """
        if self.plain:
            return torch.arange(0, frames, ALPHA)
        return torch.linspace(0, frames - 1, frames // ALPHA).long()

    def forward(self, clips: Tensor) -> Tensor:
        """Encode clips."""
        slow, fast = self.slow.stem(clips[:, :, self._seen(clips.shape[2])]), self.fast.stem(clips)
        for stage, lateral in enumerate(self.laterals):
            slow = self.slow.stages[stage](torch.cat([slow, lateral(fast)], dim=1))
            fast = self.fast.stages[stage](fast)
        pooled = [slow.mean(dim=(2, 3, 4)), fast.mean(dim=(2, 3, 4))]
        return torch.cat(pooled[::-1] if self.plain else pooled, dim=1)


def _lateral(width: int, depth: int, plain: bool) -> nn.Sequential:
    """Return the layers from the fast to the slow pathway."""
    kernel = (PLAIN_FUSION if plain else FUSION[depth], 1, 1)
    layers = convolution(width, 2 * width, kernel, (ALPHA, 1, 1))
    return nn.Sequential(layers[:1]) if plain else nn.Sequential(layers, nn.ReLU())
