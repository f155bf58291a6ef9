"""BMN, the boundary-matching network (paper reference [18]), which improvement D adds."""

import torch
from torch import Tensor, nn

from bsnpp.grid import ProposalGrid
from bsnpp.models.base import GeneratorOutput, base_module, sequence_block
from bsnpp.models.boundary_matching import BoundaryMatching
from bsnpp.models.proposal_relation import ConfidenceHead
from bsnpp.models.settings import BMNSettings


class BMN(nn.Module):
    """Boundary and confidence logits of a batch of feature sequences.

    Parameters
    ----------
    channels : int
        Channels of the input features, a multiple of `settings.groups`.
    settings : BMNSettings
        Widths.
    """

    def __init__(self, channels: int, settings: BMNSettings) -> None:
        super().__init__()
        if channels % settings.groups:
            raise ValueError(f"{channels} channels do not divide into {settings.groups} groups")
        width, matching = settings.base_channels, settings.matching
        self.base = base_module(channels, width, settings.groups, settings.dropout)
        self.start, self.end = (
            nn.Sequential(sequence_block(width, width, settings.groups), nn.Conv1d(width, 1, 1))
            for _ in range(2)
        )
        self.proposal_sequence = sequence_block(width, matching.input_channels)
        self.matching = BoundaryMatching(matching)
        self.reduce = nn.Sequential(
            nn.Linear(matching.filters, settings.confidence_channels), nn.ReLU(inplace=True)
        )
        self.confidence = ConfidenceHead(settings.confidence_channels)

    def forward(self, features: Tensor) -> GeneratorOutput:
        """Logits for features (B, C, T)."""
        shared = self.base(features)
        grid = ProposalGrid(features.shape[-1])
        boundary = torch.cat([self.start(shared), self.end(shared)], dim=1)
        proposals = self.matching(self.proposal_sequence(shared), grid)  # (B, V, F)
        return GeneratorOutput([boundary], [self.confidence(self.reduce(proposals), grid)])

    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        """Start and end probabilities (B, 2, T) at inference: one pass forward."""
        return output.boundary[-1].sigmoid()
