"""Make networks faster without changing what they compute: memory layout and compilation."""

import torch
from torch import Tensor, nn

from bsnpp.core.errors import UserError
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.networks.base import Encoded, Network

LAYOUTS = {4: torch.channels_last, 5: torch.channels_last_3d}
"""Memory layout with the channels last, of filters of images and of clips by their number of axes."""


def faster(network: Network, settings: EncodingSettings, device: str) -> Network:
    """Apply the keys `channels_last` and `compile` to a network of timm or of this project.

    Parameters
    ----------
    network : Network
        In evaluation mode; an exported one is returned as it is.
    settings : EncodingSettings
        Keys `channels_last` and `compile`.
    device : {"cpu", "cuda"}
        Where it runs.
    """
    if not isinstance(network, nn.Module):
        return network
    wanted = device == "cuda" if settings.channels_last is None else settings.channels_last
    if wanted:
        keep_channels_last(network)
    return Compiled(network) if settings.compile else network


def keep_channels_last(network: nn.Module) -> None:
    """Keep filters with their channels last; convolutions then return such images."""
    for parameter in network.parameters():
        if parameter.ndim in LAYOUTS:
            parameter.data = parameter.data.contiguous(memory_format=LAYOUTS[parameter.ndim])


class Compiled:
    """A network that torch.compile compiles at its first batch.

    Parameters
    ----------
    network : nn.Module
        The network.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = torch.compile(network)

    def __call__(self, clips: Tensor) -> Encoded:
        """Encode clips (B, L, C, H, W).

        Raises
        ------
        UserError
            If the network cannot be compiled.
        """
        try:
            return self._network(clips)
        except RuntimeError as error:
            raise UserError(
                f"encoding.compile: torch cannot compile the network ({str(error).strip():.300}); install a "
                "C++ compiler, or set false"
            ) from error
