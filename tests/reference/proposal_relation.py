"""Textbook form of the proposal relation block: whole attention matrices and whole (D, T) maps."""

import torch
from torch import Tensor, nn

from bsnpp.models.proposal_relation import PositionAttention


def attention_matrix(receivers: Tensor, senders: Tensor) -> Tensor:
    """Compute Eq. 3 one entry at a time: (V, C) twice to (V, V), row j for receiver j."""
    rows = []
    for receiver in receivers:
        exponentials = [torch.exp((sender * receiver).sum()) for sender in senders]
        rows.append(torch.stack(exponentials) / sum(exponentials))
    return torch.stack(rows)


def position_attention(receivers: Tensor, senders: Tensor, values: Tensor) -> Tensor:
    """Attend with the whole matrix: (..., L, C) three times to (..., L, C)."""
    return torch.softmax(receivers @ senders.transpose(-1, -2), dim=-1) @ values


def printed_position_attention(layer: PositionAttention, reduce: nn.Linear, features: Tensor) -> Tensor:
    """Attend to the original proposal features (..., L, F), in the order of section 3.3 of the paper.

    `reduce` and the value layer are applied after the sum over the senders instead of before it. Because the
    weights of a receiver sum to 1, the result (..., L, C) is the same.
    """
    reduced = reduce(features)
    attended = position_attention(layer.receiver(reduced), layer.sender(reduced), features)
    return reduced + layer.gain * layer.value(reduce(attended))


def channel_attention(features: Tensor, mean: bool = True) -> Tensor:
    """Attend to channels by the mean or the sum of their products over the proposals: (V, C) to (V, C)."""
    proposals, channels = len(features) if mean else 1, features.shape[1]
    columns = []
    for receiver in range(channels):
        energies = [(features[:, receiver] * features[:, i]).sum() / proposals for i in range(channels)]
        exponentials = [torch.exp(energy) for energy in energies]
        attended = [exponentials[i] * features[:, i] / sum(exponentials) for i in range(channels)]
        columns.append(torch.stack(attended).sum(dim=0))
    return torch.stack(columns, dim=1)


def confidence_head(
    maps: Tensor, valid: Tensor, convolutions: nn.ModuleList, weight: Tensor, bias: Tensor
) -> Tensor:
    """Return logits (B, 2, D, T) of maps (B, C, D, T); each 3 x 3 convolution reads 0 in invalid cells."""
    for convolution in convolutions:
        maps = torch.where(valid, maps, torch.zeros(()).to(maps))
        maps = torch.relu(torch.nn.functional.conv2d(maps, convolution.weight, convolution.bias, padding=1))
    return torch.nn.functional.conv2d(maps, weight[:, :, None, None], bias)
