"""One training from its settings to the files that it leaves."""

from pathlib import Path

from tqdm.contrib.logging import logging_redirect_tqdm

from bsnpp.core.settings import Settings
from bsnpp.models.build import save_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.training.interruption import stop_on_sigterm
from bsnpp.training.metrics import Metrics, write_metrics
from bsnpp.training.report import Report
from bsnpp.training.settings import TrainingSettings
from bsnpp.training.trainer import Trainer


class SessionSettings(Settings):
    """Everything that the weights of a generator depend on besides its data."""

    model: GeneratorSettings
    training: TrainingSettings
    compute: ComputeSettings


def checkpoint_of(model: str | Path) -> Path:
    """Return the path of the checkpoint that is kept until the training of a model has ended."""
    return Path(model).with_suffix(".checkpoint")


def run_session(trainer: Trainer, digest: str, model: str, metrics: str) -> None:
    """Train to the end, log the progress, and write the model and the losses of every epoch.

    Parameters
    ----------
    trainer : Trainer
        Ready to run.
    digest : str
        Digest of settings, code and inputs, for the checkpoint.
    model, metrics : str
        Files to write, safetensors and CSV.

    Raises
    ------
    Stopped
        If SIGTERM arrived; the checkpoint then holds every batch done.
    """
    checkpoint = checkpoint_of(model)
    report, check_signal = Report(trainer.settings.epochs, trainer.batches), stop_on_sigterm()

    def on_batch(epoch: int, batches: int) -> None:
        report.batch(epoch, batches)
        check_signal()

    def on_epoch(row: Metrics) -> None:
        report.epoch(row)
        write_metrics(metrics, trainer.progress.metrics)

    with logging_redirect_tqdm():
        rows = trainer.run(checkpoint, digest, on_epoch, on_batch)
    save_generator(model, trainer.model)
    write_metrics(metrics, rows)
    checkpoint.unlink()
