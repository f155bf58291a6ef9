"""What scripts that score maps share: proposals of the videos of consecutive batches of maps."""

from collections.abc import Iterable, Iterator

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.decode import Proposals, decode
from bsnpp.detection.settings import DetectionSettings
from bsnpp.stores.maps import ProposalMaps

BATCH = 32
"""Videos read at a time."""


def decoded(
    batches: Iterable[tuple[list[str], np.ndarray, np.ndarray]],
    grid: ProposalGrid,
    settings: DetectionSettings,
) -> Iterator[tuple[str, Proposals]]:
    """Proposals, not suppressed, of every video of batches of (videos, boundary, fused maps)."""
    for videos, boundary, maps in batches:
        for video, sequences, fused in zip(videos, boundary, maps, strict=True):
            yield video, decode(sequences, fused, grid, settings)


def read_batches(maps: ProposalMaps) -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
    """Videos, boundary probabilities and maps of a file, a few videos at a time."""
    for first in range(0, len(maps.videos), BATCH):
        videos = list(maps.videos[first : first + BATCH])
        yield videos, *maps.read(range(first, first + len(videos)))
