"""Reversed videos in training: features and labels together, the same in every repetition."""

from pathlib import Path

import numpy as np
import pytest
import torch

from bsnpp.models.build import network_class
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.augmentation import reverse_some
from bsnpp.training.trainer import Trainer
from tests.models.small import BSNPP, each_generator
from tests.training.conftest import MakeData
from tests.training.runs import SEED, same_weights, schedule


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_chosen_videos_are_reversed_and_the_others_are_not(share: float, make_data: MakeData) -> None:
    data, network = make_data(count=12), network_class(BSNPP)
    (batch,) = data.batches(12, "cpu")
    result = reverse_some(batch, share, network, seed=1)
    mirrored = network.reversed_labels(batch.labels, data.grid)
    flipped = [not torch.equal(new, old) for new, old in zip(result.features, batch.features, strict=True)]
    for row, reverse in enumerate(flipped):
        features = batch.features[row].flip(-1) if reverse else batch.features[row]
        assert torch.equal(result.features[row], features)
        for name, values in result.labels.items():
            assert torch.equal(values[row], (mirrored if reverse else batch.labels)[name][row])
    assert {0.0: sum(flipped) == 0, 0.5: 0 < sum(flipped) < 12, 1.0: all(flipped)}[share]


@each_generator
def test_training_with_reversal_repeats_and_differs(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    trainers = [Trainer(kind, schedule(2, reversal=share), SEED, make_data()) for share in (0.5, 0.5, 0.0)]
    for number, trainer in enumerate(trainers):
        metrics = trainer.run(tmp_path / f"{number}.checkpoint", "digest")
        assert np.isfinite([row["train_total"] for row in metrics]).all()
    assert same_weights(trainers[0], trainers[1]) and not same_weights(trainers[0], trainers[2])
