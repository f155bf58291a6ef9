"""3 x 3 convolution and ReLU over packed valid cells; invalid cells are 0.

Half of a (D, T) map is invalid. Here the map is divided into tiles of 2 x 4 cells, and the tiles with a valid
cell are convolved by minimal filtering F(2 x 4, 3 x 3): the window of a tile, 4 x 6 cells, is transformed to
24 factors, each factor is multiplied by its own weights, and the 24 products are transformed to the tile.
This takes 3 multiplications per cell instead of 9. Both transforms are sparse matrices, and gradients are
products with their transposes. A cell that is not finite makes its whole tile not finite. On a GPU and in
bfloat16, convolutions of whole maps are faster.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from scipy.sparse import csr_matrix, identity, kron
from torch import Tensor, nn
from torch.amp import custom_bwd, custom_fwd
from torch.autograd.function import once_differentiable

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.minimal_filtering import F2, F4
from bsnpp.models.sparse import multiply, sparse_operator

ROWS, COLUMNS = len(F2.results), len(F4.results)
TILE = F2.across(F4)


def _transforms(grid: ProposalGrid) -> tuple[csr_matrix, csr_matrix]:
    """Return the transforms from packed cells to the factors of Q tiles, and from products to packed cells.

    Returns
    -------
    csr_matrix (24 * Q, V), csr_matrix (V, 24 * Q)
        Factors are ordered by their number, then by tile.
    """
    row, column = grid.duration_index, grid.start_cell
    corner, tile = np.unique([row // ROWS, column // COLUMNS], axis=1, return_inverse=True)
    tiles = identity(corner.shape[1])
    number = np.full((grid.durations + ROWS + 2, grid.scale + COLUMNS + 2), -1)
    number[row + 1, column + 1] = np.arange(len(grid))
    down, right = np.divmod(np.arange((ROWS + 2) * (COLUMNS + 2))[:, None], COLUMNS + 2)
    window = number[ROWS * corner[0] + down, COLUMNS * corner[1] + right].ravel()
    place = (row % ROWS * COLUMNS + column % COLUMNS) * corner.shape[1] + tile.ravel()
    to_windows = _selection(window, len(grid))
    from_results = _selection(place, ROWS * COLUMNS * corner.shape[1])
    return kron(TILE.cells, tiles, "csr") @ to_windows, from_results @ kron(TILE.results, tiles, "csr")


def _selection(chosen: np.ndarray, columns: int) -> csr_matrix:
    """Return the matrix whose row i selects column `chosen[i]`, or nothing if it is -1."""
    rows = np.flatnonzero(chosen >= 0)
    return csr_matrix((np.ones(len(rows)), (rows, chosen[rows])), shape=(len(chosen), columns))


@lru_cache(maxsize=16)
def _operators(grid: ProposalGrid, dtype: torch.dtype) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Return both transforms with their transposes, cached for each scale."""
    to_factors, to_cells = _transforms(grid)
    return sparse_operator(to_factors, dtype), sparse_operator(to_cells, dtype)


def _tap_factors(weight: Tensor) -> Tensor:
    """Return the factors (24, C, F) of weights (F, C, 3, 3)."""
    filters, channels = weight.shape[:2]
    taps = weight.permute(2, 3, 1, 0).reshape(9, -1)
    return (weight.new_tensor(TILE.taps) @ taps).view(-1, channels, filters)


def _by_taps(by_factors: Tensor) -> Tensor:
    """Return the gradient of weights (F, C, 3, 3), given that of their factors (24, C, F)."""
    by_taps = by_factors.new_tensor(TILE.taps).T @ by_factors.flatten(1)
    return by_taps.view(3, 3, *by_factors.shape[1:]).permute(3, 2, 0, 1)


