"""Boundary matching, projected first: N positions of every proposal and the filters over them.

The textbook samples a (C, N, D, T) tensor and runs a convolution over its N positions. Sampling is
linear in time and the filters are linear in channels, so they commute: here the filters of each
position are applied to the T columns, and one sparse matrix then sums the projected columns into the
V valid cells. The result is the same function with far fewer multiplications, and the large tensor
never exists. The textbook twin stands in tests/reference/boundary_matching.py.

There are two forms of it with one result: `sparse_matching` for CPUs and `dense_matching` for GPUs and other
devices, which are faster with the sampling matrix as a dense one.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor, nn
from torch.amp import custom_bwd, custom_fwd
from torch.autograd.function import once_differentiable

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.sampling_points import sampled_indices
from bsnpp.models.settings import MatchingSettings
from bsnpp.models.sparse import multiply, sparse_operator

TILE = 64
"""Filters that are sampled at once: their T * N columns stay in a CPU core's cache."""


def sampling_matrix(grid: ProposalGrid, settings: MatchingSettings) -> csr_matrix:
    """Weights that sample every valid proposal from a sequence of cells.

    A position is the mean of its S samples (`bsnpp.models.sampling_points`), each between its two
    neighbouring cells; what lies outside the sequence contributes 0 (conventions, section 4).

    Returns
    -------
    csr_matrix (V, T * N) float64
        Column t * N + n holds the weight of cell t in position n.
    """
    bins, samples = settings.bins, settings.samples_per_bin
    index = sampled_indices(grid, settings)  # (V, N * S)
    left = np.floor(index)
    fraction = index - left
    position = np.arange(bins * samples) // samples
    cell = np.concatenate([left, left + 1], axis=1).astype(np.int64)
    weight = np.concatenate([1 - fraction, fraction], axis=1) / samples
    column = cell * bins + np.tile(position, 2)
    row = np.repeat(np.arange(len(grid)), 2 * bins * samples)
    inside = ((cell >= 0) & (cell < grid.scale) & (weight > 0)).ravel()
    entries = (weight.ravel()[inside], (row[inside], column.ravel()[inside]))
    return csr_matrix(entries, shape=(len(grid), grid.scale * bins))


@lru_cache(maxsize=16)
def _sparse_operators(
    grid: ProposalGrid, settings: MatchingSettings, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    """The sampling matrix and its transpose, made once for each scale."""
    return sparse_operator(sampling_matrix(grid, settings), dtype)


@lru_cache(maxsize=4)
def _dense_operator(
    grid: ProposalGrid, settings: MatchingSettings, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """The sampling matrix with its zeros (V, T * N), made once for each scale."""
    return torch.from_numpy(sampling_matrix(grid, settings).toarray()).to(device, dtype)


class _SparseMatching(torch.autograd.Function):
    """Project, sample, add the bias, ReLU: `TILE` filters of one video at a time, so all stays in the cache.

    Only input and result are kept for the backward pass, which multiplies by the transpose.
    """

    @staticmethod
    @custom_fwd(device_type="cpu", cast_inputs=torch.float32)  # sparse products know no bfloat16
    def forward(
        ctx: Any, sequence: Tensor, weight: Tensor, bias: Tensor, matrix: Tensor, transpose: Tensor
    ) -> Tensor:
        result = sequence.new_empty(len(sequence), matrix.shape[0], len(weight))
        for tile in _tiles(weight):
            projection = _by_position(weight[tile])
            sampled = sequence.new_empty(matrix.shape[0], len(bias[tile]))
            for video, into in zip(sequence, result, strict=True):
                columns = (video.T @ projection).view(-1, sampled.shape[1])
                torch.addmm(bias[tile], matrix, columns, out=sampled)
                torch.clamp_min(sampled, 0, out=into[:, tile])
        ctx.save_for_backward(sequence, weight, result)
        ctx.transpose = transpose
        return result

    @staticmethod
    @custom_bwd(device_type="cpu")
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        sequence, weight, result = ctx.saved_tensors
        by_sequence, by_weight = torch.zeros_like(sequence), torch.empty_like(weight)
        by_bias = weight.new_zeros(len(weight))
        for tile in _tiles(weight):
            projection = _by_position(weight[tile])
            by_projection = torch.zeros_like(projection)
            by_columns = weight.new_empty(sequence.shape[2], projection.shape[1])
            for index, (gradient, active) in enumerate(zip(gradients[0], result, strict=True)):
                passed = torch.ops.aten.threshold_backward(gradient[:, tile], active[:, tile], 0)  # ReLU
                by_bias[tile] += passed.sum(dim=0)
                multiply(ctx.transpose, passed, out=by_columns.view(-1, passed.shape[1]))
                by_projection.addmm_(sequence[index], by_columns)
                by_sequence[index].addmm_(projection, by_columns.T)
            by_weight[tile] = by_projection.view(*weight.shape[1:], -1).permute(2, 0, 1)
        return by_sequence, by_weight, by_bias, None, None


def _tiles(weight: Tensor) -> Iterator[slice]:
    """The filters, `TILE` at a time."""
    return (slice(first, first + TILE) for first in range(0, len(weight), TILE))


def _by_position(weight: Tensor) -> Tensor:
    """Filters (F, C, N) as the projection of a cell's channels onto every position: (C, N * F)."""
    return weight.permute(1, 2, 0).flatten(1)


def sparse_matching(
    sequence: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid, settings: MatchingSettings
) -> Tensor:
    """Sequences (B, C, T) and filters (F, C, N) to proposals (B, V, F), by a sparse sampling matrix."""
    operators = _sparse_operators(grid, settings, weight.dtype)
    return _SparseMatching.apply(sequence, weight, bias, *operators)


def dense_matching(
    sequence: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid, settings: MatchingSettings
) -> Tensor:
    """The same by a dense sampling matrix; its products run in bfloat16 under autocast."""
    matrix = _dense_operator(grid, settings, sequence.dtype, sequence.device)
    columns = (sequence.transpose(1, 2) @ _by_position(weight)).view(len(sequence), -1, len(weight))
    return torch.relu(matrix @ columns + bias)


class BoundaryMatching(nn.Module):
    """Features of all valid proposals, packed: (B, C, T) to (B, V, F), ReLU included.

    Equal to sampling N positions of every proposal followed by a 1 x 1 x N convolution with F filters
    and a ReLU (paper section 3.3, BMN section 3.2). Works at any T.

    Parameters
    ----------
    settings : MatchingSettings
        N, samples, context, C and F.
    """

    def __init__(self, settings: MatchingSettings) -> None:
        super().__init__()
        self.settings = settings
        channels, filters, bins = settings.input_channels, settings.filters, settings.bins
        self.weight = nn.Parameter(torch.empty(filters, channels, bins))  # as of a Conv3d over N
        self.bias = nn.Parameter(torch.empty(filters))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        bound = (channels * bins) ** -0.5
        nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, sequence: Tensor, grid: ProposalGrid) -> Tensor:
        """Sample and filter; `grid.scale` must be the sequence's T."""
        if sequence.shape[-1] != grid.scale:
            raise ValueError(f"the sequence has {sequence.shape[-1]} cells and the grid {grid.scale}")
        matching = sparse_matching if sequence.device.type == "cpu" else dense_matching
        return matching(sequence, self.weight, self.bias, grid, self.settings)
