"""Losses of both generators, on logits (paper Eq. 5-7; conventions, section 5).

Entries whose label is `IGNORED`, below 0, are not counted.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from bsnpp.models.base import GeneratorOutput
from bsnpp.training.resampling import band_weights, two_stage_weights
from bsnpp.training.settings import PAPER, TrainingSettings

Limits = tuple[float, float]
"""Of the balancing ratio: without them a batch without positives divides by zero."""


@dataclass(frozen=True)
class LossTerms:
    """The parts of a loss, each a scalar Tensor."""

    boundary: Tensor
    regression: Tensor
    classification: Tensor


def weighted_logistic(
    logits: Tensor, positive: Tensor, counted: Tensor, limits: Limits = PAPER.balance_range
) -> Tensor:
    """Binary logistic loss in which positives and negatives weigh alike (L_bl of BSN).

    With r = n / n_positive: -mean(0.5 r pos log p + 0.5 r/(r-1) neg log(1-p)), over the n counted entries.

    Parameters
    ----------
    logits : Tensor
        Of any shape.
    positive, counted : Tensor bool
        Of the same shape; a positive entry is counted.
    limits : tuple of float
        Of r.
    """
    number = counted.sum()
    ratio = (number / positive.sum().clamp(min=1).double()).clamp(*limits)
    hit, miss = 0.5 * ratio, 0.5 * ratio / (ratio - 1)
    surprise = -torch.where(positive, hit * F.logsigmoid(logits), miss * F.logsigmoid(-logits))
    return torch.where(counted, surprise, 0.0).sum() / number.clamp(min=1)


def boundary_loss(
    heads: list[Tensor],
    labels: Tensor,
    limits: Limits = PAPER.balance_range,
    threshold: float = PAPER.thresholds.boundary,
) -> Tensor:
    """L_CBG (Eq. 6): start plus end, the mean over the supervised heads; labels (B, 2, T)."""
    positive, counted = labels > threshold, labels >= 0
    losses = [
        weighted_logistic(logits[:, edge], positive[:, edge], counted[:, edge], limits)
        for logits in heads
        for edge in range(2)
    ]
    return torch.stack(losses).sum() / len(heads)


def _weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Sum of weighted values over the sum of the weights; 0 if nothing has weight."""
    total = weights.sum()
    return (values * weights).sum() / torch.where(total > 0, total, 1.0)  # 1 / tiny would overflow


def relation_loss(
    branches: list[Tensor], iou: Tensor, weights: Tensor, threshold: float = PAPER.thresholds.positive
) -> tuple[Tensor, Tensor]:
    """L_PRB (Eq. 7): smooth-L1 regression and logistic classification, the mean over the branches.

    Parameters
    ----------
    branches : list of Tensor (B, 2, V)
        Classification and regression logits.
    iou, weights : Tensor (B, V)
        Labels and sampling weights; both losses are normalised by the sum of the weights.
    threshold : float
        IoU above which classification calls a proposal positive.

    Returns
    -------
    tuple of Tensor ()
        Regression and classification.
    """
    positive = (iou > threshold).to(iou.dtype)
    regression, classification = [], []
    for logits in branches:
        error = F.smooth_l1_loss(logits[:, 1].sigmoid(), iou, reduction="none")
        regression.append(_weighted_mean(error, weights))
        surprise = F.binary_cross_entropy_with_logits(logits[:, 0], positive, reduction="none")
        classification.append(_weighted_mean(surprise, weights))
    return torch.stack(regression).mean(), torch.stack(classification).mean()


def bsnpp_terms(
    output: GeneratorOutput,
    boundary: Tensor,
    iou: Tensor,
    region: Tensor,
    settings: TrainingSettings,
    generator: torch.Generator,
) -> LossTerms:
    """The terms of Eq. 5 for a batch; the three branches share one draw of proposals."""
    limits, thresholds = settings.balance_range, settings.thresholds
    weights = two_stage_weights(iou, region, settings.resampling, generator, thresholds)
    return LossTerms(
        boundary_loss(output.boundary, boundary, limits, thresholds.boundary),
        *relation_loss(output.confidence, iou, weights, thresholds.positive),
    )


def bmn_terms(
    output: GeneratorOutput,
    boundary: Tensor,
    iou: Tensor,
    settings: TrainingSettings,
    generator: torch.Generator,
) -> LossTerms:
    """BMN's boundary, regression (half a weighted mean of squares) and classification terms."""
    limits, thresholds = settings.balance_range, settings.thresholds
    weights = band_weights(iou, settings.resampling.expectation, generator, thresholds)
    logits = output.confidence[0]
    regression = 0.5 * _weighted_mean((logits[:, 1].sigmoid() - iou) ** 2, weights)
    classification = weighted_logistic(logits[:, 0], iou > thresholds.bmn_positive, iou >= 0, limits)
    edges = boundary_loss(output.boundary, boundary, limits, thresholds.boundary)
    return LossTerms(edges, regression, classification)
