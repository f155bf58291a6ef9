"""Training samples: which proposals are trained on."""

from dataclasses import replace

import numpy as np

from bsnpp.recogniser.recordings import Instances, Recording
from bsnpp.recogniser.training_samples import sample_segments
from tests.recogniser.recordings import SETTINGS, world


def training_features(recordings: dict[str, Recording], instances: dict[str, Instances]) -> np.ndarray:
    rng = np.random.default_rng(0)
    return sample_segments(recordings, instances, SETTINGS, rng).features


def test_only_proposals_near_instances_are_trained_on() -> None:
    recordings, instances = world(0, 2)
    near = {video: replace(each, generated=instances[video].segments) for video, each in recordings.items()}
    far = {video: replace(each, generated=np.array([[0.0, 60.0]])) for video, each in recordings.items()}
    plain = training_features(recordings, instances)
    assert len(training_features(near, instances)) == len(plain) + 2 * 2
    np.testing.assert_array_equal(training_features(far, instances), plain)
