"""Networks that turn clips into features."""

from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn


class Encoded(NamedTuple):
    """Output of a network.

    Attributes
    ----------
    features : Tensor
        One vector for each clip, (B, D).
    logits : Tensor or None
        Class logits of each clip, (B, K), if the network has a classifier.
    """

    features: Tensor
    logits: Tensor | None


class Network(Protocol):
    """Anything that turns clips into features."""

    def __call__(self, clips: Tensor) -> Encoded:
        """Encode clips (B, L, C, H, W): L frames of C channels, normalised."""
        ...


class FrameAverage(nn.Module):
    """Apply a network of images to every frame of a clip, and average features and logits (TSN's consensus).

    Parameters
    ----------
    trunk : nn.Module
        Images (N, C, H, W) to features (N, D).
    head : nn.Module or None
        Features (N, D) to logits (N, K).
    """

    def __init__(self, trunk: nn.Module, head: nn.Module | None) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = head

    def forward(self, clips: Tensor) -> Encoded:
        """Encode clips (B, L, C, H, W)."""
        batch, frames = clips.shape[:2]
        features = self.trunk(clips.flatten(0, 1))
        logits = None if self.head is None else self.head(features).unflatten(0, (batch, frames)).mean(dim=1)
        return Encoded(features.unflatten(0, (batch, frames)).mean(dim=1), logits)


class ClipNetwork(nn.Module):
    """Apply a network of clips with time behind the channels, (B, C, L, H, W), as 3-D convolutions read it.

    Parameters
    ----------
    trunk : nn.Module
        Clips (B, C, L, H, W) to features (B, D).
    head : nn.Module or None
        Features (B, D) to logits (B, K).
    """

    def __init__(self, trunk: nn.Module, head: nn.Module | None) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = head

    def forward(self, clips: Tensor) -> Encoded:
        """Encode clips (B, L, C, H, W)."""
        features = self.trunk(clips.transpose(1, 2))
        return Encoded(features, None if self.head is None else self.head(features))


def normalise(clips: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    """Turn images of 8 bits into the input of a network.

    Parameters
    ----------
    clips : Tensor
        uint8 (B, L, H, W, C).
    mean, deviation : Tensor
        Mean and standard deviation of each channel, in the unit of the images (0 to 255), (C,).

    Returns
    -------
    Tensor
        float32 (B, L, C, H, W).
    """
    scaled = (clips.to(torch.float32) - mean) / deviation
    return scaled.permute(0, 1, 4, 2, 3).contiguous()
