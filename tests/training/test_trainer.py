"""The training loop: it learns, it is reproducible to the bit, and it keeps the selected epoch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from bsnpp.core.errors import UserError
from bsnpp.models.build import save_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.loss_settings import ResamplingSettings
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.data import Batch
from bsnpp.training.settings import LearningStage, TrainingSettings
from bsnpp.training.trainer import Trainer
from tests.models.small import BMN, BSNPP, each_generator
from tests.training.conftest import MakeData
from tests.training.runs import SEED, same_weights, schedule


@each_generator
def test_the_loss_falls_on_a_learnable_subset(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(30, rate=1e-2), SEED, make_data(), make_data("validation", 4, seed=1))
    metrics = trainer.run(tmp_path / "checkpoint.pt", "digest")
    for name in ("train_total", "train_boundary", "validation_total"):
        assert metrics[-1][name] < 0.7 * metrics[0][name]


@each_generator
def test_the_same_seed_gives_the_same_bytes(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    data = make_data()
    contents: list[bytes] = []
    for seed in (7, 7, 8):
        trainer = Trainer(kind, schedule(2), ComputeSettings(seed=seed), data)
        trainer.run(tmp_path / f"{len(contents)}.pt", "digest")
        save_generator(tmp_path / "model", trainer.model)
        contents.append((tmp_path / "model").read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_resident_and_streamed_features_give_the_same_bits(
    make_data: MakeData, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, trainers = [make_data(), make_data()], []
    for index, limit in enumerate((0.0, 0.001)):
        with caplog.at_level("INFO", "bsnpp"):
            trainers.append(Trainer(BMN, schedule(2), SEED, data[index], resident_gib=limit))
        trainers[-1].run(tmp_path / f"{index}.pt", "digest")
    assert [subset.resident is not None for subset in data] == [False, True]
    assert ["streamed from the file" in line for line in caplog.messages] == [True, False]
    assert same_weights(*trainers)


def test_the_share_of_waiting_counts_the_time_for_features(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, clock = make_data(), iter(range(10**6))
    monkeypatch.setattr("bsnpp.training.trainer.time.monotonic", lambda: float(next(clock)))
    (row,) = Trainer(BMN, schedule(1), SEED, data).run(tmp_path / "checkpoint.pt", "digest")
    # Each reading of this clock takes a second: 4 waits (the last one meets the end) among 10 readings.
    assert row["waiting_share"] == pytest.approx(4 / 9)


@each_generator
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_names_the_videos(
    kind: ProposalSettings, value: float, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(1), SEED, make_data(broken={"training3": value}))
    with pytest.raises(UserError, match=r"epoch 1 on the videos \[.*'training3'.*\]"):
        trainer.run(tmp_path / "checkpoint.pt", "digest")
    assert list(tmp_path.glob("*.pt")) == []


@each_generator
def test_a_validation_loss_that_is_not_finite_names_the_videos(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    validation = make_data("validation", 4, seed=1, broken={"validation3": float("nan")})
    trainer = Trainer(kind, schedule(2), SEED, make_data(), validation)
    with pytest.raises(UserError, match=r"epoch 1 on the videos \[.*'validation3'.*\]"):
        trainer.run(tmp_path / "checkpoint.pt", "digest")


@pytest.mark.parametrize("select", ["best", "last"])
def test_which_epoch_is_kept(select: str, make_data: MakeData, tmp_path: Path) -> None:
    """With a learning rate that is far too high, the first epochs are better than the last."""
    settings = TrainingSettings(
        stages=(LearningStage(epochs=3, learning_rate=5e-3), LearningStage(epochs=2, learning_rate=2.0)),
        batch_size=2,
        select=select,
    )
    validation = make_data("validation", 4, seed=1)
    trainer = Trainer(BMN, settings, SEED, make_data(), validation)
    losses = [row["validation_total"] for row in trainer.run(tmp_path / "checkpoint.pt", "digest")]
    kept = trainer.validate(validation)["total"]
    assert min(losses) < losses[-1]
    assert kept == (min(losses) if select == "best" else losses[-1])


def test_without_validation_the_last_epoch_is_kept(make_data: MakeData, tmp_path: Path) -> None:
    data = make_data()
    best, last = (Trainer(BMN, schedule(3, select=select), SEED, data) for select in ("best", "last"))
    metrics = best.run(tmp_path / "best.pt", "digest")
    last.run(tmp_path / "last.pt", "digest")
    assert same_weights(best, last)
    assert not [name for row in metrics for name in row if name.startswith("validation")]


def test_every_epoch_and_seed_has_its_own_draws(make_data: MakeData, tmp_path: Path) -> None:
    settings = TrainingSettings(stages=(LearningStage(epochs=3, learning_rate=1e-12),), batch_size=6)
    data = make_data()
    start = Trainer(BSNPP, settings, SEED, data).model.state_dict()
    losses = []
    for seed in (7, 8):
        trainer = Trainer(BSNPP, settings, ComputeSettings(seed=seed), data, start=start)
        losses += trainer.run(tmp_path / f"{seed}.pt", "digest")
    assert len({row["train_regression"] for row in losses}) == 6  # same weights and batch, other draws
    assert [row["train_boundary"] for row in losses] == pytest.approx([losses[0]["train_boundary"]] * 6)


def test_every_epoch_and_seed_has_its_own_order(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, orders = make_data(), []
    plain = data.of_parts

    def recorded(*arguments: Any) -> Iterator[Batch]:
        batches = list(plain(*arguments))
        orders.append([video for batch in batches for video in batch.videos])
        return iter(batches)

    monkeypatch.setattr(data, "of_parts", recorded)
    for run, seed in enumerate((7, 7, 8)):
        trainer = Trainer(BMN, schedule(2), ComputeSettings(seed=seed), data)
        trainer.run(tmp_path / f"{run}.pt", "digest")
    assert orders[:2] == orders[2:4]
    assert len({tuple(order) for order in orders}) == 4


@each_generator
def test_training_starts_from_given_weights(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    data = make_data()
    first = Trainer(kind, schedule(2), SEED, data)
    first.run(tmp_path / "first.pt", "digest")
    start = {name: tensor.clone() for name, tensor in first.model.state_dict().items()}
    second = Trainer(kind, schedule(1), ComputeSettings(seed=8), data, start=start)
    assert same_weights(first, second)
    second.run(tmp_path / "second.pt", "digest")
    assert not same_weights(first, second)


def test_the_learning_rate_is_that_of_the_epoch(make_data: MakeData, tmp_path: Path) -> None:
    stages = (LearningStage(epochs=2, learning_rate=1e-3), LearningStage(epochs=1, learning_rate=1e-4))
    trainer = Trainer(BMN, TrainingSettings(stages=stages, batch_size=4), SEED, make_data())
    used: list[float] = []
    trainer.optimiser.register_step_pre_hook(
        lambda optimiser, *_: used.append(optimiser.param_groups[0]["lr"])
    )
    metrics = trainer.run(tmp_path / "checkpoint.pt", "digest")
    assert [row["learning_rate"] for row in metrics] == [1e-3, 1e-3, 1e-4]
    assert used == [1e-3] * 4 + [1e-4] * 2  # two batches per epoch


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced", "none"])
def test_every_sampling_method_trains(method: str, make_data: MakeData, tmp_path: Path) -> None:
    settings = schedule(1, resampling=ResamplingSettings(method=method))
    (row,) = Trainer(BSNPP, settings, SEED, make_data()).run(tmp_path / "checkpoint.pt", "digest")
    assert row["train_regression"] > 0


def test_a_missing_gpu_is_reported(make_data: MakeData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match=r"finds no GPU here; .*or set cpu"):
        Trainer(BMN, schedule(1), ComputeSettings(device="cuda"), make_data())
