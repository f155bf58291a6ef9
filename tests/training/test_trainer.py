"""The training loop: it learns, it repeats itself to the bit, and it goes on after a kill."""

from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
import torch

from bsnpp.core.errors import UserError
from bsnpp.models.build import save_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from bsnpp.training.checkpoint import Metrics, Stopped
from bsnpp.training.data import Batch
from bsnpp.training.losses import bmn_terms, bsnpp_terms
from bsnpp.training.resampling import scale_regions
from bsnpp.training.settings import LearningStage, ResamplingSettings, TrainingSettings
from bsnpp.training.trainer import Trainer
from tests.training.conftest import MakeData

MATCHING = MatchingSettings(bins=4, input_channels=8, filters=8)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=8, matching=MATCHING, relation_channels=8)
BMN = BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=8)
both = pytest.mark.parametrize("kind", [BSNPP, BMN], ids=["bsnpp", "bmn"])
SEED = ComputeSettings(seed=7)
RUNS: dict[str, dict[str, object]] = {"plain": {}, "last": {"select": "last"}}


def schedule(epochs: int, rate: float = 5e-3, **changes: object) -> TrainingSettings:
    stages = (LearningStage(epochs=epochs, learning_rate=rate),)
    return TrainingSettings(stages=stages, batch_size=2, **changes)


def losses(rows: list[Metrics]) -> list[Metrics]:
    """Everything that a repetition gives again: all but the timing."""
    return [{name: value for name, value in row.items() if name != "waiting_share"} for row in rows]


def same_weights(one: Trainer, other: Trainer) -> bool:
    ours, theirs = one.model.state_dict(), other.model.state_dict()
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


@both
def test_the_loss_falls_on_what_can_be_learned(
    kind: GeneratorSettings, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(30, rate=1e-2), SEED, make_data(), make_data("validation", 4, seed=1))
    metrics = trainer.run(tmp_path / "checkpoint.pt", "digest")
    for name in ("train_total", "train_boundary", "validation_total"):
        assert metrics[-1][name] < 0.7 * metrics[0][name]


@both
def test_the_same_seed_gives_the_same_bytes(
    kind: GeneratorSettings, make_data: MakeData, tmp_path: Path
) -> None:
    data = make_data()
    contents: list[bytes] = []
    for seed in (7, 7, 8):
        trainer = Trainer(kind, schedule(2), ComputeSettings(seed=seed), data)
        trainer.run(tmp_path / f"{len(contents)}.pt", "digest")
        save_generator(tmp_path / "model", trainer.model, 8, kind)
        contents.append((tmp_path / "model").read_bytes())
    assert contents[0] == contents[1] != contents[2]


@both
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("killed_after", [1, 3])
def test_a_killed_run_goes_on_to_the_same_bits(
    kind: GeneratorSettings, run: str, killed_after: int, make_data: MakeData, tmp_path: Path
) -> None:
    kind = kind.model_copy(update={"dropout": 0.3})
    settings, data, validation = schedule(4, **RUNS[run]), make_data(), make_data("validation", 4, seed=1)
    undisturbed = Trainer(kind, settings, SEED, data, validation)
    expected = undisturbed.run(tmp_path / "undisturbed.pt", "digest")

    def kill(metrics: Metrics) -> None:
        if metrics["epoch"] == killed_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Trainer(kind, settings, SEED, data, validation).run(tmp_path / "killed.pt", "digest", kill)
    torch.rand(3)  # a new process has another state of the global generator
    resumed, epochs = Trainer(kind, settings, SEED, data, validation), []
    found = resumed.run(tmp_path / "killed.pt", "digest", lambda metrics: epochs.append(metrics["epoch"]))
    assert epochs == list(range(killed_after + 1, 5))
    assert losses(found) == losses(expected)
    assert same_weights(resumed, undisturbed)


