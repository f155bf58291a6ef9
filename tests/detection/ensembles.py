"""A small ensemble of generators with random maps."""

from pathlib import Path

import numpy as np
import pandas as pd

from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.ensemble import Ensemble
from bsnpp.detection.external import ExternalDetections
from bsnpp.detection.video_candidates import VideoSource
from bsnpp.stores.maps import ProposalMaps

INSTANCES = pd.DataFrame({"video": ["v"], "start": [1.0], "end": [6.0], "label": ["a"]})


class RandomMaps(ProposalMaps):
    """Maps of random numbers, the same for all videos."""

    def read(self, indices: object) -> tuple[np.ndarray, np.ndarray]:
        """Return boundary probabilities (1, 2, T) and fused maps (1, 3, V)."""
        random = np.random.default_rng(self.grid.scale)
        return random.random((1, 2, self.grid.scale)), random.random((1, 3, len(self.grid)))


def ensemble(generators: int, external: int = 0, scale: int = 8) -> Ensemble:
    """Combine generators and empty external submissions for one video of 10 s."""
    videos = pd.DataFrame({"video": ["v"], "duration": [10.0], "extent": [10.0]})
    maps = {scale: RandomMaps(Path("maps.h5"), "fused", ProposalGrid(scale), ("v",))}
    source = VideoSource([maps] * generators, None, videos, ["a"], {"v": np.ones(1)})
    return Ensemble(source, ["paper", "recall"][:generators], [ExternalDetections({})] * external)
