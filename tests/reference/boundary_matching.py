"""Textbook form of boundary matching: a dense mask, a (C, N, D, T) tensor and a convolution over N."""

import math

import torch
from torch import Tensor

from bsnpp.models.settings import MatchingSettings


def sampling_mask(scale: int, settings: MatchingSettings) -> Tensor:
    """Return the weight of each cell in every position of every map cell: float64 (T, N, D, T), D = T."""
    samples = settings.samples_per_bin
    points = settings.bins * samples
    mask = torch.zeros(scale, settings.bins, scale, scale, dtype=torch.float64).numpy()
    for duration in range(scale):
        for start in range(scale - duration):
            length = duration + 1
            first = start - settings.context * length
            last = start + length + settings.context * length
            for point in range(points):
                share = point / (points - 1) if points > 1 else 0.5
                index = first + (last - first) * share - 0.5  # the feature of a cell lies at its centre
                below = math.floor(index)
                for cell, weight in ((below, below + 1 - index), (below + 1, index - below)):
                    if 0 <= cell < scale:
                        mask[cell, point // samples, duration, start] += weight / samples
    return torch.from_numpy(mask)


def boundary_matching(sequence: Tensor, mask: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Sample, filter over the N positions, ReLU: (B, C, T) and weights (F, C, N) to (B, F, D, T)."""
    scale, bins, durations, _ = mask.shape
    sampled = (sequence @ mask.reshape(scale, -1)).view(*sequence.shape[:2], bins, durations, scale)
    filtered = torch.nn.functional.conv3d(sampled, weight[..., None, None], bias)  # (B, F, 1, D, T)
    return torch.relu(filtered.squeeze(2))
