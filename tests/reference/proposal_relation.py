"""The proposal relation block with whole attention matrices and whole (D, T) maps."""

import torch
from torch import Tensor, nn

from bsnpp.models.proposal_relation import PositionAttention


def attention_matrix(receivers: Tensor, senders: Tensor) -> Tensor:
    """Eq. 3, one entry at a time: (V, C) twice to (V, V), row j the attention of receiver j."""
    rows = []
    for receiver in receivers:
        exponentials = [torch.exp((sender * receiver).sum()) for sender in senders]
        rows.append(torch.stack(exponentials) / sum(exponentials))
    return torch.stack(rows)


def position_attention(receivers: Tensor, senders: Tensor, values: Tensor) -> Tensor:
    """The textbook's whole matrix: (..., L, C) three times to (..., L, C)."""
    return torch.softmax(receivers @ senders.transpose(-1, -2), dim=-1) @ values


def printed_position_attention(layer: PositionAttention, reduce: nn.Linear, features: Tensor) -> Tensor:
    """The paper's order of section 3.3: proposal features as they are, (..., L, F), are attended to.

    `reduce` and the layer's values come after the sum over senders in place of before it: the weights of a
    receiver add up to 1, so the result is the same, (..., L, C).
    """
    reduced = reduce(features)
    attended = position_attention(layer.receiver(reduced), layer.sender(reduced), features)
    return reduced + layer.gain * layer.value(reduce(attended))


def channel_attention(features: Tensor, mean: bool = True) -> Tensor:
    """Every channel attends to all by their mean product over proposals, or its sum: (V, C) to (V, C)."""
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
    """Logits (B, 2, D, T) of maps (B, C, D, T) whose invalid cells are set to 0 before each 3 x 3."""
    for convolution in convolutions:
        maps = torch.where(valid, maps, torch.zeros(()).to(maps))
        maps = torch.relu(torch.nn.functional.conv2d(maps, convolution.weight, convolution.bias, padding=1))
    return torch.nn.functional.conv2d(maps, weight[:, :, None, None], bias)
