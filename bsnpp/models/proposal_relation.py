"""The proposal relation block (paper section 3.3, Fig. 4), on packed valid cells.

Features are packed, (B, V, C), throughout. Invalid cells take no part in attention and are 0 for every
3 x 3 convolution.
"""

import torch
from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.attention import attend
from bsnpp.models.confidence_head import ConfidenceHead
from bsnpp.models.settings import BSNPPSettings


class PositionAttention(nn.Module):
    """Attention of every proposal to all others (Eq. 3): (B, V, C) to (B, V, C).

    P_ji is the softmax over the senders i of A_i . B_j, for each receiver j. The attended values are added to
    the input with a learnable gain, initially 0.

    Parameters
    ----------
    channels : int
        C.
    scaled : bool
        Multiply the energies by 1 / sqrt(C).
    """

    def __init__(self, channels: int, scaled: bool) -> None:
        super().__init__()
        self.energy_factor = channels**-0.5 if scaled else 1.0
        self.receiver = nn.Linear(channels, channels)
        self.sender = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.gain = nn.Parameter(torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """Add the attended features to features (B, V, C)."""
        receivers, senders, values = self.receiver(features), self.sender(features), self.value(features)
        return features + self.gain * attend(receivers, senders, values, self.energy_factor)


class ChannelAttention(nn.Module):
    """Attention of every channel to all others: (B, V, C) to (B, V, C).

    The attended values are added to the input with a learnable gain, initially 0.

    Parameters
    ----------
    mean : bool
        Whether the energy of two channels is the mean of their products over the V proposals, or their sum.
        The mean does not grow with V, so that a model works at another T than that of its training.
    """

    def __init__(self, mean: bool) -> None:
        super().__init__()
        self.mean = mean
        self.gain = nn.Parameter(torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        """Add the attended features to features (B, V, C)."""
        number = features.shape[1] if self.mean else 1
        energy = features.transpose(1, 2) @ features / number  # (B, receiver, sender)
        attended = features @ energy.softmax(dim=-1).transpose(1, 2)
        return features + self.gain * attended


class ProposalRelation(nn.Module):
    """Up to three branches of confidences: position-aware, channel-aware, and their sum.

    Parameters
    ----------
    inputs : int
        Channels of the proposal features.
    settings : BSNPPSettings
        Channels of the block and the attentions in use; without any, a single branch reads the features.
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
        """Return the logits (B, 2, V) of every branch for packed features (B, V, inputs)."""
        reduced = self.reduce(features)
        branches = [attention(reduced) for attention in self.attentions] or [reduced]
        if len(branches) == 2:
            branches.append(branches[0] + branches[1])
        return [head(branch, grid) for head, branch in zip(self.heads, branches, strict=True)]
