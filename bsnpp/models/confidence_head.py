"""The head that predicts confidences from proposal features."""

from torch import Tensor, nn

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.packed_convolution import PackedConvolution


class ConfidenceHead(nn.Module):
    """Two 3 x 3 convolutions with ReLU, then a 1 x 1 convolution: packed (B, V, C) to logits (B, 2, V).

    Parameters
    ----------
    channels : int
        C.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList([PackedConvolution(channels, channels) for _ in range(2)])
        self.predictor = nn.Linear(channels, 2)

    def forward(self, packed: Tensor, grid: ProposalGrid) -> Tensor:
        """Return the classification and regression logits of the valid cells."""
        for convolution in self.convolutions:
            packed = convolution(packed, grid)
        return self.predictor(packed).transpose(1, 2)
