"""Base class of the proposal generators, and their output."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.directions import reversed_labels
from bsnpp.models.labels import VideoInstances, video_labels
from bsnpp.models.settings import ProposalSettings

if TYPE_CHECKING:
    from bsnpp.models.loss_settings import LossSettings


@dataclass(frozen=True)
class GeneratorOutput:
    """Logits of a proposal generator.

    Attributes
    ----------
    boundary : list of Tensor (B, 2, T)
        Start and end logits, one tensor for each supervised head.
    confidence : list of Tensor (B, 2, V)
        Classification and regression logits of the valid cells, one tensor for each branch.
    """

    boundary: list[Tensor]
    confidence: list[Tensor]

    def float(self) -> "GeneratorOutput":
        """Return the same logits in float32."""
        return GeneratorOutput(
            [logits.float() for logits in self.boundary], [logits.float() for logits in self.confidence]
        )


class Generator(nn.Module, ABC):
    """A proposal generator: its network, the labels that it learns from, and its loss.

    To add a generator, write a subclass in a module of its own and its settings in
    `bsnpp.models.settings`; nothing else refers to either.

    Parameters
    ----------
    channels : int
        C, channels of the input features.
    settings : ProposalSettings
        Widths and options of the network.
    """

    settings: ProposalSettings

    def __init__(self, channels: int, settings: ProposalSettings) -> None:
        super().__init__()
        self.channels = channels
        self.settings = settings

    @abstractmethod
    def forward(self, features: Tensor) -> GeneratorOutput:
        """Return the logits for features (B, C, T)."""

    @abstractmethod
    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        """Return start and end probabilities (B, 2, T) for inference.

        Parameters
        ----------
        features : Tensor (B, C, T)
            Input of the network.
        output : GeneratorOutput
            Its output for these features.
        """

    @abstractmethod
    def confidence_probabilities(self, output: GeneratorOutput) -> Tensor:
        """Return classification and regression confidences (B, 2, V) for inference."""

    @classmethod
    def labels(
        cls, instances: VideoInstances, grid: ProposalGrid, boundary_region: str
    ) -> dict[str, np.ndarray]:
        """Return the labels of one video by name; by default those of `bsnpp.models.labels.video_labels`.

        Parameters
        ----------
        instances : VideoInstances
            Annotated instances of the video.
        grid : ProposalGrid
            Its T cells and V proposals.
        boundary_region : {"paper", "bsn", "bmn"}
            Width of the boundary regions.

        Returns
        -------
        dict of str to ndarray
            With the same names, shapes and types for every video.
        """
        return video_labels(instances, grid, boundary_region)

    @classmethod
    def reversed_labels(cls, labels: dict[str, Tensor], grid: ProposalGrid) -> dict[str, Tensor]:
        """Return the labels of the same videos, reversed in time; by default for those of `video_labels`.

        Parameters
        ----------
        labels : dict of str to Tensor (B, ...)
            What `labels` returned, in batches.
        grid : ProposalGrid
            Its T cells and V proposals.
        """
        return reversed_labels(labels, grid)

    @abstractmethod
    def loss_terms(
        self,
        output: GeneratorOutput,
        labels: dict[str, Tensor],
        settings: "LossSettings",
        random: torch.Generator,
    ) -> dict[str, Tensor]:
        """Return the terms of the loss of a batch, scalars by name, without the L2 term.

        Parameters
        ----------
        output : GeneratorOutput
            Logits in float32.
        labels : dict of str to Tensor (B, ...)
            What `labels` returned for the videos of the batch.
        settings : LossSettings
            Thresholds and sampling.
        random : torch.Generator
            Source of random draws, on the device of the labels.
        """

    @abstractmethod
    def total(self, terms: dict[str, Tensor], settings: "LossSettings") -> Tensor:
        """Return the weighted sum of the terms; the L2 term of Eq. 5 is the weight decay of Adam.

        Parameters
        ----------
        terms : dict of str to Tensor
            What `loss_terms` returned.
        settings : LossSettings
            Beta of Eq. 5, and the confidence losses.
        """
