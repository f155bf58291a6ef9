"""Short trainings of small generators."""

import torch

from bsnpp.models.compute import ComputeSettings
from bsnpp.training.metrics import Metrics
from bsnpp.training.settings import LearningStage, TrainingSettings
from bsnpp.training.trainer import Trainer

SEED = ComputeSettings(seed=7)


def schedule(epochs: int, rate: float = 5e-3, **changes: object) -> TrainingSettings:
    """Return settings with one learning rate and, by default, batches of 2 videos."""
    stages = (LearningStage(epochs=epochs, learning_rate=rate),)
    return TrainingSettings(**{"stages": stages, "batch_size": 2, **changes})


def without_timing(rows: list[Metrics]) -> list[Metrics]:
    """Return the metrics that are the same in every repetition."""
    return [{name: value for name, value in row.items() if name != "waiting_share"} for row in rows]


def same_weights(one: Trainer, other: Trainer) -> bool:
    ours, theirs = one.model.state_dict(), other.model.state_dict()
    return all(torch.equal(ours[name], theirs[name]) for name in ours)
