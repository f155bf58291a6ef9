"""BSN++, the paper's proposal generator (section 3.3, Fig. 2)."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from bsnpp.models.base import Generator, GeneratorOutput
from bsnpp.models.boundary_generator import BoundaryGenerator
from bsnpp.models.boundary_matching import BoundaryMatching
from bsnpp.models.directions import fuse_directions
from bsnpp.models.layers import base_module, sequence_block
from bsnpp.models.losses import band_loss, boundary_loss, relation_loss
from bsnpp.models.proposal_relation import ProposalRelation
from bsnpp.models.proposal_sampling import band_weights, length_bins, two_stage_weights
from bsnpp.models.settings import BSNPPSettings

if TYPE_CHECKING:
    from bsnpp.models.loss_settings import LossSettings


class BSNPP(Generator):
    """BSN++: complementary boundary generator and proposal relation block on a shared base module.

    Parameters
    ----------
    channels : int
        Channels of the input features, a multiple of `settings.groups`.
    settings : BSNPPSettings
        Widths and branches.
    """

    settings: BSNPPSettings

    def __init__(self, channels: int, settings: BSNPPSettings) -> None:
        super().__init__(channels, settings)
        matching = settings.matching
        self.base = base_module(channels, settings.base_channels, settings.groups, settings.dropout)
        self.boundary = BoundaryGenerator(
            settings.base_channels,
            settings.boundary_channels,
            settings.nested_skips,
            settings.deep_supervision,
        )
        self.proposal_sequence = sequence_block(settings.base_channels, matching.input_channels)
        self.matching = BoundaryMatching(matching)
        self.relation = ProposalRelation(matching.filters, settings)

    def forward(self, features: Tensor) -> GeneratorOutput:
        """Return the logits for features (B, C, T), T >= 4."""
        shared = self.base(features)
        grid = self.settings.grid(features.shape[-1])
        proposals = self.matching(self.proposal_sequence(shared), grid)  # (B, V, F)
        return GeneratorOutput(self.boundary(shared), self.relation(proposals, grid))

    def boundary_probabilities(self, features: Tensor, output: GeneratorOutput) -> Tensor:
        """Return start and end probabilities (B, 2, T), fused from both directions (Eq. 1)."""
        forward = self._probabilities(output.boundary)
        if not self.settings.bidirectional:
            return forward
        backward = self._probabilities(self.boundary(self.base(features.flip(-1))))
        return fuse_directions(forward, backward)

    def confidence_probabilities(self, output: GeneratorOutput) -> Tensor:
        """Return classification and regression confidences (B, 2, V), averaged over the branches."""
        if self.settings.confidence_branch == "last":
            return output.confidence[-1].sigmoid()
        return torch.stack([logits.sigmoid() for logits in output.confidence]).mean(dim=0)

    def _probabilities(self, heads: list[Tensor]) -> Tensor:
        """Return the boundary probabilities (B, 2, T) of one direction from the logits of all heads."""
        if self.settings.boundary_head == "last":
            return heads[-1].sigmoid()
        return torch.stack([logits.sigmoid() for logits in heads]).mean(dim=0)

    def loss_terms(
        self,
        output: GeneratorOutput,
        labels: dict[str, Tensor],
        settings: "LossSettings",
        random: torch.Generator,
    ) -> dict[str, Tensor]:
        """Return the terms of Eq. 5; all branches share one draw of proposals."""
        boundary, iou = labels["boundary"], labels["iou"]
        limits, thresholds = settings.balance_range, settings.thresholds
        if settings.confidence_loss == "bands":
            weights = band_weights(iou, settings.resampling.expectation, random, thresholds)
            losses = band_loss(output.confidence, iou, weights, thresholds.bmn_positive, limits)
        else:
            grid = self.settings.grid(boundary.shape[-1])
            bins = length_bins(grid, settings.resampling.regions, iou.device)
            weights = two_stage_weights(iou, bins, settings.resampling, random, thresholds)
            losses = relation_loss(output.confidence, iou, weights, thresholds.positive)
        regression, classification = losses
        return {
            "boundary": boundary_loss(output.boundary, boundary, limits, thresholds.boundary),
            "regression": regression,
            "classification": classification,
        }

    def total(self, terms: dict[str, Tensor], settings: "LossSettings") -> Tensor:
        """Return the sum of Eq. 5, or BMN's with its confidence losses."""
        beta = settings.confidence_weight
        classification = 1.0 if settings.confidence_loss == "bands" else beta
        return terms["boundary"] + beta * terms["regression"] + classification * terms["classification"]
