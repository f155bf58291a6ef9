"""Decode the fused maps of many videos, a batch at a time."""

from collections.abc import Iterable, Iterator

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.decode import decode
from bsnpp.detection.decoding_settings import DecodingSettings
from bsnpp.detection.scored_segments import Proposals
from bsnpp.stores.maps import ProposalMaps

BATCH = 32
"""Number of videos that are read at a time."""

MapBatch = tuple[list[str], np.ndarray, np.ndarray]
"""Ids of n videos, start and end probabilities (n, 2, T), and fused maps (n, 3, V)."""


def decode_batches(
    batches: Iterable[MapBatch], grid: ProposalGrid, settings: DecodingSettings
) -> Iterator[tuple[str, Proposals]]:
    """Decode every video of some batches, without suppression."""
    for videos, boundary, maps in batches:
        for video, sequences, fused in zip(videos, boundary, maps, strict=True):
            yield video, decode(sequences, fused, grid, settings)


def read_batches(maps: ProposalMaps) -> Iterator[MapBatch]:
    """Read a file of fused maps, `BATCH` videos at a time."""
    for first in range(0, len(maps.videos), BATCH):
        videos = list(maps.videos[first : first + BATCH])
        yield videos, *maps.read(range(first, first + len(videos)))
