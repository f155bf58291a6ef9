"""Training on a GPU: the same bits in every repetition, also after a stop, and nearly those of the CPU."""

from pathlib import Path

import pytest

from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import BSNPPSettings, ProposalSettings
from bsnpp.training.interruption import Stopped
from bsnpp.training.trainer import Trainer
from tests.gpu import needs_gpu
from tests.models.small import BSNPP, each_generator
from tests.training.conftest import MakeData
from tests.training.runs import SEED, same_weights, schedule, without_timing

pytestmark = needs_gpu

each_precision = pytest.mark.parametrize("precision", ["float32", "bfloat16"])
WIDE = BSNPPSettings(base_channels=64, boundary_channels=64)
"""Wide enough for the kernels that train real generators."""


def on_gpu(precision: str) -> ComputeSettings:
    return ComputeSettings(seed=7, device="cuda", precision=precision)


@pytest.mark.parametrize("kind", [BSNPP, WIDE], ids=["narrow", "wide"])
@each_precision
def test_repetitions_give_the_same_bits(
    kind: ProposalSettings, precision: str, make_data: MakeData, tmp_path: Path
) -> None:
    data, settings = make_data(fine=4), schedule(3, batch_size=3)
    runs = [Trainer(kind, settings, on_gpu(precision), data) for _ in range(2)]
    metrics = [run.run(tmp_path / f"{index}.pt", "digest") for index, run in enumerate(runs)]
    assert same_weights(*runs)
    assert without_timing(metrics[0]) == without_timing(metrics[1])


@each_generator
@each_precision
def test_a_stopped_run_resumes_and_ends_with_the_same_bits(
    kind: ProposalSettings, precision: str, make_data: MakeData, tmp_path: Path
) -> None:
    kind = kind.model_copy(update={"dropout": 0.3})
    data, settings, validation = make_data(), schedule(3, select="best"), make_data("validation", 4, seed=1)
    undisturbed = Trainer(kind, settings, on_gpu(precision), data, validation)
    undisturbed.run(tmp_path / "undisturbed.pt", "digest")

    def stop(epoch: int, batches: int) -> None:
        if (epoch, batches) == (1, 2):
            raise Stopped

    with pytest.raises(Stopped):
        Trainer(kind, settings, on_gpu(precision), data, validation).run(
            tmp_path / "stopped.pt", "digest", on_batch=stop
        )
    resumed = Trainer(kind, settings, on_gpu(precision), data, validation)
    resumed.run(tmp_path / "stopped.pt", "digest")
    assert same_weights(resumed, undisturbed)


@each_generator
def test_losses_are_those_of_the_cpu(kind: ProposalSettings, make_data: MakeData, tmp_path: Path) -> None:
    """Without random draws of proposals, which differ between devices."""
    data, settings = make_data(), schedule(2).expecting()
    ours, expected = (
        Trainer(kind, settings, compute, data).run(tmp_path / f"{compute.device}.pt", "digest")
        for compute in (on_gpu("float32"), SEED)
    )
    for row, reference in zip(ours, expected, strict=True):
        assert row["train_total"] == pytest.approx(reference["train_total"], rel=1e-3)
