"""Training at several numbers of cells: every batch has one of them, drawn at random."""

from collections.abc import Iterator, Sequence

import torch

from bsnpp.core.errors import UserError
from bsnpp.training.data import Batch, TrainingData


def with_same_videos(scales: Sequence[TrainingData]) -> Sequence[TrainingData]:
    """Return a subset at several scales, after a check that all have the same videos.

    Raises
    ------
    UserError
        If not.
    """
    first, *others = (one.store for one in scales)
    faults = [str(store.path) for store in others if store.videos != first.videos]
    if faults:
        raise UserError(f"{', '.join(faults)}: not the videos of {first.path}; rescale the features again")
    return scales


def mixed_batches(
    scales: Sequence[TrainingData], size: int, device: str, generator: torch.Generator, skip: int = 0
) -> Iterator[Batch]:
    """Yield every video once, each batch at a scale that is drawn at random.

    Parameters
    ----------
    scales : sequence of TrainingData
        The same videos at each scale. With one scale these are the batches of `TrainingData.batches`.
    size : int
        Videos per batch.
    device : str
        Device of the batches.
    generator : torch.Generator
        Shuffles the videos, and draws the scales.
    skip : int
        Number of batches to leave out at the beginning.
    """
    parts = scales[0].parts(size, generator)
    drawn = torch.randint(len(scales), (len(parts),), generator=generator).tolist()[skip:]
    streams = [
        one.of_parts([part for part, at in zip(parts[skip:], drawn, strict=True) if at == scale], device)
        for scale, one in enumerate(scales)
    ]
    for scale in drawn:
        yield next(streams[scale])
