"""The complementary boundary generator: a nested U-Net over time (paper section 3.3, Fig. 3)."""

from functools import lru_cache

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


def _node(inputs: int, channels: int) -> nn.Sequential:
    """Return one node of Fig. 3: Conv1d with kernel 3, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv1d(inputs, channels, 3, padding=1), nn.BatchNorm1d(channels), nn.ReLU(inplace=True)
    )


def interpolate(low: Tensor, size: int) -> Tensor:
    """Upsample a sequence (B, C, T) linearly to `size` cells, which need not be twice as many."""
    return F.interpolate(low, size=size, mode="linear", align_corners=False)


@lru_cache(maxsize=16)
def _interpolation_matrix(cells: int, size: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return the weights (cells, size) of `interpolate`, usable in training even if inference asks first."""
    with torch.inference_mode(False):
        return interpolate(torch.eye(cells, dtype=torch.float64)[None], size)[0].to(device, dtype)


def interpolate_by_product(low: Tensor, size: int) -> Tensor:
    """Return the same as `interpolate`, computed as a matrix product.

    On a GPU, its backward pass is deterministic, that of torch's interpolation is not.
    """
    return low @ _interpolation_matrix(low.shape[-1], size, low.dtype, low.device)


def _raise_to(low: Tensor, skip: Tensor) -> Tensor:
    """Upsample linearly to the length of the skip connection."""
    upsample = interpolate if low.device.type == "cpu" else interpolate_by_product
    return upsample(low, skip.shape[-1])


class BoundaryGenerator(nn.Module):
    """Start and end logits of every cell: (B, C, T) to one or two heads of (B, 2, T), T >= 4.

    This is a UNet++ of depth 2. X_ij is the node at depth i after j decoding steps. X_01 and X_02 have heads
    (deep supervision) with two output channels on one trunk. Because the grid of cells is symmetric, the
    start channel predicts ends when the sequence is reversed, and vice versa.

    Parameters
    ----------
    inputs : int
        C.
    channels : int
        Filters of each node.
    nested : bool
        Whether there is the node X_01, whose dense skip connections make the U-Net nested. Without it, this
        is a plain U-Net with one head.
    deep : bool
        Whether the head of X_01 is supervised, too (deep supervision).
    """

    def __init__(self, inputs: int, channels: int, nested: bool = True, deep: bool = True) -> None:
        super().__init__()
        self.x00 = _node(inputs, channels)
        self.x10 = _node(channels, channels)
        self.x20 = _node(channels, channels)
        self.x01 = _node(2 * channels, channels) if nested else None
        self.x11 = _node(2 * channels, channels)
        self.x02 = _node((3 if nested else 2) * channels, channels)
        self.heads = nn.ModuleList([nn.Conv1d(channels, 2, 1) for _ in range(2 if nested and deep else 1)])

    def forward(self, sequence: Tensor) -> list[Tensor]:
        """Return the logits of the heads; the last one is the most refined.

        Raises
        ------
        ValueError
            If the sequence has fewer than 4 cells.
        """
        if sequence.shape[-1] < 4:
            raise ValueError(f"two poolings need at least 4 cells, not {sequence.shape[-1]}")
        x00 = self.x00(sequence)
        x10 = self.x10(F.max_pool1d(x00, 2))
        x20 = self.x20(F.max_pool1d(x10, 2))
        nodes = [] if self.x01 is None else [self.x01(torch.cat([x00, _raise_to(x10, x00)], dim=1))]
        x11 = self.x11(torch.cat([x10, _raise_to(x20, x10)], dim=1))
        nodes.append(self.x02(torch.cat([x00, *nodes, _raise_to(x11, x00)], dim=1)))
        supervised = nodes[-len(self.heads) :]
        return [head(node) for head, node in zip(self.heads, supervised, strict=True)]
