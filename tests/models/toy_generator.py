"""The smallest generator with a network, labels and a loss of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Literal

import numpy as np
import torch
from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.base import Generator, GeneratorOutput
from bsnpp.models.labels import VideoInstances
from bsnpp.models.loss_settings import LossSettings
from bsnpp.models.settings import ARCHITECTURES, ProposalSettings


class Toy(Generator):
    """One linear layer for the boundaries, and one for the confidences, which reads mean features."""

    def __init__(self, channels: int, settings: ProposalSettings) -> None:
        super().__init__(channels, settings)
        self.boundary = nn.Conv1d(channels, 2, 1)
        self.confidence = nn.Linear(channels, 2)

    def forward(self, features: Tensor) -> GeneratorOutput:
        grid = self.settings.grid(features.shape[-1])
        sums = torch.cat([torch.zeros_like(features[..., :1]), features.cumsum(-1)], dim=-1)
        first, last = torch.from_numpy(grid.start_cell), torch.from_numpy(grid.end_cell + 1)
        means = (sums[..., last] - sums[..., first]) / torch.from_numpy(grid.length)
        logits = self.confidence(means.transpose(1, 2)).transpose(1, 2)
        return GeneratorOutput([self.boundary(features)], [logits])

    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        return output.boundary[0].sigmoid()

    def confidence_probabilities(self, output: GeneratorOutput) -> Tensor:
        return output.confidence[0].sigmoid()

    @classmethod
    def labels(
        cls, instances: VideoInstances, grid: ProposalGrid, boundary_region: str
    ) -> dict[str, np.ndarray]:
        """Return whether each cell is covered by an instance: `action` (T,)."""
        centres = (np.arange(grid.scale) + 0.5) / grid.scale
        start, end = instances.segments[:, :1], instances.segments[:, 1:]
        return {"action": ((start < centres) & (centres < end)).any(axis=0).astype(np.float32)}

    def loss_terms(
        self, output: GeneratorOutput, labels: dict[str, Tensor], settings: object, random: torch.Generator
    ) -> dict[str, Tensor]:
        action = labels["action"][:, None].expand(-1, 2, -1)
        loss = nn.functional.binary_cross_entropy_with_logits(output.boundary[0], action)
        return {"action": loss, "size": output.confidence[0].square().mean()}

    def total(self, terms: dict[str, Tensor], settings: LossSettings) -> Tensor:
        return terms["action"] + settings.confidence_weight * terms["size"]


@contextmanager
def registered_toy() -> Iterator[type[ProposalSettings]]:
    """Define the settings of the toy, which registers them, and remove them at the end."""

    class ToySettings(ProposalSettings):
        """Settings of the toy."""

        network: ClassVar[str] = "tests.models.toy_generator:Toy"
        architecture: Literal["toy"] = "toy"

    try:
        yield ToySettings
    finally:
        del ARCHITECTURES["toy"]
