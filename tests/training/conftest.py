"""A toy subset that is learned in a few epochs: every other channel tells where the action is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bsnpp.stores.features import FeatureStore, write_features
from bsnpp.training.data import TrainingData

MakeData = Callable[..., TrainingData]


@pytest.fixture
def make_data(tmp_path: Path) -> MakeData:
    """Return a function that makes a subset of `count` videos, with changes to the features by video."""

    def make(
        name: str = "training", count: int = 6, seed: int = 0, broken: dict[str, float] | None = None
    ) -> TrainingData:
        generator = np.random.default_rng(seed)
        videos, features, segments = [f"{name}{index}" for index in range(count)], [], {}
        for video in videos:
            start, length = generator.integers(0, 5), generator.integers(2, 4)
            values = 0.1 * generator.standard_normal((8, 8)).astype(np.float32)
            values[::2, start : start + length] += 1
            values[1, 0] = (broken or {}).get(video, values[1, 0])
            features.append((video, values))
            segments[video] = np.array([[start, start + length]]) / 8
        write_features(tmp_path / f"{name}.h5", "toy", 8, 8, features, videos)
        return TrainingData(FeatureStore(tmp_path / f"{name}.h5"), segments, "paper")

    return make
