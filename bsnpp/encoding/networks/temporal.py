"""TSM and TIN: residual networks of images whose blocks exchange channels between the frames of a clip.

Both move channels in time at the input of the first convolution of a residual block. The network itself and
the names of its weights stay those of timm.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from bsnpp.core.errors import UserError

LONG_STAGE = 23
"""Blocks of the third stage from which TSM changes every second block."""
GROUPS = 2
"""Groups of channels with an offset of their own in TIN; as many move by the opposite offset."""


def shifted(images: Tensor, frames: int, share: int = 8) -> Tensor:
    """Shift channels in time (Lin et al., TSM, ICCV 2019).

    Parameters
    ----------
    images : Tensor
        (B L, C, H, W), the frames of a clip one after the other.
    frames : int
        L, frames of a clip.
    share : int
        1 / share of the channels take the values of the next frame, as many those of the frame before; beyond
        the clip they are 0.

    Returns
    -------
    Tensor
        The same shape.
    """
    clips = images.unflatten(0, (-1, frames))
    fold = clips.shape[2] // share
    result = torch.zeros_like(clips)
    result[:, :-1, :fold] = clips[:, 1:, :fold]
    result[:, 1:, fold : 2 * fold] = clips[:, :-1, fold : 2 * fold]
    result[:, :, 2 * fold :] = clips[:, :, 2 * fold :]
    return result.flatten(0, 1)


class OffsetNet(nn.Module):
    """Compute the offsets of two groups [frame], within (-2, 2): (B, C, L) to (B, 2)."""

    def __init__(self, channels: int, frames: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, 1, 3, padding=1)
        self.fc1 = nn.Linear(frames, frames)
        self.fc2 = nn.Linear(frames, GROUPS)
        nn.init.constant_(self.fc2.bias, 0.5108)  # offsets begin at half a frame

    def forward(self, pooled: Tensor) -> Tensor:
        """Compute the offsets from spatial means."""
        hidden = torch.relu(self.fc1(self.conv(pooled).squeeze(1)))
        return 4 * (torch.sigmoid(self.fc2(hidden)) - 0.5)


class WeightNet(nn.Module):
    """Compute the weights of two groups in every frame, within (0, 2): (B, C, L) to (B, L, 2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, GROUPS, 3, padding=1)
        assert self.conv.bias is not None
        nn.init.zeros_(self.conv.bias)  # weights begin near 1

    def forward(self, pooled: Tensor) -> Tensor:
        """Compute the weights from spatial means."""
        return 2 * torch.sigmoid(self.conv(pooled)).transpose(1, 2)


class TemporalInterlacing(nn.Module):
    """Move groups of channels in time by learned offsets (Shao et al., TIN, AAAI 2020).

    The first C / share channels form four groups. Two are moved by offsets that are computed from their
    spatial mean, the other two by the opposite offsets. Values between frames are interpolated, those beyond
    the clip are 0. Each group is weighted in every frame.

    Parameters
    ----------
    channels : int
        C, channels of the input.
    frames : int
        L, frames of a clip.
    share : int
        1 / share of the channels is moved.
    """

    def __init__(self, channels: int, frames: int, share: int = 4) -> None:
        super().__init__()
        self.frames, self.moved = frames, channels // share
        self.offset_net = OffsetNet(self.moved, frames)
        self.weight_net = WeightNet(self.moved)

    def forward(self, images: Tensor) -> Tensor:
        """Move channels of images (B L, C, H, W)."""
        clips = images.unflatten(0, (-1, self.frames))
        moving = clips[:, :, : self.moved]
        pooled = moving.mean(dim=(3, 4)).transpose(1, 2)
        offsets = self.offset_net(pooled)
        offsets = torch.cat([offsets, -offsets], dim=1)  # (B, 4)
        weights = self.weight_net(pooled).repeat(1, 1, 2)  # (B, L, 4)
        moved = moved_in_time(moving.unflatten(2, (2 * GROUPS, -1)), offsets)
        weighted = moved * weights[..., None, None, None]
        return torch.cat([weighted.flatten(2, 3), clips[:, :, self.moved :]], dim=2).flatten(0, 1)


def moved_in_time(clips: Tensor, offsets: Tensor) -> Tensor:
    """Move groups of channels by fractions of frames.

    Parameters
    ----------
    clips : Tensor
        (B, L, G, C, H, W).
    offsets : Tensor
        Frames by which each group is moved towards the end of the clip, (B, G).

    Returns
    -------
    Tensor
        The same shape: the value of frame t goes to t + offset, divided between its two neighbours.
    """
    frames = torch.arange(clips.shape[1], device=clips.device)
    source = frames[None, None, :, None] + offsets[:, :, None, None]  # (B, G, from, 1)
    share = (1 - (source - frames[None, None, None, :]).abs()).clamp(min=0)  # (B, G, from, to)
    return torch.einsum("bgst,bsgchw->btgchw", share, clips)


def residual_blocks(model: nn.Module) -> list[list[nn.Module]]:
    """Return the residual blocks of each stage of a network of timm.

    Raises
    ------
    UserError
        If the network has no stages of residual blocks.
    """
    stages = [getattr(model, f"layer{number}", None) for number in range(1, 5)]
    if not all(isinstance(stage, nn.Sequential) for stage in stages):
        raise UserError("TSM and TIN need a residual network of timm, with the stages layer1 to layer4")
    return [list(stage) for stage in stages if isinstance(stage, nn.Sequential)]


def add_shift(model: nn.Module, frames: int) -> None:
    """Shift channels in time in a residual network of timm (TSM).

    Every block is changed, or every second one of each stage if the third stage is long, as in ResNet-101.
    """
    stages = residual_blocks(model)
    every = 2 if len(stages[2]) >= LONG_STAGE else 1
    for stage in stages:
        for block in stage[::every]:
            _before(first_convolution(block), partial(shifted, frames=frames))


def add_interlacing(model: nn.Module, frames: int) -> None:
    """Interlace channels in time in every block of a residual network of timm (TIN)."""
    for stage in residual_blocks(model):
        for block in stage:
            convolution = first_convolution(block)
            interlacing = TemporalInterlacing(convolution.in_channels, frames)
            block.add_module("interlacing", interlacing)
            _before(convolution, interlacing)


def first_convolution(block: nn.Module) -> nn.Conv2d:
    """Return the first convolution of a residual block."""
    convolution = block.get_submodule("conv1")
    assert isinstance(convolution, nn.Conv2d)
    return convolution


def _before(convolution: nn.Conv2d, apply: Callable[[Tensor], Tensor]) -> None:
    """Apply a function to every input of a convolution."""
    convolution.register_forward_pre_hook(lambda module, inputs: (apply(inputs[0]),))
