"""Augmentation of training batches."""

import torch

from bsnpp.models.base import Generator
from bsnpp.training.data import Batch


def reverse_some(batch: Batch, share: float, network: type[Generator], seed: int) -> Batch:
    """Reverse some videos of a batch in time, features and labels.

    Parameters
    ----------
    batch : Batch
        B videos.
    share : float
        Probability that a video is reversed, in [0, 1].
    network : type
        Generator that defines the labels.
    seed : int
        Of the draw.
    """
    draws = torch.rand(len(batch.videos), generator=torch.Generator().manual_seed(seed))
    chosen = (draws < share).to(batch.features.device)
    reversed_labels = network.reversed_labels(batch.labels, batch.grid)
    return Batch(
        batch.videos,
        batch.grid,
        _choose(chosen, batch.features.flip(-1), batch.features),
        {name: _choose(chosen, reversed_labels[name], values) for name, values in batch.labels.items()},
    )


def _choose(chosen: torch.Tensor, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return the rows of `one` where `chosen` (B,) is true, else those of `other`."""
    return torch.where(chosen.view(-1, *[1] * (other.dim() - 1)), one, other)