@both
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("stop", [(0, 1), (1, 3), (2, 4), (3, 5)], ids=str)
def test_a_stopped_run_goes_on_to_the_same_bits_from_its_batch(
    kind: GeneratorSettings, run: str, stop: tuple[int, int], make_data: MakeData, tmp_path: Path
) -> None:
    """Stopped in training (3 batches an epoch), at its end, and in validation (2)."""
    kind = kind.model_copy(update={"dropout": 0.3})
    settings, data, validation = schedule(4, **RUNS[run]), make_data(), make_data("validation", 4, seed=1)
    undisturbed = Trainer(kind, settings, SEED, data, validation)
    expected = undisturbed.run(tmp_path / "undisturbed.pt", "digest")
    done: list[tuple[int, int]] = []

    def interrupt(epoch: int, batches: int) -> None:
        if (epoch, batches) == stop:
            raise Stopped

    with pytest.raises(Stopped):
        Trainer(kind, settings, SEED, data, validation).run(tmp_path / "c.pt", "digest", on_batch=interrupt)
    torch.rand(3)
    resumed = Trainer(kind, settings, SEED, data, validation)
    found = resumed.run(
        tmp_path / "c.pt", "digest", on_batch=lambda epoch, batches: done.append((epoch, batches))
    )
    first = (stop[0], min(stop[1], 3) + 1)  # validation begins anew
    assert done == [at for at in ((e, b) for e in range(4) for b in range(1, 6)) if at >= first]
    assert losses(found) == losses(expected)
    assert same_weights(resumed, undisturbed)


