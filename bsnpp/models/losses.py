"""Loss functions of the generators, on logits (paper Eq. 6 and 7; conventions, section 5).

Entries whose label is negative (`IGNORED`) are not counted.
"""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

Limits = tuple[float, float]
"""Range of the ratio that balances positives and negatives; its upper limit keeps batches without positives
from dividing by 0."""


def weighted_logistic(logits: Tensor, positive: Tensor, counted: Tensor, limits: Limits) -> Tensor:
    """Return the binary logistic loss with equal total weight for positives and negatives (L_bl of BSN).

    With r = n / n_positive: -mean(0.5 r pos log p + 0.5 r/(r-1) neg log(1-p)), over the n counted entries.

    Parameters
    ----------
    logits : Tensor
        Of any shape.
    positive, counted : Tensor bool
        Of the same shape; every positive entry is counted.
    limits : tuple of float
        Range of r.

    Returns
    -------
    Tensor ()
    """
    number = counted.sum()
    ratio = (number / positive.sum().clamp(min=1).double()).clamp(*limits)
    hit, miss = 0.5 * ratio, 0.5 * ratio / (ratio - 1)
    surprise = -torch.where(positive, hit * F.logsigmoid(logits), miss * F.logsigmoid(-logits))
    return torch.where(counted, surprise, 0.0).sum() / number.clamp(min=1)


def boundary_loss(heads: list[Tensor], labels: Tensor, limits: Limits, threshold: float) -> Tensor:
    """Return L_CBG (Eq. 6): the loss of the starts plus that of the ends, as the mean over the heads.

    Parameters
    ----------
    heads : list of Tensor (B, 2, T)
        Start and end logits of every supervised head.
    labels : Tensor (B, 2, T)
        Boundary labels.
    limits : tuple of float
        See `weighted_logistic`.
    threshold : float
        A cell is positive above this label.

    Returns
    -------
    Tensor ()
    """
    positive, counted = labels > threshold, labels >= 0
    losses = [
        weighted_logistic(logits[:, edge], positive[:, edge], counted[:, edge], limits)
        for logits in heads
        for edge in range(2)
    ]
    return torch.stack(losses).sum() / len(heads)


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Return the sum of the weighted values over the sum of the weights, (); 0 if all weights are 0."""
    total = weights.sum()
    return (values * weights).sum() / torch.where(total > 0, total, 1.0)  # 1 / tiny would overflow


def band_loss(
    branches: list[Tensor], iou: Tensor, weights: Tensor, threshold: float, limits: Limits
) -> tuple[Tensor, Tensor]:
    """Return BMN's confidence losses, as means over the branches.

    Parameters
    ----------
    branches : list of Tensor (B, 2, V)
        Classification and regression logits.
    iou : Tensor (B, V)
        Labels; every valid proposal enters the classification.
    weights : Tensor (B, V)
        Sampling weights of the regression, from `bsnpp.models.proposal_sampling.band_weights`.
    threshold : float
        A proposal is positive in the classification above this tIoU.
    limits : tuple of float
        See `weighted_logistic`.

    Returns
    -------
    regression, classification : Tensor ()
        Half a weighted mean of squares, and the balanced logistic loss.
    """
    positive, counted = iou > threshold, iou >= 0
    regression = [0.5 * weighted_mean((logits[:, 1].sigmoid() - iou) ** 2, weights) for logits in branches]
    classification = [weighted_logistic(logits[:, 0], positive, counted, limits) for logits in branches]
    return torch.stack(regression).mean(), torch.stack(classification).mean()


def relation_loss(
    branches: list[Tensor], iou: Tensor, weights: Tensor, threshold: float
) -> tuple[Tensor, Tensor]:
    """Return L_PRB (Eq. 7): smooth-L1 regression and logistic classification, as means over the branches.

    Parameters
    ----------
    branches : list of Tensor (B, 2, V)
        Classification and regression logits.
    iou, weights : Tensor (B, V)
        Labels and sampling weights; both losses are divided by the sum of the weights.
    threshold : float
        A proposal is positive above this tIoU.

    Returns
    -------
    regression, classification : Tensor ()
    """
    positive = (iou > threshold).to(iou.dtype)
    regression, classification = [], []
    for logits in branches:
        error = F.smooth_l1_loss(logits[:, 1].sigmoid(), iou, reduction="none")
        regression.append(weighted_mean(error, weights))
        surprise = F.binary_cross_entropy_with_logits(logits[:, 0], positive, reduction="none")
        classification.append(weighted_mean(surprise, weights))
    return torch.stack(regression).mean(), torch.stack(classification).mean()
