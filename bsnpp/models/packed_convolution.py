"""3 x 3 convolution and ReLU over packed valid cells; invalid cells hold 0.

Half of a (D, T) map is invalid. Here the map is cut into tiles of 2 x 4 cells, of which those with a valid
cell are convolved by Winograd's minimal filtering F(2 x 4, 3 x 3) (Lavin and Gray 2016): a tile's window of
4 x 6 cells becomes 24 factors, each is multiplied with its own transformed weights, and 24 products become
the tile: 3 multiplications a cell in place of 9. Both transforms are linear and each touches a few cells
alone, so they are sparse matrices from and to packed cells, and the gradients are products with transposes.
On a GPU, and in bfloat16, whole maps are faster.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from scipy.sparse import csr_matrix, identity, kron
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from bsnpp.grid import ProposalGrid
from bsnpp.models.sparse import sparse_operator


class MinimalFiltering(NamedTuple):
    """Sums of three taps along a window: `results @ ((cells @ window) * (weights @ taps))`."""

    cells: np.ndarray
    weights: np.ndarray
    results: np.ndarray

    def across(self, other: "MinimalFiltering") -> "MinimalFiltering":
        """The filtering of both axes; `other`'s runs fastest."""
        return MinimalFiltering(*(np.kron(ours, theirs) for ours, theirs in zip(self, other, strict=True)))


F2 = MinimalFiltering(
    cells=np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]),
    weights=np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]) / 2,
    results=np.array([[1, 1, 1, 0], [0, 1, -1, -1]]),
)
"""F(2, 3): points 0, 1, -1 and infinity."""

F4 = MinimalFiltering(
    cells=np.array(
        [
            [4, 0, -5, 0, 1, 0],
            [0, -4, -4, 1, 1, 0],
            [0, 4, -4, -1, 1, 0],
            [0, -2, -1, 2, 1, 0],
            [0, 2, -1, -2, 1, 0],
            [0, 4, 0, -5, 0, 1],
        ]
    ),
    weights=np.array([[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]) / 24,
    results=np.array([[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]]),
)
"""F(4, 3): points 0, 1, -1, 2, -2 and infinity."""

BOTH = F2.across(F4)
ROWS, COLUMNS = len(F2.results), len(F4.results)


def _transforms(grid: ProposalGrid) -> tuple[csr_matrix, csr_matrix]:
    """From packed cells to the factors of Q tiles, and from their products to packed cells.

    Returns
    -------
    csr_matrix (24 * Q, V), csr_matrix (V, 24 * Q)
        The first factors of all tiles come first.
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
    return kron(BOTH.cells, tiles, "csr") @ to_windows, from_results @ kron(BOTH.results, tiles, "csr")


def _selection(chosen: np.ndarray, columns: int) -> csr_matrix:
    """The matrix whose row i selects column `chosen[i]`, or nothing where it is -1."""
    rows = np.flatnonzero(chosen >= 0)
    return csr_matrix((np.ones(len(rows)), (rows, chosen[rows])), shape=(len(chosen), columns))


@lru_cache(maxsize=16)
def _operators(grid: ProposalGrid, dtype: torch.dtype) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Both transforms with their transposes, made once for each scale."""
    to_factors, to_cells = _transforms(grid)
    return sparse_operator(to_factors, dtype), sparse_operator(to_cells, dtype)


@lru_cache(maxsize=16)
def _map_cells(grid: ProposalGrid, device: torch.device) -> Tensor:
    """Where packed cells stand in a (D, T) map laid out flat: (V,) int64."""
    return torch.from_numpy(np.flatnonzero(grid.valid)).to(device)


def _factors_of(weight: Tensor) -> Tensor:
    """Weights (F, C, 3, 3) to the factors of each: (24, C, F)."""
    taps = weight.permute(2, 3, 1, 0)
    return (weight.new_tensor(BOTH.weights) @ taps.flatten(2).flatten(0, 1)).unflatten(1, taps.shape[2:])


class _PackedConvolution(torch.autograd.Function):
    """One video after the other in the same memory; the backward pass makes factors again, none are kept."""

    @staticmethod
    def forward(ctx: Any, packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
        (to_factors, _), (to_cells, _) = _operators(grid, packed.dtype)
        weights = _factors_of(weight)
        count, channels, filters = weights.shape
        factors = packed.new_empty(to_factors.shape[0], channels)
        products = packed.new_empty(count, len(factors) // count, filters)
        output = packed.new_empty(*packed.shape[:2], filters)
        for video, into in zip(packed, output, strict=True):
            torch.mm(to_factors, video, out=factors)
            torch.bmm(factors.view(count, -1, channels), weights, out=products)
            torch.mm(to_cells, products.flatten(0, 1), out=into)
            into.add_(bias).relu_()
        ctx.save_for_backward(packed, weight, output)
        ctx.grid = grid
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        packed, weight, output = ctx.saved_tensors
        (to_factors, from_factors), (_, to_products) = _operators(ctx.grid, packed.dtype)
        weights = _factors_of(weight)
        count, channels, filters = weights.shape
        factors = packed.new_empty(count, from_factors.shape[1] // count, channels)
        by_products, passed = packed.new_empty(*factors.shape[:2], filters), torch.empty_like(output[0])
        by_packed, by_weights = torch.empty_like(packed), torch.zeros_like(weights)
        by_bias = torch.zeros_like(weight[:, 0, 0, 0])
        for video, active, gradient, into in zip(packed, output, gradients[0], by_packed, strict=True):
            torch.sign(active, out=passed).mul_(gradient)  # the output is 0 or positive
            by_bias += passed.sum(dim=0)
            torch.mm(to_products, passed, out=by_products.view(-1, filters))
            torch.mm(to_factors, video, out=factors.view(-1, channels))
            by_weights.baddbmm_(factors.transpose(1, 2), by_products)
            torch.bmm(by_products, weights.transpose(1, 2), out=factors)
            torch.mm(from_factors, factors.flatten(0, 1), out=into)
        by_taps = weight.new_tensor(BOTH.weights).T @ by_weights.flatten(1)
        by_weight = by_taps.view(3, 3, channels, filters).permute(3, 2, 0, 1)
        return by_packed, by_weight, by_bias, None


def convolve_tiles(packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """Packed cells (B, V, C) and weights (F, C, 3, 3) to (B, V, F), by tiles."""
    return _PackedConvolution.apply(packed, weight, bias, grid)


def convolve_maps(packed: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid) -> Tensor:
    """The same by whole maps; it runs in bfloat16 under autocast."""
    batch, _, channels = packed.shape
    cells = _map_cells(grid, packed.device)
    maps = packed.new_zeros(batch, grid.durations * grid.scale, channels).index_copy(1, cells, packed)
    maps = maps.view(batch, grid.durations, grid.scale, channels).permute(0, 3, 1, 2)  # channels last
    convolved = F.conv2d(maps, weight, bias, padding=1)
    return torch.relu_(convolved.permute(0, 2, 3, 1).flatten(1, 2).index_select(1, cells))


class PackedConvolution(nn.Conv2d):
    """3 x 3 convolution and ReLU of packed features: (B, V, C) to (B, V, F).

    Equal to a convolution of (D, T) maps, padded by 1, whose invalid cells are set to 0.
    """

    bias: nn.Parameter

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, packed: Tensor, grid: ProposalGrid) -> Tensor:  # type: ignore[override]
        """Convolve the valid cells of `grid`."""
        device = packed.device.type
        tiles = device == "cpu" and not torch.is_autocast_enabled(device)
        convolve = convolve_tiles if tiles else convolve_maps
        return convolve(packed, self.weight, self.bias, grid)
