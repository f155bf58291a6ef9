"""Score class probabilities by the detections that they give on fused maps."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bsnpp.detection.map_proposals import decode_batches, read_batches
from bsnpp.detection.relabelling import Relabelling
from bsnpp.detection.relabelling_settings import RelabellingSettings
from bsnpp.stores.maps import open_fused


def average_map_on(
    path: str | Path,
    videos: pd.DataFrame,
    classes: Sequence[str],
    instances: pd.DataFrame,
    settings: RelabellingSettings,
    thresholds: Sequence[float],
) -> Callable[[np.ndarray], float]:
    """Return a function that computes the average mAP of class probabilities (N, K) on a file of fused maps.

    Parameters
    ----------
    path : str or Path
        Fused maps of N videos.
    videos, classes, instances, settings, thresholds
        As for `Relabelling`; `settings` also decodes the proposals.
    """
    maps = open_fused(path)
    proposals = decode_batches(read_batches(maps), maps.grid, settings)
    return Relabelling(proposals, videos, classes, instances, settings, thresholds).average_map
