"""What both generators start from, and what both return."""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class GeneratorOutput:
    """Logits of a proposal generator.

    Attributes
    ----------
    boundary : list of Tensor (B, 2, T)
        Start and end logits, one tensor for each supervised head; the last one is used at inference.
    confidence : list of Tensor (B, 2, V)
        Classification and regression logits of the valid cells, one tensor for each branch; losses
        and inference take the mean over the branches.
    """

    boundary: list[Tensor]
    confidence: list[Tensor]

    def float(self) -> "GeneratorOutput":
        """The same logits in float32."""
        return GeneratorOutput(
            [logits.float() for logits in self.boundary], [logits.float() for logits in self.confidence]
        )


def sequence_block(inputs: int, outputs: int, groups: int = 1) -> nn.Sequential:
    """Conv1d of kernel 3, stride 1, then ReLU: (B, inputs, T) to (B, outputs, T)."""
    return nn.Sequential(nn.Conv1d(inputs, outputs, 3, padding=1, groups=groups), nn.ReLU(inplace=True))


def base_module(inputs: int, channels: int, groups: int = 1, dropout: float = 0.0) -> nn.Sequential:
    """The base module: two sequence blocks (paper section 3.3; groups 4 in BMN's), then dropout.

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
