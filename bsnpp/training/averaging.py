"""An exponential moving average of a model's weights."""

from copy import deepcopy
from typing import Any

import torch

from bsnpp.models.build import Generator


class WeightAverage:
    """Averages weights and running statistics over the steps of training.

    At step n = 0, 1, ... the mean m of a weight w becomes d m + (1 - d) w, with
    d = min(decay, (1 + n) / (10 + n)), so that the random weights of the start are soon forgotten.

    Parameters
    ----------
    model : Generator
        Its present weights are the first mean.
    decay : float
        In (0, 1).
    """

    def __init__(self, model: Generator, decay: float) -> None:
        self.model = deepcopy(model).requires_grad_(False)
        self.decay, self.steps = decay, 0

    @torch.no_grad()
    def update(self, model: Generator) -> None:
        """Take in the weights after a step; counts (whole numbers) are copied."""
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        for mean, new in zip(self.model.state_dict().values(), model.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(new, 1 - decay)
            else:
                mean.copy_(new)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"model": self.model.state_dict(), "steps": self.steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.model.load_state_dict(state["model"])
        self.steps = state["steps"]
