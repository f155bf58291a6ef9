"""Layers over time that several generators share."""

from torch import nn


def sequence_block(inputs: int, outputs: int, groups: int = 1) -> nn.Sequential:
    """Return a Conv1d with kernel 3 and stride 1, followed by ReLU: (B, inputs, T) to (B, outputs, T)."""
    return nn.Sequential(nn.Conv1d(inputs, outputs, 3, padding=1, groups=groups), nn.ReLU(inplace=True))


def base_module(inputs: int, channels: int, groups: int, dropout: float) -> nn.Sequential:
    """Return the base module: two sequence blocks (paper section 3.3), then dropout.

    Raises
    ------
    ValueError
        If the groups do not divide the inputs.
    """
    if inputs % groups:
        raise ValueError(f"{inputs} channels do not divide into {groups} groups")
    return nn.Sequential(
        sequence_block(inputs, channels, groups),
        *sequence_block(channels, channels, groups),
        nn.Dropout(dropout),
    )
