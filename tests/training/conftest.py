"""A toy subset that is learned in a few epochs: every other channel shows where the action is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.core.segments import Shares
from bsnpp.models.labels import VideoInstances, video_labels
from bsnpp.stores.features import FeatureStore, write_features
from bsnpp.training.data import TrainingData

MakeData = Callable[..., TrainingData]


def paper_labels(instances: VideoInstances, grid: ProposalGrid) -> dict[str, np.ndarray]:
    """Return the labels that generators have by default."""
    return video_labels(instances, grid, "paper")


@pytest.fixture
def make_data(tmp_path: Path) -> MakeData:
    """Return a function that makes a subset of `count` videos at 8 x `fine` cells.

    `broken` replaces one feature value in some videos.
    """

    def make(
        name: str = "training",
        count: int = 6,
        seed: int = 0,
        broken: dict[str, float] | None = None,
        label: Callable[[VideoInstances, ProposalGrid], dict[str, np.ndarray]] = paper_labels,
        fine: int = 1,
    ) -> TrainingData:
        generator = np.random.default_rng(seed)
        videos, features, instances = [f"{name}{index}" for index in range(count)], [], {}
        for video in videos:
            start, length = generator.integers(0, 5), generator.integers(2, 4)
            values = 0.1 * generator.standard_normal((8, 8)).astype(np.float32)
            values[::2, start : start + length] += 1
            values[1, 0] = (broken or {}).get(video, values[1, 0])
            features.append((video, np.repeat(values, fine, axis=1)))
            instances[video] = VideoInstances(Shares(np.array([[start, start + length]]) / 8))
        path = tmp_path / f"{name}.{fine}.h5"
        write_features(path, "toy", 8 * fine, 8, features, videos)
        return TrainingData(FeatureStore(path), ProposalGrid(8 * fine), instances, label)

    return make
