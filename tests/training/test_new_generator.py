"""A new generator needs its network and its settings only; here both come from outside bsnpp."""

from pathlib import Path

import numpy as np
import pytest

from bsnpp.inference.predict import predict_maps
from bsnpp.models.build import load_generator, network_class, save_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import parse_generator
from bsnpp.training.settings import LearningStage, TrainingSettings
from bsnpp.training.trainer import Trainer
from tests.models.toy_generator import Toy, registered_toy
from tests.training.conftest import MakeData


def test_a_generator_from_outside_trains_saves_loads_and_predicts(
    make_data: MakeData, tmp_path: Path
) -> None:
    with registered_toy():
        settings = parse_generator({"architecture": "toy", "max_duration": 0.5})
        labels = network_class(settings).labels
        data = make_data(label=lambda instances, grid: labels(instances, grid, "paper"))
        training = TrainingSettings(stages=(LearningStage(epochs=30, learning_rate=0.1),), batch_size=3)
        trainer = Trainer(settings, training, ComputeSettings(), data)
        metrics = trainer.run(tmp_path / "checkpoint.pt", "digest")
        save_generator(tmp_path / "model.safetensors", trainer.model)
        restored = load_generator(tmp_path / "model.safetensors")
    first, last = metrics[0], metrics[-1]
    assert last["train_action"] < 0.5 * first["train_action"]
    assert last["train_total"] == pytest.approx(last["train_action"] + 10 * last["train_size"])
    assert type(restored) is Toy and restored.settings == settings
    features, grid = data.store.read_all(), settings.grid(8)
    predictions = predict_maps(restored, features, "cpu", "float32")
    assert [maps.shape for maps in predictions] == [(6, 2, 8), (6, 2, len(grid))]
    for maps, expected in zip(
        predictions, predict_maps(trainer.model, features, "cpu", "float32"), strict=True
    ):
        np.testing.assert_array_equal(maps, expected)
    action = data.labels["action"] == 1
    starts = predictions[0][:, 0]
    assert starts[action].min() > starts[~action].max()
