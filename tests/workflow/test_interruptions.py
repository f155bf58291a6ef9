"""A training that is interrupted under the real `snakemake`, by SIGTERM or SIGKILL."""

import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.workflow.conftest import copy_of
from tests.workflow.project import Project, ended, tiny_config

TRAINED = "results/tiny/models/bmn/sharp/scratch"
MODEL = f"{TRAINED}/model.safetensors"
LOG = "results/tiny/logs/training/bmn/sharp/scratch.log"
EPOCHS = 60

pytestmark = pytest.mark.slow


def slow_config(learning_rate: float = 1e-3) -> dict[str, Any]:
    """Return the tiny challenge with a BMN training long enough to be interrupted."""
    config = tiny_config()
    schedule = {"batch_size": 2, "stages": [{"epochs": EPOCHS, "learning_rate": learning_rate}]}
    config["generators"]["bmn"]["training"] = schedule
    return config


def training_of(snakemake: subprocess.Popen[str], folder: Path) -> list[psutil.Process]:
    """Wait for a checkpoint and return the processes of the training."""
    while snakemake.poll() is None:
        if (folder / TRAINED / "model.checkpoint").exists():
            children = psutil.Process(snakemake.pid).children(recursive=True)
            return [process for process in children if "/train_generator.py" in " ".join(process.cmdline())]
        time.sleep(0.01)
    raise AssertionError(f"no training started: {snakemake.communicate()[0]}")


def train(project: Project) -> tuple[bytes, str]:
    """Return the model and the log of an uninterrupted training."""
    made = project.snakemake(MODEL)
    assert made.code == 0, made.text
    return (project.folder / MODEL).read_bytes(), (project.folder / LOG).read_text()


@pytest.fixture(scope="module")
def uninterrupted(finished_run: Project, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The model of an uninterrupted training."""
    project = copy_of(finished_run, tmp_path_factory.mktemp("uninterrupted"))
    project.configure(slow_config())
    model, log = train(project)
    assert f"epoch 1/{EPOCHS}" in log and "resuming from" not in log
    return model


def test_a_retry_continues_where_sigterm_ended_the_training(uninterrupted: bytes, finished: Project) -> None:
    finished.configure(slow_config())
    snakemake = finished.start_snakemake(MODEL, "--retries", "1")
    (training,) = training_of(snakemake, finished.folder)
    training.terminate()  # one process: with a shell in between, the job would end at once
    outcome = ended(snakemake)
    assert outcome.code == 0, outcome.text
    assert "stopped by SIGTERM; the same command resumes from" in outcome.text, "log of the first attempt"
    log = (finished.folder / LOG).read_text()
    assert "resuming from" in log and f"epoch 1/{EPOCHS}" not in log, "log of the second attempt"
    assert (finished.folder / MODEL).read_bytes() == uninterrupted
    left = {path.name for path in (finished.folder / TRAINED).iterdir()}
    assert left == {"model.safetensors", "metrics.csv"}


def test_the_checkpoint_of_another_learning_rate_is_ignored(uninterrupted: bytes, finished: Project) -> None:
    finished.configure(slow_config(learning_rate=2e-3))
    snakemake = finished.start_snakemake(MODEL)
    for process in training_of(snakemake, finished.folder):
        process.kill()
    assert ended(snakemake).code == 1
    assert (finished.folder / TRAINED / "model.checkpoint").exists()
    assert not (finished.folder / MODEL).exists()
    finished.configure(slow_config())
    model, log = train(finished)
    assert f"epoch 1/{EPOCHS}" in log and "resuming from" not in log
    assert model == uninterrupted
