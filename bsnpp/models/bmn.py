"""BMN, the boundary-matching network (paper reference [18]), which improvement D adds."""

import torch
from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.base import GeneratorOutput, base_module, sequence_block
from bsnpp.models.boundary_matching import BoundaryMatching
from bsnpp.models.confidence_head import ConfidenceHead
from bsnpp.models.settings import BMNSettings
from bsnpp.models.whole_maps import whole_map_logits


class BMN(nn.Module):
    """Boundary and confidence logits of a batch of feature sequences.

    Parameters
    ----------
    channels : int
        Channels of the input features, a multiple of `settings.groups`.
    settings : BMNSettings
        Widths, and what differs in public weights.
    """

    def __init__(self, channels: int, settings: BMNSettings) -> None:
        super().__init__()
        self.settings = settings
        width, matching = settings.base_channels, settings.matching
        self.base = base_module(channels, width, settings.groups, settings.dropout)
        self.start, self.end = (
            nn.Sequential(sequence_block(width, width, settings.groups), nn.Conv1d(width, 1, 1))
            for _ in range(2)
        )
        self.proposal_sequence = sequence_block(width, matching.input_channels)
        self.matching = BoundaryMatching(matching)
        self.reduce = nn.Sequential(nn.Linear(matching.filters, settings.confidence_channels), nn.ReLU())
        self.confidence = ConfidenceHead(settings.confidence_channels)

    def forward(self, features: Tensor) -> GeneratorOutput:
        """Logits for features (B, C, T)."""
        shared = self.base(features)
        grid = self.settings.grid(features.shape[-1])
        end = _later(self.end(shared), self.settings.end_offset)
        boundary = torch.cat([self.start(shared), end], dim=1)
        proposals = self.reduce(self.matching(self.proposal_sequence(shared), grid))  # (B, V, C)
        return GeneratorOutput([boundary], [self._confidence(proposals, grid)])

    def _confidence(self, proposals: Tensor, grid: ProposalGrid) -> Tensor:
        """Logits (B, 2, V) of reduced features (B, V, C)."""
        if self.settings.maps == "valid":
            return self.confidence(proposals, grid)
        outside = self.reduce(torch.relu(self.matching.bias))  # what the layers make of no features
        start_end = self.settings.maps == "start_end"
        return whole_map_logits(self.confidence, proposals, outside, grid, start_end)

    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        """Start and end probabilities (B, 2, T) at inference: one pass forward."""
        return output.boundary[-1].sigmoid()

    def confidence_probabilities(self, output: GeneratorOutput) -> Tensor:
        """Classification and regression confidences (B, 2, V)."""
        return output.confidence[0].sigmoid()


def _later(logits: Tensor, offset: int) -> Tensor:
    """Logits (B, 1, T) read `offset` cells later; the last cell's are repeated."""
    return torch.cat([logits[..., offset:], logits[..., -1:].expand(-1, -1, offset)], dim=-1)
