"""A training that was killed or stopped resumes from its checkpoint and ends with the same bits."""

from pathlib import Path

import pytest
import torch

from bsnpp.core.errors import UserError
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.interruption import Stopped
from bsnpp.training.metrics import Metrics
from bsnpp.training.trainer import Trainer
from tests.models.small import BMN, each_generator
from tests.training.conftest import MakeData
from tests.training.runs import SEED, same_weights, schedule, without_timing

each_selection = pytest.mark.parametrize("select", ["best", "last"])


@each_generator
@each_selection
@pytest.mark.parametrize("killed_after", [1, 3])
def test_a_killed_run_ends_with_the_same_bits(
    kind: ProposalSettings, select: str, killed_after: int, make_data: MakeData, tmp_path: Path
) -> None:
    kind = kind.model_copy(update={"dropout": 0.3})
    settings, data, validation = schedule(4, select=select), make_data(), make_data("validation", 4, seed=1)
    undisturbed = Trainer(kind, settings, SEED, data, validation)
    expected = undisturbed.run(tmp_path / "undisturbed.pt", "digest")

    def kill(metrics: Metrics) -> None:
        if metrics["epoch"] == killed_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Trainer(kind, settings, SEED, data, validation).run(tmp_path / "killed.pt", "digest", kill)
    torch.rand(3)  # a new process has another state of the global generator
    resumed, epochs = Trainer(kind, settings, SEED, data, validation), []
    metrics = resumed.run(tmp_path / "killed.pt", "digest", lambda row: epochs.append(row["epoch"]))
    assert epochs == list(range(killed_after + 1, 5))
    assert without_timing(metrics) == without_timing(expected)
    assert same_weights(resumed, undisturbed)


@each_generator
@each_selection
@pytest.mark.parametrize("stop", [(0, 1), (1, 3), (2, 4), (3, 5)], ids=str)
def test_a_stopped_run_resumes_after_its_last_batch_and_ends_with_the_same_bits(
    kind: ProposalSettings, select: str, stop: tuple[int, int], make_data: MakeData, tmp_path: Path
) -> None:
    """It is stopped in training (3 batches per epoch), at its end, and in validation (2 batches)."""
    kind = kind.model_copy(update={"dropout": 0.3})
    settings, data, validation = schedule(4, select=select), make_data(), make_data("validation", 4, seed=1)
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
    metrics = resumed.run(
        tmp_path / "c.pt", "digest", on_batch=lambda epoch, batches: done.append((epoch, batches))
    )
    first = (stop[0], min(stop[1], 3) + 1)  # validation is repeated from its beginning
    assert done == [at for at in ((e, b) for e in range(4) for b in range(1, 6)) if at >= first]
    assert without_timing(metrics) == without_timing(expected)
    assert same_weights(resumed, undisturbed)


def test_a_finished_run_trains_no_more(make_data: MakeData, tmp_path: Path) -> None:
    data = make_data()
    epochs: list[Metrics] = []
    first, second = (Trainer(BMN, schedule(2), SEED, data) for _ in range(2))
    metrics = first.run(tmp_path / "checkpoint.pt", "digest")
    assert second.run(tmp_path / "checkpoint.pt", "digest", epochs.append) == metrics
    assert epochs == [] and same_weights(first, second)


def test_a_checkpoint_with_another_digest_is_ignored(make_data: MakeData, tmp_path: Path) -> None:
    data, epochs = make_data(), []
    Trainer(BMN, schedule(2, rate=0.1), SEED, data).run(tmp_path / "checkpoint.pt", "old")
    renewed, fresh = (Trainer(BMN, schedule(2), SEED, data) for _ in range(2))
    renewed.run(tmp_path / "checkpoint.pt", "new", lambda metrics: epochs.append(metrics["epoch"]))
    fresh.run(tmp_path / "other.pt", "new")
    assert epochs == [1, 2] and same_weights(renewed, fresh)


def test_a_damaged_checkpoint_is_reported(make_data: MakeData, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    checkpoint.write_bytes(b"no checkpoint")
    with pytest.raises(UserError, match="remove it and run again"):
        Trainer(BMN, schedule(1), SEED, make_data()).run(checkpoint, "digest")
