"""BMN, the boundary-matching network (paper reference [18]), which improvement D adds."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.base import Generator, GeneratorOutput
from bsnpp.models.boundary_matching import BoundaryMatching
from bsnpp.models.confidence_head import ConfidenceHead
from bsnpp.models.layers import base_module, sequence_block
from bsnpp.models.losses import band_loss, boundary_loss
from bsnpp.models.proposal_sampling import band_weights
from bsnpp.models.settings import BMNSettings
from bsnpp.models.whole_maps import whole_map_logits

if TYPE_CHECKING:
    from bsnpp.models.loss_settings import LossSettings


class BMN(Generator):
    """The boundary-matching network.

    Parameters
    ----------
    channels : int
        Channels of the input features, a multiple of `settings.groups`.
    settings : BMNSettings
        Widths, and the options that public weights need.
    """

    settings: BMNSettings

    def __init__(self, channels: int, settings: BMNSettings) -> None:
        super().__init__(channels, settings)
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
        """Return the logits for features (B, C, T)."""
        shared = self.base(features)
        grid = self.settings.grid(features.shape[-1])
        end = _shift(self.end(shared), self.settings.end_offset)
        boundary = torch.cat([self.start(shared), end], dim=1)
        proposals = self.reduce(self.matching(self.proposal_sequence(shared), grid))  # (B, V, C)
        return GeneratorOutput([boundary], [self._confidence(proposals, grid)])

    def _confidence(self, proposals: Tensor, grid: ProposalGrid) -> Tensor:
        """Return the logits (B, 2, V) of reduced features (B, V, C)."""
        if self.settings.maps == "valid":
            return self.confidence(proposals, grid)
        outside = self.reduce(torch.relu(self.matching.bias))  # the response to empty features
        start_end = self.settings.maps == "start_end"
        return whole_map_logits(self.confidence, proposals, outside, grid, start_end)

    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        """Return start and end probabilities (B, 2, T) of the forward pass."""
        return output.boundary[-1].sigmoid()

    def confidence_probabilities(self, output: GeneratorOutput) -> Tensor:
        """Return classification and regression confidences (B, 2, V)."""
        return output.confidence[0].sigmoid()

    def loss_terms(
        self,
        output: GeneratorOutput,
        labels: dict[str, Tensor],
        settings: "LossSettings",
        random: torch.Generator,
    ) -> dict[str, Tensor]:
        """Return BMN's boundary, regression (half a weighted mean of squares) and classification losses."""
        limits, thresholds, iou = settings.balance_range, settings.thresholds, labels["iou"]
        weights = band_weights(iou, settings.resampling.expectation, random, thresholds)
        regression, classification = band_loss(
            output.confidence, iou, weights, thresholds.bmn_positive, limits
        )
        return {
            "boundary": boundary_loss(output.boundary, labels["boundary"], limits, thresholds.boundary),
            "regression": regression,
            "classification": classification,
        }

    def total(self, terms: dict[str, Tensor], settings: "LossSettings") -> Tensor:
        """Return BMN's sum, in which `confidence_weight` applies to the regression only."""
        beta = settings.confidence_weight
        return terms["boundary"] + beta * terms["regression"] + terms["classification"]


def _shift(logits: Tensor, offset: int) -> Tensor:
    """Return logits (B, 1, T) from `offset` cells later; those of the last cell are repeated."""
    return torch.cat([logits[..., offset:], logits[..., -1:].expand(-1, -1, offset)], dim=-1)
