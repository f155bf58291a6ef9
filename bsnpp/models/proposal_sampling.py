"""Sampling of the proposals that enter the confidence losses (paper section 3.4; the three bands of BMN).

The functions return weights: how often each proposal of a mini-batch was drawn, or is expected to be drawn.
Proposals whose label is negative (`IGNORED`) have weight 0.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid, whole_cells

if TYPE_CHECKING:
    from bsnpp.models.loss_settings import ResamplingSettings, ThresholdSettings


@lru_cache(maxsize=16)
def length_bins(grid: ProposalGrid, edges: tuple[float, ...], device: torch.device | str = "cpu") -> Tensor:
    """Return the length bin of every proposal; a bin includes its upper edge.

    Lengths are compared in whole cells, so that rounding cannot move a proposal to another bin.

    Parameters
    ----------
    grid : ProposalGrid
        V proposals, of lengths (d + 1) / T.
    edges : tuple of float
        Upper edges of all bins but the last, ascending, as shares of the video: (0.3, 0.7) gives the bins
        [0, .3], (.3, .7] and (.7, 1] of the paper.
    device : torch.device or str
        Device of the result.

    Returns
    -------
    Tensor (V,) int64
    """
    cells = torch.from_numpy(grid.length)
    beyond = [cells > whole_cells(edge, grid.scale) for edge in edges]
    return torch.stack(beyond).sum(dim=0).to(device)


def bin_probabilities(counts: Tensor, scale_ratio: float) -> Tensor:
    """Return the sampling probability of each length bin (Eq. 4).

    Eq. 4 prints `t` in the exponent where lambda is meant: only then do its branches meet. Its values lie in
    [lambda/e, lambda] and are normalised here.

    Parameters
    ----------
    counts : Tensor (R,) float64
        Number of proposals in each bin.
    scale_ratio : float
        Lambda.

    Returns
    -------
    Tensor (R,) float64
        0 for empty bins.
    """
    ratio = counts / counts.sum().clamp(min=1)
    damped = scale_ratio * torch.exp(torch.clamp(ratio / scale_ratio, max=1.0) - 1)
    damped = torch.where(counts > 0, damped, torch.zeros_like(damped))
    return damped / damped.sum().clamp(min=torch.finfo(damped.dtype).tiny)


def _proposal_probabilities(bins: Tensor, scale_ratio: float) -> Tensor:
    """Return the probability (n,) of each proposal, drawn by its bin (n,) and then uniformly inside it."""
    counts = torch.bincount(bins).double()
    return (bin_probabilities(counts, scale_ratio) / counts.clamp(min=1))[bins]


def _sample(
    mask: Tensor, bins: Tensor, total: int, settings: "ResamplingSettings", random: torch.Generator
) -> Tensor:
    """Return the weights (B, V) of `total` draws among the proposals in `mask` (B, V)."""
    weights = torch.zeros(mask.numel(), dtype=torch.float32, device=mask.device)
    members = mask.flatten().nonzero().squeeze(1)
    member_bins = bins[members % mask.shape[1]]
    two_stage = settings.method == "two_stage"
    if settings.expectation:
        share = _proposal_probabilities(member_bins, settings.scale_ratio) if two_stage else 1 / len(members)
        weights[members] = torch.as_tensor(total * share, dtype=torch.float32, device=mask.device)
        return weights.view_as(mask)
    kept = torch.randperm(len(members), generator=random, device=mask.device)[:total]  # stage 1
    members, member_bins = members[kept], member_bins[kept]
    if two_stage:
        probabilities = _proposal_probabilities(member_bins, settings.scale_ratio)
        members = members[torch.multinomial(probabilities, total, replacement=True, generator=random)]
    return weights.index_add_(0, members, torch.ones_like(members, dtype=torch.float32)).view_as(mask)


def two_stage_weights(
    iou: Tensor,
    bins: Tensor,
    settings: "ResamplingSettings",
    random: torch.Generator,
    thresholds: "ThresholdSettings",
) -> Tensor:
    """Return the weights of the proposals in the confidence losses of BSN++.

    Stage 1 draws as many positives as negatives, namely as many as the rarer kind has. Stage 2 draws the
    same number again from these, positives and negatives separately, with replacement: a length bin by
    Eq. 4, then a proposal uniformly inside. Proposals between the thresholds have weight 0.

    Parameters
    ----------
    iou : Tensor (B, V)
        Confidence labels.
    bins : Tensor (V,) int64
        From `length_bins`, on the device of `iou`.
    settings : ResamplingSettings
        Method, lambda, and whether to return expected weights.
    random : torch.Generator
        On the device of `iou`; not used for expected weights.
    thresholds : ThresholdSettings
        Of positives and negatives.

    Returns
    -------
    Tensor (B, V) float32
        All 0 if the batch has no positive or no negative proposal.
    """
    positive, negative = iou > thresholds.positive, (iou >= 0) & (iou < thresholds.negative)
    if settings.method == "none":
        return (positive | negative).float()
    total = min(int(positive.sum()), int(negative.sum()))
    if not total:
        return torch.zeros_like(iou)
    drawn = [_sample(mask, bins, total, settings, random) for mask in (positive, negative)]
    return drawn[0] + drawn[1]


def band_weights(
    iou: Tensor, expectation: bool, random: torch.Generator, thresholds: "ThresholdSettings"
) -> Tensor:
    """Return the weights of the proposals in the regression loss of BMN.

    Three bands of tIoU, high (above `thresholds.positive`), low (up to `thresholds.negative`) and the rest,
    have the same expected number of proposals: those of the high band all count once, and the other two
    bands are thinned out at random.

    Parameters
    ----------
    iou : Tensor (B, V)
        Confidence labels.
    expectation : bool
        Return expected weights instead of random draws.
    random : torch.Generator
        On the device of `iou`.
    thresholds : ThresholdSettings
        Limits of the bands.

    Returns
    -------
    Tensor (B, V) float32
    """
    high, low = iou > thresholds.positive, (iou >= 0) & (iou <= thresholds.negative)
    middle = (iou > thresholds.negative) & ~high
    wanted = high.sum()
    weights = high.float()
    chance = torch.rand(iou.shape, generator=random, device=iou.device)
    for band in (middle, low):
        rate = (wanted / band.sum().clamp(min=1)).clamp(max=1.0)
        weights = weights + band * (rate if expectation else (chance < rate))
    return weights
