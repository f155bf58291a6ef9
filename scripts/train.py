"""Train one proposal generator on the features of one encoder, from scratch or from another model.

A checkpoint is kept beside the model until the training has ended: after a kill, the same command goes on
where it stopped, and ends with the same weights. One that was made by other settings, code or inputs is not
used. SIGTERM, a scheduler's warning, ends the training after the batch under way with exit code 143; no batch
is lost then, while a plain kill loses those since the last epoch.
"""

import csv
import signal
import sys
import time
from pathlib import Path
from threading import Event

from commandline import command_line, log, run
from pydantic import Field
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from bsnpp.files import whole_file
from bsnpp.models.build import load_generator, save_generator
from bsnpp.models.settings import GeneratorSettings
from bsnpp.provenance import digest_of
from bsnpp.settings import Settings, parse_settings
from bsnpp.training.checkpoint import Metrics, Stopped
from bsnpp.training.data import TrainingData
from bsnpp.training.settings import ComputeSettings, TrainingSettings
from bsnpp.training.trainer import Trainer

SECONDS_BETWEEN_LINES = 60.0
"""In the log of a training whose epochs are long."""


class TrainSettings(Settings):
    """What this script reads."""

    model: GeneratorSettings = Field(discriminator="architecture")
    training: TrainingSettings
    compute: ComputeSettings


def main() -> None:
    """Parse the command line and train."""
    parser = command_line(__doc__)
    parser.add_argument("--features", required=True, help="rescaled features of the training videos")
    parser.add_argument("--videos", required=True, help="table of the training videos")
    parser.add_argument("--instances", required=True, help="table of their instances")
    parser.add_argument("--validation-features", help="the same of the validation videos, whose loss chooses")
    parser.add_argument("--validation-videos", help="the best epoch")
    parser.add_argument("--validation-instances")
    parser.add_argument("--start", help="model to start from")
    parser.add_argument("--model", required=True, help="model to write (safetensors)")
    parser.add_argument("--metrics", required=True, help="losses of every epoch to write (CSV)")
    parser.add_argument("--settings", required=True, help="JSON: model, training, compute")
    parser.add_argument("--resident-mib", type=int, default=1024, help="features up to here stay in memory")
    arguments = parser.parse_args()
    settings = parse_settings(arguments.settings, TrainSettings)
    region = settings.training.boundary_region
    inputs = (arguments.features, arguments.videos, arguments.instances)
    validation_inputs = (
        arguments.validation_features,
        arguments.validation_videos,
        arguments.validation_instances,
    )
    data = TrainingData.load(*inputs, region, settings.model)
    validation = (
        TrainingData.load(*validation_inputs, region, settings.model) if all(validation_inputs) else None
    )
    start = load_generator(arguments.start)[0].state_dict() if arguments.start else None
    trainer = Trainer(
        settings.model,
        settings.training,
        settings.compute,
        data,
        validation,
        start,
        arguments.resident_mib,
    )
    given = [Path(path) for path in [*inputs, *validation_inputs, arguments.start] if path]
    checkpoint = Path(arguments.model).with_suffix(".checkpoint")
    digest = digest_of(Path(__file__), arguments.settings, given)
    report = _Report(settings.training.epochs, trainer.batches)

    def on_epoch(metrics: Metrics) -> None:
        report.epoch(metrics)
        _write_metrics(arguments.metrics, trainer.progress.metrics)

    try:
        with logging_redirect_tqdm():
            metrics = trainer.run(checkpoint, digest, on_epoch, report.batch)
    except Stopped:
        log.info("stopped by SIGTERM; the same command goes on from %s", checkpoint)
        sys.exit(128 + signal.SIGTERM)
    save_generator(arguments.model, trainer.model, data.store.channels, settings.model)
    _write_metrics(arguments.metrics, metrics)
    checkpoint.unlink()


class _Report:
    """Tells how far a training is: a bar on a terminal, and lines with an estimate of the time that is left.

    A line stands in the log for every epoch, and for every minute of a long one. SIGTERM is asked for after
    every batch.
    """

    def __init__(self, epochs: int, batches: int) -> None:
        self.epochs, self.batches = epochs, batches
        self.begin = self.last_line = time.monotonic()
        self.first: int | None = None  # batches done before this process
        self.bar = tqdm(total=epochs * batches, unit=" batches", ascii=True, mininterval=1.0, disable=None)
        self.terminated = Event()
        signal.signal(signal.SIGTERM, lambda *_: self.terminated.set())

    def batch(self, epoch: int, batches: int) -> None:
        """Raises `Stopped` after SIGTERM."""
        done = epoch * self.batches + batches
        if self.first is None:
            self.first = self.bar.n = self.bar.initial = done - 1
        self.bar.update(done - self.bar.n)
        if time.monotonic() - self.last_line > SECONDS_BETWEEN_LINES:
            self._line(f"epoch {epoch + 1}/{self.epochs}  batch {batches}/{self.batches}", done)
        if self.terminated.is_set():
            raise Stopped

    def epoch(self, metrics: Metrics) -> None:
        """Logs the losses."""
        losses = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items() if name.endswith("total"))
        waiting = f"waiting for data {metrics['waiting_share']:.0%}"
        epoch = int(metrics["epoch"])
        self._line(f"epoch {epoch}/{self.epochs}  {losses}  {waiting}", epoch * self.batches)

    def _line(self, text: str, done: int) -> None:
        self.last_line = time.monotonic()
        pace = (self.last_line - self.begin) / max(done - (self.first or 0), 1)
        log.info("%s  about %.0f s left", text, pace * (self.epochs * self.batches - done))


def _write_metrics(path: str, metrics: list[Metrics]) -> None:
    with whole_file(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(metrics[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(metrics)


if __name__ == "__main__":
    run(main)
