"""TODO bsnpp.training.report."""

import csv
import signal
import time
from threading import Event

from tqdm import tqdm

from bsnpp.core.commandline import log
from bsnpp.core.files import whole_file
from bsnpp.training.checkpoint import Metrics, Stopped

SECONDS_BETWEEN_LINES = 60.0
"""In the log of a training whose epochs are long."""


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
