"""Losses of a batch in training and validation, in both precisions, and of a compiled generator."""

from functools import partialmethod
from pathlib import Path

import pytest
import torch

from bsnpp.models.compute import ComputeSettings
from bsnpp.models.loss_settings import LossSettings
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.objective import batch_loss
from bsnpp.training.trainer import Trainer
from tests.models.small import BMN, BSNPP, each_generator
from tests.training.conftest import MakeData
from tests.training.runs import SEED, schedule


@each_generator
def test_the_loss_of_a_batch_is_that_of_the_generator(kind: ProposalSettings, make_data: MakeData) -> None:
    data, settings = make_data(), LossSettings(confidence_weight=4.0)
    model = Trainer(kind, schedule(1), SEED, data).model.eval()
    (batch,) = data.batches(len(data), "cpu")
    seeded = [torch.Generator().manual_seed(3) for _ in range(2)]
    total, terms = batch_loss(model, batch, settings, SEED, seeded[0])
    expected = model.loss_terms(model(batch.features), batch.labels, settings, seeded[1])
    assert terms == expected
    assert total == model.total(expected, settings)


@pytest.mark.parametrize(("kind", "classification"), [(BSNPP, 4.0), (BMN, 1.0)], ids=["bsnpp", "bmn"])
def test_the_total_is_eq_5(
    kind: ProposalSettings, classification: float, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(1, confidence_weight=4.0), SEED, make_data())
    (row,) = trainer.run(tmp_path / "checkpoint.pt", "digest")
    expected = row["train_boundary"] + 4 * row["train_regression"]
    assert row["train_total"] == pytest.approx(
        expected + classification * row["train_classification"], rel=1e-5
    )


@each_generator
def test_validation_draws_nothing(kind: ProposalSettings, make_data: MakeData) -> None:
    data = make_data()
    losses = []
    for seed in (7, 8):
        weights = Trainer(kind, schedule(1), SEED, data).model.state_dict()
        trainer = Trainer(kind, schedule(1), ComputeSettings(seed=seed), data, start=weights)
        losses += [trainer.validate(data), trainer.validate(data)]
    assert losses[0] == losses[1] == losses[2] == losses[3]


@each_generator
def test_validation_uses_expected_weights_and_the_model_in_evaluation_mode(
    kind: ProposalSettings, make_data: MakeData
) -> None:
    data = make_data()
    trainer = Trainer(kind, schedule(1, batch_size=len(data)), SEED, data)
    losses = trainer.validate(data)
    (batch,) = data.batches(len(data), "cpu")
    with torch.no_grad():
        output = trainer.model.eval()(batch.features)
        expected = trainer.model.loss_terms(
            output, batch.labels, LossSettings().expecting(), torch.Generator()
        )
    assert losses.keys() == {*expected, "total"}
    for name, value in expected.items():
        assert losses[name] == pytest.approx(value.item())


@each_generator
def test_bfloat16_learns_as_float32_does(kind: ProposalSettings, make_data: MakeData, tmp_path: Path) -> None:
    data, rows = make_data(), []
    for precision in ("float32", "bfloat16"):
        trainer = Trainer(kind, schedule(4), ComputeSettings(seed=7, precision=precision), data)
        rows.append(trainer.run(tmp_path / f"{precision}.pt", "digest"))
        assert {tensor.dtype for tensor in trainer.model.parameters()} == {torch.float32}
    exact, rounded = ([row["train_total"] for row in metrics] for metrics in rows)
    assert rounded != exact
    assert rounded == pytest.approx(exact, rel=0.02)


@pytest.mark.filterwarnings("ignore")  # raised inside the compiler
def test_a_compiled_generator_learns_the_same(
    make_data: MakeData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator is traced, but not passed to a C++ compiler, which takes a minute."""
    monkeypatch.setattr(torch.nn.Module, "compile", partialmethod(torch.nn.Module.compile, backend="eager"))
    data, rows, weights = make_data(), [], []
    for compiled in (False, True):
        trainer = Trainer(BMN, schedule(2), ComputeSettings(seed=7, compile=compiled), data)
        rows.append(trainer.run(tmp_path / f"{compiled}.pt", "digest"))
        weights.append(list(trainer.model.state_dict()))
    for exact, traced in zip(*rows, strict=True):
        assert traced["train_total"] == pytest.approx(exact["train_total"], rel=1e-4)
    assert weights[0] == weights[1]
