"""BMN in the form of two public codes: a dense sampling mask, a convolution over N samples, whole maps.

Layers have the names of those codes, so that a state dict of this model looks like one of theirs.
"""

import math

import torch
from torch import Tensor, nn


def cell_samples(start: int, last: int, layout: str, count: int) -> list[float]:
    """Return the positions of `count` samples of the proposal from cell `start` to cell `last`."""
    end = last + 1 if layout == "jjboy" else last
    margin = 0.5 * (end - start + 1)
    step = ((end + margin) - (start - margin)) / (count - 1)
    return [start - margin + step * number for number in range(count)]


def add_sample(column: Tensor, sample: float, share: float) -> None:
    """Distribute one sample over the two cells around it; the lower one is determined by truncation."""
    low, high = math.trunc(sample), math.ceil(sample)
    above = sample - low
    for cell, weight in ((low, 1 - above), (high, above)):
        if 0 <= cell < len(column):
            column[cell] += share * weight


def sampling_mask(scale: int, layout: str, bins: int, samples: int) -> Tensor:
    """Return the mask (T, N x T x T) float64; the last axes are (start, end) or (duration, start)."""
    mask = torch.zeros(scale, bins, scale, scale, dtype=torch.float64)
    for start in range(scale):
        for last in range(start, scale):
            cell = (start, last) if layout == "jjboy" else (last - start, start)
            for number, sample in enumerate(cell_samples(start, last, layout, bins * samples)):
                add_sample(mask[:, number // samples, cell[0], cell[1]], sample, 1 / samples)
    return mask.view(scale, -1)


class PublicBMN(nn.Module):
    """Maps (B, 2, T, T) of (regression, classification), starts (B, T) and ends (B, T)."""

    def __init__(
        self,
        layout: str,
        channels: int = 8,
        scale: int = 7,
        bins: int = 4,
        widths: tuple[int, int, int] = (8, 6, 10),
        samples: int = 3,
    ) -> None:
        super().__init__()
        one, two, three = widths
        self.bins = bins
        self.sample_mask = nn.Parameter(sampling_mask(scale, layout, bins, samples).float(), False)

        def grouped(inputs: int) -> list[nn.Module]:
            return [nn.Conv1d(inputs, one, 3, padding=1, groups=4), nn.ReLU()]

        self.x_1d_b = nn.Sequential(*grouped(channels), *grouped(one))
        self.x_1d_s = nn.Sequential(*grouped(one), nn.Conv1d(one, 1, 1), nn.Sigmoid())
        self.x_1d_e = nn.Sequential(*grouped(one), nn.Conv1d(one, 1, 1), nn.Sigmoid())
        self.x_1d_p = nn.Sequential(nn.Conv1d(one, one, 3, padding=1), nn.ReLU())
        self.x_3d_p = nn.Sequential(nn.Conv3d(one, three, (bins, 1, 1)), nn.ReLU())
        self.x_2d_p = nn.Sequential(
            *(nn.Conv2d(three, two, 1), nn.ReLU()),
            *(nn.Conv2d(two, two, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(two, two, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(two, 2, 1), nn.Sigmoid()),
        )

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the outputs for features (B, C, T)."""
        shared = self.x_1d_b(features)
        batch, channels, scale = shared.shape
        sampled = (self.x_1d_p(shared) @ self.sample_mask).view(batch, channels, self.bins, scale, scale)
        maps = self.x_2d_p(self.x_3d_p(sampled).squeeze(2))
        return maps, self.x_1d_s(shared).squeeze(1), self.x_1d_e(shared).squeeze(1)
