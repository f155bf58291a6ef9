"""BSN++: the paper's proposal generator (section 3.3, Fig. 2)."""

import torch
from torch import Tensor, nn

from bsnpp.models.base import GeneratorOutput, base_module, sequence_block
from bsnpp.models.boundary_generator import BoundaryGenerator, fuse_directions
from bsnpp.models.boundary_matching import BoundaryMatching
from bsnpp.models.proposal_relation import ProposalRelation
from bsnpp.models.settings import BSNPPSettings


class BSNPP(nn.Module):
    """Boundary and confidence logits of a batch of feature sequences.

    Parameters
    ----------
    channels : int
        Channels of the input features, a multiple of `settings.groups`.
    settings : BSNPPSettings
        Widths and branches.
    """

    def __init__(self, channels: int, settings: BSNPPSettings) -> None:
        super().__init__()
        self.settings = settings
        matching = settings.matching
        self.base = base_module(channels, settings.base_channels, settings.groups, settings.dropout)
        self.boundary = BoundaryGenerator(settings.base_channels, settings.boundary_channels)
        self.proposal_sequence = sequence_block(settings.base_channels, matching.input_channels)
        self.matching = BoundaryMatching(matching)
        self.relation = ProposalRelation(matching.filters, settings)

    def forward(self, features: Tensor) -> GeneratorOutput:
        """Logits for features (B, C, T), T >= 4."""
        shared = self.base(features)
        grid = self.settings.grid(features.shape[-1])
        proposals = self.matching(self.proposal_sequence(shared), grid)  # (B, V, F)
        return GeneratorOutput(self.boundary(shared), self.relation(proposals, grid))

    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        """Start and end probabilities (B, 2, T) at inference, from both directions (Eq. 1)."""
        forward = self._probabilities(output.boundary)
        if not self.settings.bidirectional:
            return forward
        backward = self._probabilities(self.boundary(self.base(features.flip(-1))))
        return fuse_directions(forward, backward)

    def confidence_probabilities(self, output: GeneratorOutput) -> Tensor:
        """Classification and regression confidences (B, 2, V) at inference, from all branches."""
        if self.settings.confidence_branch == "last":
            return output.confidence[-1].sigmoid()
        return torch.stack([logits.sigmoid() for logits in output.confidence]).mean(dim=0)

    def _probabilities(self, heads: list[Tensor]) -> Tensor:
        """Of one direction (B, 2, T), from the logits of all heads."""
        if self.settings.boundary_head == "last":
            return heads[-1].sigmoid()
        return torch.stack([logits.sigmoid() for logits in heads]).mean(dim=0)
