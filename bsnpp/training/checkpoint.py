"""Progress of a training, and the file that keeps it when the process is killed."""

import io
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bsnpp.core.checksum_forms import TRAILER
from bsnpp.core.checksums import checked_bytes, checked_file
from bsnpp.core.errors import UserError
from bsnpp.training.metrics import Metrics, RunningMean

State = dict[str, Tensor]
"""State dictionary of a model."""


@dataclass
class Progress:
    """Results of a training so far, besides the states of model, optimiser and random generator.

    Attributes
    ----------
    metrics : list of dict
        A row for every finished epoch.
    best_loss : float
        Lowest validation loss.
    best_state : dict, optional
        Weights of that epoch.
    recent : list of dict
        Weights after the last epochs, if they are averaged.
    learned : RunningMean
        Training losses in the current epoch.
    """

    metrics: list[Metrics] = field(default_factory=list)
    best_loss: float = float("inf")
    best_state: State | None = None
    recent: list[State] = field(default_factory=list)
    learned: RunningMean = field(default_factory=RunningMean)


def save_checkpoint(path: Path, digest: str, progress: Progress, states: dict[str, Any]) -> None:
    """Write a checkpoint; an interrupted write leaves the previous file as it was.

    Parameters
    ----------
    path : Path
        File to write.
    digest : str
        Digest of settings, code and inputs.
    progress : Progress
        Results so far.
    states : dict
        State dictionaries and tensors by name.
    """
    kept = {name: value for name, value in vars(progress).items() if name != "learned"}
    with checked_file(path, TRAILER) as temporary:
        torch.save(
            {"digest": digest, "progress": kept, "learned": asdict(progress.learned), **states}, temporary
        )


def load_checkpoint(path: Path, digest: str, device: str) -> tuple[Progress, dict[str, Any]] | None:
    """Read a checkpoint.

    Parameters
    ----------
    path : Path
        File to read.
    digest : str
        Digest that the checkpoint must have.
    device : str
        Device of the tensors.

    Returns
    -------
    tuple of Progress and dict, or None
        Progress and states; None if there is no checkpoint, or one with another digest.

    Raises
    ------
    UserError
        If the file is not a checkpoint.
    """
    if not path.exists():
        return None
    data = checked_bytes(path, TRAILER)
    try:
        states = torch.load(io.BytesIO(data), map_location=device, weights_only=True)
    except Exception as error:  # torch raises many kinds of errors for other files
        raise UserError(f"{path}: a damaged checkpoint ({error}); remove it and run again") from error
    if states.pop("digest") != digest:
        return None
    return Progress(**states.pop("progress"), learned=RunningMean(**states.pop("learned"))), states
