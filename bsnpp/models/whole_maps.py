"""Confidence convolutions over whole maps, as in the training of public BMN weights."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.confidence_head import ConfidenceHead


def whole_map_logits(
    head: ConfidenceHead, packed: Tensor, outside: Tensor, grid: ProposalGrid, start_end: bool
) -> Tensor:
    """Return the logits of a confidence head that does not clear the invalid cells.

    Public codes sample nothing in invalid cells, which therefore hold the response to empty features and pass
    it to valid ones through the 3 x 3 convolutions (conventions, section 6).

    Parameters
    ----------
    head : ConfidenceHead
        Layers to apply.
    packed : Tensor (B, V, C)
        Features of the valid cells.
    outside : Tensor (C,)
        Features of all other cells before the first convolution.
    grid : ProposalGrid
        T cells and V proposals.
    start_end : bool
        Arrange the maps by start and last cell, (T, T), instead of (D, T); cells then have other neighbours.

    Returns
    -------
    Tensor (B, 2, V)
    """
    rows, columns = grid.duration_index, grid.start_cell
    if start_end:
        rows, columns = grid.start_cell, grid.end_cell
    height = grid.scale if start_end else grid.durations
    cells = torch.from_numpy(rows * grid.scale + columns).to(packed.device)
    batch, _, channels = packed.shape
    maps = outside.expand(batch, height * grid.scale, channels).index_copy(1, cells, packed)
    maps = maps.view(batch, height, grid.scale, channels).permute(0, 3, 1, 2)  # channels last
    for convolution in head.convolutions:
        weight, bias = convolution.get_parameter("weight"), convolution.get_parameter("bias")
        maps = torch.relu(F.conv2d(maps, weight, bias, padding=1))
    return head.predictor(maps.permute(0, 2, 3, 1).flatten(1, 2)[:, cells]).transpose(1, 2)
