"""The moving average of weights."""

from pathlib import Path

import pytest
import torch

from bsnpp.models.build import build_generator
from bsnpp.models.settings import BSNPPSettings, MatchingSettings
from bsnpp.training.averaging import WeightAverage
from bsnpp.training.settings import ComputeSettings, LearningStage, TrainingSettings
from bsnpp.training.trainer import Trainer
from tests.training.conftest import MakeData

MATCHING = MatchingSettings(bins=4, input_channels=8, filters=8)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=8, matching=MATCHING, relation_channels=8)
STAGES = (LearningStage(epochs=3, learning_rate=5e-3),)


def test_the_average_equals_the_loop_over_steps() -> None:
    model = build_generator(8, BSNPP).double()
    average = WeightAverage(model, 0.3)
    parameter = model.boundary.heads[0].bias
    expected = parameter.detach().clone()
    for step in range(5):
        torch.nn.init.normal_(parameter)
        model.boundary.x00[1].num_batches_tracked += 1
        average.update(model)
        decay = min(0.3, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * parameter.detach()
    torch.testing.assert_close(average.model.boundary.heads[0].bias, expected, rtol=0, atol=1e-15)
    assert average.model.boundary.x00[1].num_batches_tracked == 5


def test_averaging_changes_what_is_kept_but_not_what_is_learned(make_data: MakeData, tmp_path: Path) -> None:
    data, validation = make_data(), make_data("validation", 4, seed=1)
    plain, averaged = (
        Trainer(BSNPP, TrainingSettings(stages=STAGES, average=decay), ComputeSettings(), data, validation)
        for decay in (None, 0.9)
    )
    rows = [
        trainer.run(tmp_path / f"{index}.pt", "digest") for index, trainer in enumerate((plain, averaged))
    ]
    for one, other in zip(*rows, strict=True):
        assert one["train_total"] == other["train_total"]
        assert one["validation_total"] != other["validation_total"]
    kept = averaged._validate(validation)["total"]
    assert kept == pytest.approx(min(row["validation_total"] for row in rows[1]), abs=0)
