"""How far a training has come, and the file that keeps it over a kill."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

Metrics = dict[str, float]
State = dict[str, Tensor]


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """A training was asked to stop; its checkpoint is written."""


@dataclass
class RunningMean:
    """Means of the losses over the videos of some batches."""

    batches: int = 0
    videos: int = 0
    sums: Metrics = field(default_factory=dict)

    def add(self, losses: Metrics, videos: int) -> None:
        """Take in one batch."""
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0.0) + value * videos
        self.videos += videos
        self.batches += 1

    def result(self) -> Metrics:
        """The mean of every loss."""
        return {name: value / self.videos for name, value in self.sums.items()}


@dataclass
class Progress:
    """What a checkpoint holds beside weights, optimiser and generators.

    Attributes
    ----------
    metrics : list of dict
        A row for every finished epoch.
    best_loss, best_state
        Of the best epoch so far, where one is chosen.
    learned : RunningMean
        Training losses of the batches of the epoch under way.
    """

    metrics: list[Metrics] = field(default_factory=list)
    best_loss: float = float("inf")
    best_state: State | None = None
    learned: RunningMean = field(default_factory=RunningMean)


def save_checkpoint(path: Path, digest: str, progress: Progress, states: dict[str, Any]) -> None:
    """Write a checkpoint; the file is whole or the one before.

    Parameters
    ----------
    digest : str
        Of settings, code and inputs.
    states : dict
        State dictionaries and tensors, by name.
    """
    kept = {name: value for name, value in vars(progress).items() if name != "learned"}
    with whole_file(path) as temporary:
        torch.save(
            {"digest": digest, "progress": kept, "learned": asdict(progress.learned), **states}, temporary
        )


def load_checkpoint(path: Path, digest: str, device: str) -> tuple[Progress, dict[str, Any]] | None:
    """Read a checkpoint; None if there is none, or one of another digest.

    Raises
    ------
    UserError
        If the file is none of `save_checkpoint`'s.
    """
    if not path.exists():
        return None
    try:
        states = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # torch raises many kinds for a file that is not one of its own
        raise UserError(f"{path}: a damaged checkpoint ({error}); delete it and run again") from error
    if states.pop("digest") != digest:
        return None
    return Progress(**states.pop("progress"), learned=RunningMean(**states.pop("learned"))), states
