"""Models of the public codes whose weights are imported."""

import pytest
import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from tests.reference.public_bmn import PublicBMN, sampling_mask

LAYOUTS = ["jjboy", "mmaction2"]
each_layout = pytest.mark.parametrize("layout", LAYOUTS)


def textbook(layout: str, **changes: int) -> PublicBMN:
    """Return a public model with larger weights than a new one, so that no output is nearly constant."""
    model = PublicBMN(layout, **changes)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name != "sample_mask":
                parameter.normal_(std=0.4)
    return model


def exact(model: PublicBMN, layout: str, scale: int) -> PublicBMN:
    """Return the same model in float64, including its mask."""
    model = model.double()
    model.sample_mask.copy_(sampling_mask(scale, layout, model.bins, 3))
    return model


def features(channels: int = 8, scale: int = 7) -> Tensor:
    return torch.randn(3, channels, scale, generator=torch.Generator().manual_seed(3))


def on_our_grid(maps: Tensor, layout: str) -> Tensor:
    """Convert public maps (B, 2, T, T) of (regression, classification) to ours (B, 2, V), cell by cell."""
    grid = ProposalGrid(maps.shape[-1])
    cells = []
    for duration, start in zip(grid.duration_index, grid.start_cell, strict=True):
        where = (start, start + duration) if layout == "jjboy" else (duration, start)
        cells.append(maps[:, [1, 0], where[0], where[1]])
    return torch.stack(cells, dim=-1)
