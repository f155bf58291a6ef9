"""The proposal relation block (paper section 3.3, Fig. 4), on packed valid cells.

Features stay packed, (B, V, C), from end to end. Invalid cells take no part in attention and hold 0 before
every 3 x 3 convolution.
"""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.confidence_head import ConfidenceHead
from bsnpp.models.settings import BSNPPSettings


def parts_of_receivers(proposals: int, videos: int, threads: int) -> int:
    """Into how many equal parts receivers can fall so that no part of a video is without a thread."""
    most = max(threads // max(videos, 1), 1)
    return next(parts for parts in range(most, 0, -1) if proposals % parts == 0)


def attend(receivers: Tensor, senders: Tensor, values: Tensor, scale: float) -> Tensor:
    """Values summed by the softmax of energies over senders (Eq. 3): (B, V, C) three times to (B, V, C).

    On a CPU torch's backward pass has one thread for each video and head. Receivers do not know of each
    other, so that parts of them serve as heads where threads outnumber videos.
    """
    threads = torch.get_num_threads() if receivers.device.type == "cpu" else 1
    parts = parts_of_receivers(receivers.shape[1], len(receivers), threads)
    receivers = receivers.unflatten(1, (parts, -1))
    senders, values = (each.unsqueeze(1).expand(-1, parts, -1, -1) for each in (senders, values))
    return F.scaled_dot_product_attention(receivers, senders, values, scale=scale).flatten(1, 2)


class PositionAttention(nn.Module):
    """Every proposal attends to all others (Eq. 3): (B, V, C) to (B, V, C).

    P_ji = softmax over senders i of A_i . B_j for each receiver j, `scaled` by 1 / sqrt(C) or not; the
    attended values are added to the input with a learnable scale that starts at 0.
    """

    def __init__(self, channels: int, scaled: bool = False) -> None:
        super().__init__()
        self.energy_scale = channels**-0.5 if scaled else 1.0
        self.receiver = nn.Linear(channels, channels)
        self.sender = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.scale = nn.Parameter(torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """Add the attended features."""
        receivers, senders, values = self.receiver(features), self.sender(features), self.value(features)
        return features + self.scale * attend(receivers, senders, values, self.energy_scale)


class ChannelAttention(nn.Module):
    """Every channel attends to all others: (B, V, C) to (B, V, C).

    The channel energies are a mean over the V proposals, so that they do not grow with their number: a
    model trained at one scale meets the same energies at another. Or they are the sum (`mean` is False).
    """

    def __init__(self, mean: bool = True) -> None:
        super().__init__()
        self.mean = mean
        self.scale = nn.Parameter(torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """Add the attended features."""
        number = features.shape[1] if self.mean else 1
        energy = features.transpose(1, 2) @ features / number  # (B, receiver, sender)
        attended = features @ energy.softmax(dim=-1).transpose(1, 2)
        return features + self.scale * attended


class ProposalRelation(nn.Module):
    """Up to three branches of confidence: position-aware, channel-aware, and their sum.

    Parameters
    ----------
    inputs : int
        Channels of the proposal features.
    settings : BSNPPSettings
        Channels of the block, and which attentions there are; with neither, one branch reads the features
        as they are.
    """

    def __init__(self, inputs: int, settings: BSNPPSettings) -> None:
        super().__init__()
        channels = settings.relation_channels
        position, channel = settings.position_attention, settings.channel_attention
        self.reduce = nn.Linear(inputs, channels)
        self.attentions = nn.ModuleList()
        if position:
            self.attentions.append(PositionAttention(channels, settings.scaled_energies))
        if channel:
            self.attentions.append(ChannelAttention(settings.channel_energies == "mean"))
        branches = 3 if position and channel else 1
        self.heads = nn.ModuleList([ConfidenceHead(channels) for _ in range(branches)])

    def forward(self, features: Tensor, grid: ProposalGrid) -> list[Tensor]:
        """Logits (B, 2, V) of every branch for packed features (B, V, inputs)."""
        reduced = self.reduce(features)
        branches = [attention(reduced) for attention in self.attentions] or [reduced]
        if len(branches) == 2:
            branches.append(branches[0] + branches[1])
        return [head(branch, grid) for head, branch in zip(self.heads, branches, strict=True)]