class _PackedConvolution(torch.autograd.Function):
    """Convolve one video after the other in the same memory; the backward pass computes the factors again."""

    @staticmethod
    @custom_fwd(device_type="cpu")
    def forward(ctx: Any, packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
        (to_factors, _), (to_cells, _) = _operators(grid, packed.dtype)
        taps = _tap_factors(weight)
        factors, channels, filters = taps.shape
        cells = packed.new_empty(factors, to_factors.shape[0] // factors, channels)
        products = packed.new_empty(*cells.shape[:2], filters)
        output = packed.new_empty(*packed.shape[:2], filters)
        for video, into in zip(packed, output, strict=True):
            multiply(to_factors, video, out=cells.view(-1, channels))
            torch.bmm(cells, taps, out=products)
            torch.addmm(bias, to_cells, products.view(-1, filters), out=into).relu_()
        ctx.save_for_backward(packed, taps, output)
        ctx.grid = grid
        return output

    @staticmethod
    @custom_bwd(device_type="cpu")
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        packed, taps, output = ctx.saved_tensors
        (to_factors, from_factors), (_, to_products) = _operators(ctx.grid, packed.dtype)
        factors, channels, filters = taps.shape
        cells = packed.new_empty(factors, to_factors.shape[0] // factors, channels)
        products = packed.new_empty(*cells.shape[:2], filters)
        by_packed, by_factors = torch.empty_like(packed), torch.zeros_like(taps)
        by_bias = taps.new_zeros(filters)
        for video, active, gradient, into in zip(packed, output, gradients[0], by_packed, strict=True):
            passed = torch.ops.aten.threshold_backward(gradient, active, 0)  # ReLU
            by_bias += passed.sum(dim=0)
            multiply(to_products, passed, out=products.view(-1, filters))
            multiply(to_factors, video, out=cells.view(-1, channels))
            by_factors.baddbmm_(cells.transpose(1, 2), products)
            torch.bmm(products, taps.transpose(1, 2), out=cells)
            multiply(from_factors, cells.view(-1, channels), out=into)
        return by_packed, _by_taps(by_factors), by_bias, None


def convolve_tiles(packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """Convolve packed cells tile by tile, then apply ReLU.

    Parameters
    ----------
    packed : Tensor (B, V, C)
        Valid cells.
    weight : Tensor (F, C, 3, 3)
        Taps.
    bias : Tensor (F,)
        Bias of the filters.
    grid : ProposalGrid
        V proposals.

    Returns
    -------
    Tensor (B, V, F)
    """
    return _PackedConvolution.apply(packed, weight, bias, grid)


@lru_cache(maxsize=16)
def _places(grid: ProposalGrid, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the place of every packed cell in a flattened map, and of every map cell among the packed ones.

    Returns
    -------
    Tensor (V,) int64, Tensor (D * T,) int64
        The latter is V for invalid cells.
    """
    cells = np.flatnonzero(grid.valid)
    packed = np.full(grid.valid.size, len(cells))
    packed[cells] = np.arange(len(cells))
    return torch.from_numpy(cells).to(device), torch.from_numpy(packed).to(device)


class _Rearranged(torch.autograd.Function):
    """Rearrange cells (B, N, C) to (B, M, C), 0 where the index is N.

    Every cell goes to one place at most, so the gradient is rearranged by the inverse. The gradient of
    `index_select` would be a scatter-add, which is slow on a GPU if it has to be deterministic.
    """

    @staticmethod
    def forward(ctx: Any, cells: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
        ctx.indices = index, inverse
        return _rearranged(cells, index)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return _rearranged(gradients[0], ctx.indices[1]), None, None


def _rearranged(cells: Tensor, index: Tensor) -> Tensor:
    if len(index) > cells.shape[1]:  # some places stay empty
        cells = F.pad(cells, (0, 0, 0, 1))
    return cells.index_select(1, index)


def convolve_maps(packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """Return the same as `convolve_tiles`, computed on whole maps; runs in bfloat16 under autocast."""
    batch, _, channels = packed.shape
    to_packed, to_maps = _places(grid, packed.device)
    maps = _Rearranged.apply(packed, to_maps, to_packed)
    maps = maps.view(batch, grid.durations, grid.scale, channels).permute(0, 3, 1, 2)  # channels last
    convolved = torch.relu_(F.conv2d(maps, weight, bias, padding=1))
    return _Rearranged.apply(convolved.permute(0, 2, 3, 1).flatten(1, 2), to_packed, to_maps)


class PackedConvolution(nn.Conv2d):
    """3 x 3 convolution and ReLU of packed features: (B, V, C) to (B, V, F).

    Equal to a convolution with padding 1 of (D, T) maps whose invalid cells are 0.

    Parameters
    ----------
    inputs, outputs : int
        C and F.
    """

    bias: nn.Parameter

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, packed: Tensor, grid: ProposalGrid) -> Tensor:  # type: ignore[override]
        """Convolve the valid cells of `grid`, then apply ReLU."""
        exact = packed.dtype in (torch.float32, torch.float64)
        tiles = packed.device.type == "cpu" and exact and not torch.is_autocast_enabled("cpu")
        convolve = convolve_tiles if tiles else convolve_maps
        return convolve(packed, self.weight, self.bias, grid)
