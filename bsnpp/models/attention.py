"""Attention among proposals, without a matrix of all pairs in memory for the backward pass.

Two functions compute the same result: `fused_attention`, the kernel of torch, and `attention_by_products`.
The latter is for GPUs in float32, where the deterministic backward pass of the kernel is slow.
"""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor
from torch.autograd.function import once_differentiable

PAIRS = 2**27
"""Pairs of proposals whose weights are in memory at once: 512 MiB in float32, five videos at T = 100."""


def parts_of_receivers(proposals: int, videos: int, threads: int) -> int:
    """Return into how many equal parts the receivers of each video are split.

    It is the largest divisor of `proposals` for which no more than `threads` parts of all videos exist.

    Parameters
    ----------
    proposals : int
        V, receivers of each video.
    videos : int
        B, videos of the batch.
    threads : int
        Threads that share the work.
    """
    most = max(threads // max(videos, 1), 1)
    return next(parts for parts in range(most, 0, -1) if proposals % parts == 0)


def fused_attention(receivers: Tensor, senders: Tensor, values: Tensor, factor: float) -> Tensor:
    """Return, for each receiver, the sum of the values weighted by the softmax over the senders (Eq. 3).

    On a CPU, the backward pass of torch uses one thread for each video and head. Receivers are independent
    of each other, so if there are more threads than videos, parts of the receivers serve as heads.

    Parameters
    ----------
    receivers, senders, values : Tensor (B, V, C)
        Projected features of the proposals.
    factor : float
        Factor of the energies.

    Returns
    -------
    Tensor (B, V, C)
    """
    threads = torch.get_num_threads() if receivers.device.type == "cpu" else 1
    parts = parts_of_receivers(receivers.shape[1], len(receivers), threads)
    receivers = receivers.unflatten(1, (parts, -1))
    senders, values = (each.unsqueeze(1).expand(-1, parts, -1, -1) for each in (senders, values))
    return F.scaled_dot_product_attention(receivers, senders, values, scale=factor).flatten(1, 2)


class _AttentionByProducts(torch.autograd.Function):
    """Attend in a few videos at a time; the backward pass computes their weights again."""

    @staticmethod
    def forward(ctx: Any, receivers: Tensor, senders: Tensor, values: Tensor, factor: float) -> Tensor:
        attended = torch.empty_like(values)
        for part in _parts_of_videos(receivers):
            attended[part] = _shares(receivers[part], senders[part], factor) @ values[part]
        ctx.save_for_backward(receivers, senders, values)
        ctx.factor = factor
        return attended

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        receivers, senders, values = ctx.saved_tensors
        by_receivers, by_senders, by_values = (torch.empty_like(each) for each in ctx.saved_tensors)
        for part in _parts_of_videos(receivers):
            shares, gradient = _shares(receivers[part], senders[part], ctx.factor), gradients[0][part]
            by_values[part] = shares.transpose(1, 2) @ gradient
            by_shares = gradient @ values[part].transpose(1, 2)
            by_energies = torch._softmax_backward_data(by_shares, shares, -1, shares.dtype).mul_(ctx.factor)
            by_receivers[part] = by_energies @ senders[part]
            by_senders[part] = by_energies.transpose(1, 2) @ receivers[part]
        return by_receivers, by_senders, by_values, None


def _parts_of_videos(receivers: Tensor) -> Iterator[slice]:
    """Yield slices of the videos (B, V, C) with no more than `PAIRS` pairs, or with one video."""
    videos, proposals, _ = receivers.shape
    step = max(PAIRS // max(proposals, 1) ** 2, 1)
    return (slice(first, first + step) for first in range(0, videos, step))


def _shares(receivers: Tensor, senders: Tensor, factor: float) -> Tensor:
    """Return the weight of every sender for every receiver: (B, V receivers, V senders)."""
    return (receivers * factor @ senders.transpose(1, 2)).softmax(dim=-1)


def attention_by_products(receivers: Tensor, senders: Tensor, values: Tensor, factor: float) -> Tensor:
    """Return the same as `fused_attention`, computed by matrix products."""
    return _AttentionByProducts.apply(receivers, senders, values, factor)


def attend(receivers: Tensor, senders: Tensor, values: Tensor, factor: float) -> Tensor:
    """Return the attended values by the function that is faster here; see `fused_attention`."""
    products = receivers.device.type != "cpu" and receivers.dtype in (torch.float32, torch.float64)
    return (attention_by_products if products else fused_attention)(receivers, senders, values, factor)
