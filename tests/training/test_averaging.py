"""The weights of the last epochs are averaged, and a resumed training averages the same ones."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch

from bsnpp.models.settings import ProposalSettings
from bsnpp.training.averaging import mean_state
from bsnpp.training.checkpoint import State
from bsnpp.training.interruption import Stopped
from bsnpp.training.metrics import Metrics
from bsnpp.training.trainer import Trainer
from tests.models.small import BSNPP, each_generator
from tests.reference.averaging import mean_of
from tests.training.conftest import MakeData
from tests.training.runs import SEED, same_weights, schedule, without_timing


def numbers(state: State) -> dict[str, list[float]]:
    """Return the floating-point weights as flat lists."""
    return {name: values.flatten().tolist() for name, values in state.items() if values.is_floating_point()}


def states_of(trainer: Trainer, checkpoint: Path) -> tuple[list[State], list[Metrics]]:
    """Train; return the weights after every epoch, before averaging, and the metrics."""
    states: list[State] = []
    metrics = trainer.run(
        checkpoint, "digest", lambda row: states.append(deepcopy(trainer.model.state_dict()))
    )
    return states, metrics


@each_generator
def test_the_last_epochs_are_averaged_as_in_plain_loops(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    trainer = Trainer(kind, schedule(4, averaged_epochs=3, select="last"), SEED, make_data())
    states, _ = states_of(trainer, tmp_path / "checkpoint")
    own = numbers(trainer.model.state_dict())
    for name, values in mean_of([numbers(state) for state in states[1:]]).items():
        np.testing.assert_allclose(own[name], values, rtol=1e-5, atol=1e-7)


@each_generator
def test_averaging_does_not_change_the_course_of_the_training(
    kind: ProposalSettings, make_data: MakeData, tmp_path: Path
) -> None:
    validation = make_data("validation", 4, seed=1)
    runs = [Trainer(kind, schedule(3, averaged_epochs=n), SEED, make_data(), validation) for n in (1, 2)]
    (plain, one), (averaged, other) = (states_of(run, tmp_path / str(n)) for n, run in enumerate(runs))
    for first, second in zip(plain, averaged, strict=True):
        assert all(torch.equal(first[name], second[name]) for name in first)
    assert [row["train_total"] for row in one] == [row["train_total"] for row in other]
    assert one[0]["validation_total"] == other[0]["validation_total"], "a single epoch is its own mean"
    assert one[2]["validation_total"] != other[2]["validation_total"]
    best = min(range(3), key=lambda epoch: other[epoch]["validation_total"])
    expected = mean_state(averaged[max(0, best - 1) : best + 1])
    assert all(torch.equal(expected[name], values) for name, values in runs[1].model.state_dict().items())


@pytest.mark.parametrize("select", ["best", "last"])
@pytest.mark.parametrize("stop", [(0, 1), (1, 3), (2, 4), (3, 5)], ids=str)
def test_a_stopped_run_averages_the_same_epochs(
    select: str, stop: tuple[int, int], make_data: MakeData, tmp_path: Path
) -> None:
    """It is stopped in training (3 batches per epoch), at its end, and in validation (2 batches)."""
    settings, data = schedule(4, averaged_epochs=2, select=select), make_data()
    validation = make_data("validation", 4, seed=1)
    undisturbed = Trainer(BSNPP, settings, SEED, data, validation)
    expected = undisturbed.run(tmp_path / "undisturbed", "digest")

    def interrupt(epoch: int, batches: int) -> None:
        if (epoch, batches) == stop:
            raise Stopped

    with pytest.raises(Stopped):
        Trainer(BSNPP, settings, SEED, data, validation).run(
            tmp_path / "stopped", "digest", on_batch=interrupt
        )
    resumed = Trainer(BSNPP, settings, SEED, data, validation)
    metrics = resumed.run(tmp_path / "stopped", "digest")
    assert without_timing(metrics) == without_timing(expected)
    assert same_weights(resumed, undisturbed)


def test_the_mean_of_one_state_is_that_state_and_whole_numbers_are_the_last_ones() -> None:
    first = {"weight": torch.tensor([1.0, 2.0]), "batches": torch.tensor(3)}
    second = {"weight": torch.tensor([3.0, 6.0]), "batches": torch.tensor(5)}
    one, both = mean_state([first]), mean_state([first, second])
    assert one["weight"].tolist() == [1.0, 2.0] and one["batches"] == 3
    assert both["weight"].tolist() == [2.0, 4.0] and both["batches"] == 5
