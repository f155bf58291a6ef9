"""A small network whose features can be computed by hand."""

from pathlib import Path

import torch
from torch import Tensor, nn

CHANNELS = 6


class Small(nn.Module):
    """Mean and standard deviation of each channel of a frame; with class logits or without."""

    def __init__(self, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        self.head = nn.Linear(CHANNELS, max(classes, 1))

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Frames (N, 3, H, W) to (N, 6)."""
        flat = images.flatten(2)
        features = torch.cat([flat.mean(dim=2), flat.std(dim=2)], dim=1)
        return (features, self.head(features)) if self.classes else features


def save_torchscript(path: Path, classes: int = 0, size: int = 32, channels: int = 3) -> Path:
    """Write the network as TorchScript; for other images than RGB, with so many channels and no classes."""
    torch.manual_seed(0)
    torch.jit.trace(Small(classes).eval(), torch.rand(2, channels, size, size)).save(str(path))
    return path
