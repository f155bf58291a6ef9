"""Losses of both generators, on logits (paper Eq. 5-7; conventions, section 5).

Entries whose label is `IGNORED`, below 0, are not counted.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from bsnpp.models.base import GeneratorOutput
from bsnpp.training.resampling import POSITIVE, band_weights, two_stage_weights
from bsnpp.training.settings import ResamplingSettings

BMN_POSITIVE = 0.9
"""IoU above which BMN's classification calls a proposal positive."""

RATIO_RANGE = (1.05, 21.0)
"""Limits of the balancing ratio: without them a batch without positives divides by zero."""


@dataclass(frozen=True)
class LossTerms:
    """The parts of a loss, each a scalar Tensor."""

    boundary: Tensor
    regression: Tensor
    classification: Tensor


def weighted_logistic(logits: Tensor, positive: Tensor, counted: Tensor) -> Tensor:
    """Binary logistic loss in which positives and negatives weigh alike (L_bl of BSN).

    With r = n / n_positive: -mean(0.5 r pos log p + 0.5 r/(r-1) neg log(1-p)), over the n counted entries.

    Parameters
    ----------
    logits : Tensor
        Of any shape.
    positive, counted : Tensor bool
        Of the same shape; a positive entry is counted.
    """
    number = counted.sum()
    ratio = (number / positive.sum().clamp(min=1).double()).clamp(*RATIO_RANGE)
    hit, miss = 0.5 * ratio, 0.5 * ratio / (ratio - 1)
    surprise = -torch.where(positive, hit * F.logsigmoid(logits), miss * F.logsigmoid(-logits))
    return torch.where(counted, surprise, 0.0).sum() / number.clamp(min=1)


def boundary_loss(heads: list[Tensor], labels: Tensor) -> Tensor:
    """L_CBG (Eq. 6): start plus end, the mean over the supervised heads; labels (B, 2, T)."""
    positive, counted = labels > 0.5, labels >= 0
    losses = [
        weighted_logistic(logits[:, edge], positive[:, edge], counted[:, edge])
        for logits in heads
        for edge in range(2)
    ]
    return torch.stack(losses).sum() / len(heads)


def _weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Sum of weighted values over the sum of the weights; 0 if nothing has weight."""
    total = weights.sum()
    return (values * weights).sum() / torch.where(total > 0, total, 1.0)  # 1 / tiny would overflow


def relation_loss(branches: list[Tensor], iou: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """L_PRB (Eq. 7): smooth-L1 regression and logistic classification, the mean over the branches.

    Parameters
    ----------
    branches : list of Tensor (B, 2, V)
        Classification and regression logits.
    iou, weights : Tensor (B, V)
        Labels and sampling weights; both losses are normalised by the sum of the weights.

    Returns
    -------
    tuple of Tensor ()
        Regression and classification.
    """
    positive = (iou > POSITIVE).to(iou.dtype)
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
    settings: ResamplingSettings,
    generator: torch.Generator,
) -> LossTerms:
    """The terms of Eq. 5 for a batch; the three branches share one draw of proposals."""
    weights = two_stage_weights(iou, region, settings, generator)
    return LossTerms(
        boundary_loss(output.boundary, boundary), *relation_loss(output.confidence, iou, weights)
    )


def bmn_terms(
    output: GeneratorOutput, boundary: Tensor, iou: Tensor, expectation: bool, generator: torch.Generator
) -> LossTerms:
    """BMN's boundary, regression (half a weighted mean of squares) and classification terms."""
    weights = band_weights(iou, expectation, generator)
    logits = output.confidence[0]
    regression = 0.5 * _weighted_mean((logits[:, 1].sigmoid() - iou) ** 2, weights)
    classification = weighted_logistic(logits[:, 0], iou > BMN_POSITIVE, iou >= 0)
    return LossTerms(boundary_loss(output.boundary, boundary), regression, classification)
