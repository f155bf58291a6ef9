"""Report the progress of a training."""

import logging
import time

from tqdm import tqdm

from bsnpp.training.metrics import Metrics

SECONDS_BETWEEN_LINES = 60.0
"""Interval of log lines within a long epoch."""

log = logging.getLogger("bsnpp")


class Report:
    """Show progress as a bar on a terminal and as log lines, with an estimate of the remaining time.

    The log gets a line after every epoch, and every minute within a long one.

    Parameters
    ----------
    epochs : int
        Epochs of the training.
    batches : int
        Batches per epoch.
    """

    def __init__(self, epochs: int, batches: int) -> None:
        self.epochs, self.batches = epochs, batches
        self.begin = self.last_line = time.monotonic()
        self.first: int | None = None  # batches done before this process
        self.bar = tqdm(total=epochs * batches, unit=" batches", ascii=True, mininterval=1.0, disable=None)

    def batch(self, epoch: int, batches: int) -> None:
        """Report that `batches` batches of epoch 0, 1, ... are done."""
        done = epoch * self.batches + batches
        if self.first is None:
            self.first = self.bar.n = self.bar.initial = done - 1
        self.bar.update(done - self.bar.n)
        if time.monotonic() - self.last_line > SECONDS_BETWEEN_LINES:
            self._line(f"epoch {epoch + 1}/{self.epochs}  batch {batches}/{self.batches}", done)

    def epoch(self, metrics: Metrics) -> None:
        """Report the losses of a finished epoch."""
        losses = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items() if name.endswith("total"))
        waiting = f"waiting for data {metrics['waiting_share']:.0%}"
        epoch = int(metrics["epoch"])
        self._line(f"epoch {epoch}/{self.epochs}  {losses}  {waiting}", epoch * self.batches)

    def _line(self, text: str, done: int) -> None:
        self.last_line = time.monotonic()
        pace = (self.last_line - self.begin) / max(done - (self.first or 0), 1)
        log.info("%s  about %.0f s left", text, pace * (self.epochs * self.batches - done))
