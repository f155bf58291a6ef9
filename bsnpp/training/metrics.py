"""Losses of every epoch: their means over the batches, and the file that lists them."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_file

Metrics = dict[str, float]
"""Numbers of one epoch, or losses of one batch, by name."""


@dataclass
class RunningMean:
    """Mean losses over the videos of some batches.

    Attributes
    ----------
    batches, videos : int
        Batches and videos added so far.
    sums : dict of str to float
        Sum of every loss over the videos.
    """

    batches: int = 0
    videos: int = 0
    sums: Metrics = field(default_factory=dict)

    def add(self, losses: Metrics, videos: int) -> None:
        """Add the mean losses of a batch of `videos` videos."""
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value * videos
        self.videos += videos
        self.batches += 1

    def result(self) -> Metrics:
        """Return the mean of every loss."""
        return {name: value / self.videos for name, value in self.sums.items()}


def write_metrics(path: str | Path, metrics: list[Metrics]) -> None:
    """Write the numbers of every epoch as CSV, one row per epoch, with a checksum."""
    with checked_file(path, TEXT) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(metrics[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(metrics)
