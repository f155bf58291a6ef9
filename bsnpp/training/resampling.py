"""Which proposals the confidence losses see (paper section 3.4; BMN's three bands of IoU).

Every function returns weights: how often each proposal was drawn, or is expected to be. They are counted
over the mini-batch, and only valid cells take part, since only these exist in packed form. Proposals whose
label is `IGNORED`, below 0, have weight 0.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid, whole_cells
from bsnpp.training.settings import PAPER, ResamplingSettings, ThresholdSettings


def scale_regions(grid: ProposalGrid, edges: Sequence[float] = PAPER.resampling.regions) -> Tensor:
    """Scale region of every proposal by its length (d + 1) / T, [0, .3], (.3, .7] or (.7, 1]: int64 (V,).

    Lengths are compared in whole cells, so that rounding cannot move a proposal to another region.
    """
    cells = torch.from_numpy(grid.length)
    beyond = [cells > whole_cells(edge, grid.scale) for edge in edges]
    return torch.stack(beyond).sum(dim=0)


def region_probabilities(counts: Tensor, scale_ratio: float) -> Tensor:
    """Sampling probability of each scale region from its number of proposals (Eq. 4), (R,) to (R,).

    Eq. 4 prints `t` in the exponent where lambda is meant: only then do its branches meet. Its values
    lie in [lambda/e, lambda] and are normalised here; empty regions have probability 0.
    """
    ratio = counts / counts.sum().clamp(min=1)
    damped = scale_ratio * torch.exp(torch.clamp(ratio / scale_ratio, max=1.0) - 1)
    damped = torch.where(counts > 0, damped, torch.zeros_like(damped))
    return damped / damped.sum().clamp(min=torch.finfo(damped.dtype).tiny)


def _region_weights(region: Tensor, scale_ratio: float) -> Tensor:
    """Probability of each of some proposals, drawn by region and then uniformly inside it: (n,)."""
    counts = torch.bincount(region).double()
    return (region_probabilities(counts, scale_ratio) / counts.clamp(min=1))[region]


def _sample(
    mask: Tensor, region: Tensor, total: int, settings: ResamplingSettings, generator: torch.Generator
) -> Tensor:
    """Weights of the proposals in `mask` (B, V) for `total` draws."""
    weights = torch.zeros(mask.numel(), dtype=torch.float32, device=mask.device)
    members = mask.flatten().nonzero().squeeze(1)
    regions = region.to(mask.device)[members % mask.shape[1]]
    two_stage = settings.method == "two_stage"
    if settings.expectation:
        share = _region_weights(regions, settings.scale_ratio) if two_stage else 1 / len(members)
        weights[members] = torch.as_tensor(total * share, dtype=torch.float32, device=mask.device)
        return weights.view_as(mask)
    kept = torch.randperm(len(members), generator=generator, device=mask.device)[:total]  # stage 1
    members, regions = members[kept], regions[kept]
    if two_stage:
        probability = _region_weights(regions, settings.scale_ratio)
        members = members[torch.multinomial(probability, total, replacement=True, generator=generator)]
    return weights.index_add_(0, members, torch.ones_like(members, dtype=torch.float32)).view_as(mask)


def two_stage_weights(
    iou: Tensor,
    region: Tensor,
    settings: ResamplingSettings,
    generator: torch.Generator,
    thresholds: ThresholdSettings = PAPER.thresholds,
) -> Tensor:
    """Weights of the confidence loss of BSN++.

    Stage 1 draws as many positives as negatives, as many as the rarer kind has. Stage 2 draws the same
    number again among them: a scale region by Eq. 4, then a proposal uniformly inside, with replacement,
    for positives and negatives apart. The middle, between the thresholds, has weight 0.

    Parameters
    ----------
    iou : Tensor (B, V)
        Confidence labels.
    region : Tensor (V,) int64
        From `scale_regions`.
    settings : ResamplingSettings
    generator : torch.Generator
        On the device of `iou`; unused where the expectation is asked for.
    thresholds : ThresholdSettings
        Of positives and negatives.

    Returns
    -------
    Tensor (B, V) float32
        All 0 where the batch has no positive or no negative proposal.
    """
    positive, negative = iou > thresholds.positive, (iou >= 0) & (iou < thresholds.negative)
    if settings.method == "none":
        return (positive | negative).float()
    total = min(int(positive.sum()), int(negative.sum()))
    if not total:
        return torch.zeros_like(iou)
    drawn = [_sample(mask, region, total, settings, generator) for mask in (positive, negative)]
    return drawn[0] + drawn[1]


def band_weights(
    iou: Tensor,
    expectation: bool,
    generator: torch.Generator,
    thresholds: ThresholdSettings = PAPER.thresholds,
) -> Tensor:
    """Weights of BMN's regression loss: high, middle and low IoU (> 0.7, rest, <= 0.3 by default) alike.

    All high proposals count once; the other two bands are thinned at random to the same expected number.

    Returns
    -------
    Tensor (B, V) float32
    """
    high, low = iou > thresholds.positive, (iou >= 0) & (iou <= thresholds.negative)
    middle = (iou > thresholds.negative) & ~high
    wanted = high.sum()
    weights = high.float()
    chance = torch.rand(iou.shape, generator=generator, device=iou.device)
    for band in (middle, low):
        rate = (wanted / band.sum().clamp(min=1)).clamp(max=1.0)
        weights = weights + band * (rate if expectation else (chance < rate))
    return weights
