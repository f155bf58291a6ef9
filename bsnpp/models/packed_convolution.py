"""3 x 3 convolution over packed valid cells; invalid cells hold 0.

Half of a (D, T) map is invalid. Here each row of the map is cut to its valid cells and a cell on either
side, and the rows are joined into one strip whose columns hold the cell above, the cell and the cell below.
Three matrix products, with the strip shifted by a cell to either side, are then the convolution, at half the
multiplications of the whole map. The gradient by the input is the same convolution with turned weights.
On a GPU, and in bfloat16, whole maps are faster.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from bsnpp.grid import ProposalGrid


@lru_cache(maxsize=16)
def _strip_layout(grid: ProposalGrid) -> tuple[Tensor, Tensor]:
    """What each column of the strip is made of, and which columns are the valid cells.

    Returns
    -------
    Tensor (3 * P,) int32
        Packed cells above, at and below each of the P columns; V where there is none.
    Tensor (V,) int32
        The column of each packed cell.
    """
    valid = np.pad(grid.valid, 1)
    cell = np.full(valid.shape, len(grid))
    cell[valid] = np.arange(len(grid))
    row, column = np.mgrid[: grid.durations, : grid.scale + 2]
    kept = column < grid.scale - row + 2
    around = np.stack([cell[:-2], cell[1:-1], cell[2:]], axis=-1)[kept].ravel()
    places = np.flatnonzero(valid[1:-1][kept])
    return torch.from_numpy(around.astype(np.int32)), torch.from_numpy(places.astype(np.int32))


@lru_cache(maxsize=16)
def _map_cells(grid: ProposalGrid, device: torch.device) -> Tensor:
    """Where packed cells stand in a (D, T) map laid out flat: (V,) int64."""
    return torch.from_numpy(np.flatnonzero(grid.valid)).to(device)


class _Strips:
    """Lays out one video after the other in the same memory, so that a strip stays in the cache."""

    def __init__(self, like: Tensor, around: Tensor) -> None:
        self.around = around
        self.cells = like.new_zeros(like.shape[1] + 1, like.shape[2])  # the last one is for invalid cells
        self.strip = like.new_empty(len(around), like.shape[2])

    def __call__(self, video: Tensor) -> Tensor:
        """The strip (P, 3 * C) of a video's packed features (V, C), until the next call."""
        self.cells[:-1] = video
        torch.index_select(self.cells, 0, self.around, out=self.strip)
        return self.strip.view(-1, 3 * video.shape[1])


def _convolve(strip: Tensor, weight: Tensor, result: Tensor) -> Tensor:
    """Convolve along a strip: (P, 3 * C) and weights (3, 3 * C, F) into `result` (P, F)."""
    torch.mm(strip, weight[1], out=result)
    result[1:].addmm_(strip[:-1], weight[0])
    result[:-1].addmm_(strip[1:], weight[2])
    return result


def _by_column(weight: Tensor) -> Tensor:
    """Weights (F, C, 3, 3) as those of the columns before, at and after a cell: (3, 3 * C, F)."""
    return weight.permute(3, 2, 1, 0).flatten(1, 2).contiguous()


class _PackedConvolution(torch.autograd.Function):
    """The convolution without bias; the backward pass makes the strips again rather than keep them."""

    @staticmethod
    def forward(ctx: Any, packed: Tensor, weight: Tensor, around: Tensor, places: Tensor) -> Tensor:
        ctx.save_for_backward(packed, weight, around, places)
        strips, columns = _Strips(packed, around), _by_column(weight)
        result = packed.new_empty(len(around) // 3, len(weight))
        output = packed.new_empty(*packed.shape[:2], len(weight))
        for video, into in zip(packed, output, strict=True):
            torch.index_select(_convolve(strips(video), columns, result), 0, places, out=into)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:
        packed, weight, around, places = ctx.saved_tensors
        filters, channels = weight.shape[:2]
        strips, strips_of_gradient = _Strips(packed, around), _Strips(gradients[0], around)
        turned = _by_column(weight.flip(2, 3).transpose(0, 1))
        result = packed.new_empty(len(around) // 3, channels)
        by_packed, by_column = torch.empty_like(packed), weight.new_zeros(3, filters, 3 * channels)
        for video, gradient, into in zip(packed, gradients[0], by_packed, strict=True):
            spread = strips_of_gradient(gradient)
            torch.index_select(_convolve(spread, turned, result), 0, places, out=into)
            strip, at = strips(video), spread[:, filters : 2 * filters].T
            by_column[0].addmm_(at[:, 1:], strip[:-1])
            by_column[1].addmm_(at, strip)
            by_column[2].addmm_(at[:, :-1], strip[1:])
        return by_packed, by_column.view(3, filters, 3, channels).permute(1, 3, 2, 0), None, None


def convolve_strips(packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """Packed cells (B, V, C) and weights (F, C, 3, 3) to (B, V, F), by strips."""
    return _PackedConvolution.apply(packed, weight, *_strip_layout(grid)) + bias


def convolve_maps(packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """The same by whole maps; it runs in bfloat16 under autocast."""
    batch, _, channels = packed.shape
    cells = _map_cells(grid, packed.device)
    maps = packed.new_zeros(batch, grid.durations * grid.scale, channels).index_copy(1, cells, packed)
    maps = maps.view(batch, grid.durations, grid.scale, channels).permute(0, 3, 1, 2)  # channels last
    convolved = F.conv2d(maps, weight, bias, padding=1)
    return convolved.permute(0, 2, 3, 1).flatten(1, 2).index_select(1, cells)


class PackedConvolution(nn.Conv2d):
    """3 x 3 convolution of packed features: (B, V, C) to (B, V, F).

    Equal to a convolution of (D, T) maps, padded by 1, whose invalid cells are set to 0.
    """

    bias: nn.Parameter

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, packed: Tensor, grid: ProposalGrid) -> Tensor:  # type: ignore[override]
        """Convolve the valid cells of `grid`."""
        device = packed.device.type
        strips = device == "cpu" and not torch.is_autocast_enabled(device)
        convolve = convolve_strips if strips else convolve_maps
        return convolve(packed, self.weight, self.bias, grid)
