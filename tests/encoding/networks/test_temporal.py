"""TSM and TIN beside explicit loops."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from bsnpp.encoding.networks.temporal import TemporalInterlacing, moved_in_time, shifted


def looped_shift(images: Tensor, frames: int, share: int) -> Tensor:
    """Shift channels frame by frame."""
    result = torch.zeros_like(images)
    fold = images.shape[1] // share
    for clip in range(len(images) // frames):
        for frame in range(frames):
            here = clip * frames + frame
            for channel in range(images.shape[1]):
                step = 1 if channel < fold else -1 if channel < 2 * fold else 0
                if 0 <= frame + step < frames:
                    result[here, channel] = images[here + step, channel]
    return result


@pytest.mark.parametrize(("frames", "share", "channels"), [(4, 8, 16), (8, 4, 8), (1, 8, 16), (3, 8, 20)])
def test_the_shift_is_the_looped_one(frames: int, share: int, channels: int) -> None:
    torch.manual_seed(0)
    images = torch.randn(2 * frames, channels, 3, 2)
    torch.testing.assert_close(shifted(images, frames, share), looped_shift(images, frames, share))


def looped_interlacing(module: TemporalInterlacing, images: Tensor) -> Tensor:
    """Interlace clip by clip, group by group and frame by frame."""
    frames, moved = module.frames, module.moved
    result = images.clone()
    for first in range(0, len(images), frames):
        clip = images[first : first + frames]
        pooled = torch.stack([clip[frame, :moved].mean(dim=(1, 2)) for frame in range(frames)], dim=1)
        offsets = module.offset_net(pooled[None])[0].tolist()
        weights = module.weight_net(pooled[None])[0]
        for group, (offset, of_weight) in enumerate([(0, 0), (1, 1), (0, 0), (1, 1)]):
            distance = offsets[offset] if group < 2 else -offsets[offset]
            channels = slice(group * moved // 4, (group + 1) * moved // 4)
            target = torch.zeros_like(clip[:, channels])
            low = math.floor(distance)
            for step, share in ((low, 1 - (distance - low)), (low + 1, distance - low)):
                for frame in range(frames):
                    if 0 <= frame + step < frames:
                        target[frame + step] += share * clip[frame, channels]
            result[first : first + frames, channels] = target * weights[:, of_weight, None, None, None]
    return result


@pytest.mark.parametrize(("frames", "channels"), [(4, 32), (8, 16), (2, 64)])
def test_interlacing_is_the_looped_one(frames: int, channels: int) -> None:
    torch.manual_seed(1)
    module = TemporalInterlacing(channels, frames)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.7)
    images = torch.randn(3 * frames, channels, 4, 5)
    with torch.no_grad():
        torch.testing.assert_close(module(images), looped_interlacing(module, images), atol=1e-5, rtol=1e-5)


def test_whole_frames_move_without_loss() -> None:
    clips = torch.arange(5.0).reshape(1, 5, 1, 1, 1, 1).expand(1, 5, 4, 1, 1, 1)
    moved = moved_in_time(clips, torch.tensor([[1.0, -2.0, 0.0, 0.5]]))[0, :, :, 0, 0, 0].T
    expected = [[0, 0, 1, 2, 3], [2, 3, 4, 0, 0], [0, 1, 2, 3, 4], [0, 0.5, 1.5, 2.5, 3.5]]
    np.testing.assert_allclose(moved.numpy(), expected)


def test_offsets_begin_at_half_a_frame_and_weights_near_one() -> None:
    torch.manual_seed(0)
    module = TemporalInterlacing(16, 4)
    pooled = torch.zeros(1, 4, 4)
    with torch.no_grad():
        module.offset_net.fc2.weight.zero_()
        torch.testing.assert_close(module.offset_net(pooled), torch.full((1, 2), 0.5), atol=1e-3, rtol=0)
        torch.testing.assert_close(module.weight_net(pooled), torch.ones(1, 4, 2))