def test_features_on_the_device_or_in_the_file_give_the_same_bits(
    make_data: MakeData, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, trainers = [make_data(), make_data()], []
    for index, limit in enumerate((0, 1)):
        with caplog.at_level("INFO", "bsnpp"):
            trainers.append(Trainer(BMN, schedule(2), SEED, data[index], resident_mib=limit))
        trainers[-1].run(tmp_path / f"{index}.pt", "digest")
    assert [subset.resident is not None for subset in data] == [False, True]
    assert ["streamed from the file" in line for line in caplog.messages] == [True, False]
    assert same_weights(*trainers)


def test_the_share_of_waiting_is_that_of_slow_features(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, clock = make_data(), iter(range(10**6))
    monkeypatch.setattr("bsnpp.training.trainer.time.monotonic", lambda: float(next(clock)))
    (row,) = Trainer(BMN, schedule(1), SEED, data).run(tmp_path / "checkpoint.pt", "digest")
    # Every look at this clock takes a second: 4 waits (the last finds the end) between its 10 looks.
    assert row["waiting_share"] == pytest.approx(4 / 9)


def test_a_finished_run_trains_no_more(make_data: MakeData, tmp_path: Path) -> None:
    data = make_data()
    epochs: list[Metrics] = []
    first, second = (Trainer(BMN, schedule(2), SEED, data) for _ in range(2))
    metrics = first.run(tmp_path / "checkpoint.pt", "digest")
    assert second.run(tmp_path / "checkpoint.pt", "digest", epochs.append) == metrics
    assert epochs == [] and same_weights(first, second)


def test_a_checkpoint_of_another_digest_is_left_aside(make_data: MakeData, tmp_path: Path) -> None:
    data, epochs = make_data(), []
    Trainer(BMN, schedule(2, rate=0.1), SEED, data).run(tmp_path / "checkpoint.pt", "old")
    renewed, fresh = (Trainer(BMN, schedule(2), SEED, data) for _ in range(2))
    renewed.run(tmp_path / "checkpoint.pt", "new", lambda metrics: epochs.append(metrics["epoch"]))
    fresh.run(tmp_path / "other.pt", "new")
    assert epochs == [1, 2] and same_weights(renewed, fresh)


@both
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_features_that_are_not_numbers_are_told_with_their_videos(
    kind: GeneratorSettings, value: float, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(1), SEED, make_data(broken={"training3": value}))
    with pytest.raises(UserError, match=r"epoch 1 on the videos \[.*'training3'.*\]"):
        trainer.run(tmp_path / "checkpoint.pt", "digest")
    assert list(tmp_path.glob("*.pt")) == []


@both
def test_a_validation_loss_that_is_no_number_is_told_with_its_videos(
    kind: GeneratorSettings, make_data: MakeData, tmp_path: Path
) -> None:
    validation = make_data("validation", 4, seed=1, broken={"validation3": float("nan")})
    trainer = Trainer(kind, schedule(2), SEED, make_data(), validation)
    with pytest.raises(UserError, match=r"epoch 1 on the videos \[.*'validation3'.*\]"):
        trainer.run(tmp_path / "checkpoint.pt", "digest")


@pytest.mark.parametrize("select", ["best", "last"])
def test_which_epoch_is_kept(select: str, make_data: MakeData, tmp_path: Path) -> None:
    """With a rate that is far too high, the first epochs are better than the last."""
    settings = TrainingSettings(
        stages=(LearningStage(epochs=3, learning_rate=5e-3), LearningStage(epochs=2, learning_rate=2.0)),
        batch_size=2,
        select=select,
    )
    validation = make_data("validation", 4, seed=1)
    trainer = Trainer(BMN, settings, SEED, make_data(), validation)
    losses = [m["validation_total"] for m in trainer.run(tmp_path / "checkpoint.pt", "digest")]
    kept = trainer._validate(validation)["total"]
    assert min(losses) < losses[-1]
    assert kept == (min(losses) if select == "best" else losses[-1])


def test_without_validation_the_last_epoch_is_kept(make_data: MakeData, tmp_path: Path) -> None:
    data = make_data()
    best, last = (Trainer(BMN, schedule(3, select=select), SEED, data) for select in ("best", "last"))
    metrics = best.run(tmp_path / "best.pt", "digest")
    last.run(tmp_path / "last.pt", "digest")
    assert same_weights(best, last)
    assert not [name for row in metrics for name in row if name.startswith("validation")]


@both
def test_validation_draws_nothing(kind: GeneratorSettings, make_data: MakeData) -> None:
    data = make_data()
    losses = []
    for seed in (7, 8):
        weights = Trainer(kind, schedule(1), SEED, data).model.state_dict()
        trainer = Trainer(kind, schedule(1), ComputeSettings(seed=seed), data, start=weights)
        losses += [trainer._validate(data), trainer._validate(data)]
    assert losses[0] == losses[1] == losses[2] == losses[3]


@both
def test_validation_uses_the_expected_weights_and_the_model_of_inference(
    kind: GeneratorSettings, make_data: MakeData
) -> None:
    data = make_data()
    trainer = Trainer(kind, schedule(1), SEED, data)
    trainer.settings = trainer.settings.model_copy(update={"batch_size": len(data)})
    found = trainer._validate(data)
    (batch,) = data.batches(len(data), "cpu")
    model, generator = trainer.model.eval(), torch.Generator()
    with torch.no_grad():
        targets = model(batch.features), batch.boundary, batch.iou
        settings = TrainingSettings(resampling=ResamplingSettings(expectation=True))
        if kind is BMN:
            expected = bmn_terms(*targets, settings, generator)
        else:
            expected = bsnpp_terms(*targets, scale_regions(data.grid), settings, generator)
    for name, value in vars(expected).items():
        assert found[name] == pytest.approx(value.item())


def test_every_epoch_and_seed_draws_anew(make_data: MakeData, tmp_path: Path) -> None:
    settings = TrainingSettings(stages=(LearningStage(epochs=3, learning_rate=1e-12),), batch_size=6)
    data = make_data()
    start = Trainer(BSNPP, settings, SEED, data).model.state_dict()
    losses = []
    for seed in (7, 8):
        trainer = Trainer(BSNPP, settings, ComputeSettings(seed=seed), data, start=start)
        losses += trainer.run(tmp_path / f"{seed}.pt", "digest")
    assert len({row["train_regression"] for row in losses}) == 6  # weights and batch stay, draws change
    assert [row["train_boundary"] for row in losses] == pytest.approx([losses[0]["train_boundary"]] * 6)


def test_every_epoch_and_seed_shuffles_anew(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, orders = make_data(), []
    plain = data.batches

    def recorded(*arguments: Any) -> Iterator[Batch]:
        batches = list(plain(*arguments))
        orders.append([video for batch in batches for video in batch.videos])
        return iter(batches)

    monkeypatch.setattr(data, "batches", recorded)
    for run, seed in enumerate((7, 7, 8)):
        trainer = Trainer(BMN, schedule(2), ComputeSettings(seed=seed), data)
        trainer.run(tmp_path / f"{run}.pt", "digest")
    assert orders[:2] == orders[2:4]
    assert len({tuple(order) for order in orders}) == 4


@both
def test_training_starts_from_the_weights_that_are_given(
    kind: GeneratorSettings, make_data: MakeData, tmp_path: Path
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
    assert used == [1e-3] * 4 + [1e-4] * 2  # two batches an epoch


@pytest.mark.parametrize(("kind", "classification"), [(BSNPP, 4.0), (BMN, 1.0)], ids=["bsnpp", "bmn"])
def test_the_total_is_eq_5(
    kind: GeneratorSettings, classification: float, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(1, confidence_weight=4.0), SEED, make_data())
    (row,) = trainer.run(tmp_path / "checkpoint.pt", "digest")
    expected = row["train_boundary"] + 4 * row["train_regression"]
    assert row["train_total"] == pytest.approx(
        expected + classification * row["train_classification"], rel=1e-5
    )


@both
def test_bfloat16_learns_as_float32_does(
    kind: GeneratorSettings, make_data: MakeData, tmp_path: Path
) -> None:
    data, rows = make_data(), []
    for precision in ("float32", "bfloat16"):
        trainer = Trainer(kind, schedule(4), ComputeSettings(seed=7, precision=precision), data)
        rows.append(trainer.run(tmp_path / f"{precision}.pt", "digest"))
        assert {tensor.dtype for tensor in trainer.model.parameters()} == {torch.float32}
    exact, rounded = ([row["train_total"] for row in metrics] for metrics in rows)
    assert rounded != exact
    assert rounded == pytest.approx(exact, rel=0.02)


@pytest.mark.filterwarnings("ignore")  # of the compiler's insides
def test_a_compiled_generator_learns_the_same(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Traced as a whole, but not given to a C++ compiler, which takes a minute."""
    monkeypatch.setattr(torch.nn.Module, "compile", partialmethod(torch.nn.Module.compile, backend="eager"))
    data, rows, weights = make_data(), [], []
    for compiled in (False, True):
        trainer = Trainer(BMN, schedule(2), ComputeSettings(seed=7, compile=compiled), data)
        rows.append(trainer.run(tmp_path / f"{compiled}.pt", "digest"))
        weights.append(list(trainer.model.state_dict()))
    for exact, found in zip(*rows, strict=True):
        assert found["train_total"] == pytest.approx(exact["train_total"], rel=1e-4)
    assert weights[0] == weights[1]


def test_other_scale_regions_reach_the_losses(make_data: MakeData) -> None:
    data, edges = make_data(), (0.2, 0.5, 0.8)
    trainer = Trainer(BSNPP, schedule(1, resampling=ResamplingSettings(regions=edges)), SEED, data)
    assert torch.equal(trainer.objective.region, scale_regions(data.grid, edges))


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced", "none"])
def test_every_way_of_sampling_trains(method: str, make_data: MakeData, tmp_path: Path) -> None:
    settings = schedule(1, resampling=ResamplingSettings(method=method))
    (row,) = Trainer(BSNPP, settings, SEED, make_data()).run(tmp_path / "checkpoint.pt", "digest")
    assert row["train_regression"] > 0


def test_a_gpu_that_is_not_there_is_told(make_data: MakeData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match=r"sees no GPU here; .*or set cpu"):
        Trainer(BMN, schedule(1), ComputeSettings(device="cuda"), make_data())


def test_a_damaged_checkpoint_is_told(make_data: MakeData, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    checkpoint.write_bytes(b"no checkpoint")
    with pytest.raises(UserError, match="delete it"):
        Trainer(BMN, schedule(1), SEED, make_data()).run(checkpoint, "digest")
