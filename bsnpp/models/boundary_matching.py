"""Boundary matching: features of every proposal, sampled at N positions and filtered.

The textbook samples a (C, N, D, T) tensor and applies a convolution over its N positions. Sampling is linear
in time and the filters are linear in channels, so their order can be exchanged: here the filters of each
position are applied to the T cells first, and one sparse matrix then sums the projected cells into the V
proposals. The result is the same with far fewer multiplications and without the large tensor. The textbook
form is in tests/reference/boundary_matching.py.

Two functions compute the same result: `sparse_matching` on CPUs, and `dense_matching` on GPUs and other
devices, where a dense sampling matrix is faster.
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
from bsnpp.models.matching_points import sampled_indices
from bsnpp.models.settings import MatchingSettings
from bsnpp.models.sparse import multiply, sparse_operator

TILE = 64
"""Number of filters sampled at once; their T * N columns fit into the cache of a CPU core."""


def sampling_matrix(grid: ProposalGrid, settings: MatchingSettings) -> csr_matrix:
    """Return the weights that sample every proposal from a sequence of cells.

    A position is the mean of its S samples (`bsnpp.models.matching_points`). A sample is interpolated
    linearly between its two neighbouring cells, and is 0 outside the sequence (conventions, section 4).

    Parameters
    ----------
    grid : ProposalGrid
        T cells and V proposals.
    settings : MatchingSettings
        N, S, and where the samples are.

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
    """Return the sampling matrix and its transpose, cached for each scale."""
    return sparse_operator(sampling_matrix(grid, settings), dtype)


@lru_cache(maxsize=4)
def _dense_operator(
    grid: ProposalGrid, settings: MatchingSettings, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """Return the sampling matrix (V, T * N) as a dense one, cached for each scale."""
    return torch.from_numpy(sampling_matrix(grid, settings).toarray()).to(device, dtype)


class _SparseMatching(torch.autograd.Function):
    """Project, sample, add the bias and apply ReLU for `TILE` filters of one video at a time.

    Everything thus fits into the cache. Only input and result are kept for the backward pass, which
    multiplies by the transpose.
    """

    @staticmethod
    @custom_fwd(device_type="cpu", cast_inputs=torch.float32)  # there are no sparse products in bfloat16
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
    """Yield slices of `TILE` filters."""
    return (slice(first, first + TILE) for first in range(0, len(weight), TILE))


def _by_position(weight: Tensor) -> Tensor:
    """Return filters (F, C, N) as the projection (C, N * F) of the channels of a cell."""
    return weight.permute(1, 2, 0).flatten(1)


def sparse_matching(
    sequence: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid, settings: MatchingSettings
) -> Tensor:
    """Return the features of all proposals, computed with a sparse sampling matrix.

    Parameters
    ----------
    sequence : Tensor (B, C, T)
        On a CPU.
    weight : Tensor (F, C, N)
        Filters of the positions.
    bias : Tensor (F,)
        Bias of the filters.
    grid : ProposalGrid
        T cells and V proposals.
    settings : MatchingSettings
        Positions and samples.

    Returns
    -------
    Tensor (B, V, F)
        After ReLU.
    """
    operators = _sparse_operators(grid, settings, weight.dtype)
    return _SparseMatching.apply(sequence, weight, bias, *operators)


def dense_matching(
    sequence: Tensor, weight: Tensor, bias: Tensor, grid: ProposalGrid, settings: MatchingSettings
) -> Tensor:
    """Return the same as `sparse_matching`, computed with a dense sampling matrix on any device.

    Its products run in bfloat16 under autocast.
    """
    matrix = _dense_operator(grid, settings, sequence.dtype, sequence.device)
    columns = (sequence.transpose(1, 2) @ _by_position(weight)).view(len(sequence), -1, len(weight))
    return torch.relu(matrix @ columns + bias)


class BoundaryMatching(nn.Module):
    """Features of all proposals, packed: (B, C, T) to (B, V, F), for any T.

    Equal to sampling N positions of every proposal, followed by a 1 x 1 x N convolution with F filters and a
    ReLU (paper section 3.3, BMN section 3.2).

    Parameters
    ----------
    settings : MatchingSettings
        N, samples, context, C and F.
    """

    def __init__(self, settings: MatchingSettings) -> None:
        super().__init__()
        self.settings = settings
        channels, filters, bins = settings.input_channels, settings.filters, settings.bins
        self.weight = nn.Parameter(torch.empty(filters, channels, bins))  # as in a Conv3d over N
        self.bias = nn.Parameter(torch.empty(filters))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        bound = (channels * bins) ** -0.5
        nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, sequence: Tensor, grid: ProposalGrid) -> Tensor:
        """Sample and filter a sequence (B, C, T).

        Raises
        ------
        ValueError
            If the grid has another T.
        """
        if sequence.shape[-1] != grid.scale:
            raise ValueError(f"the sequence has {sequence.shape[-1]} cells and the grid {grid.scale}")
        matching = sparse_matching if sequence.device.type == "cpu" else dense_matching
        return matching(sequence, self.weight, self.bias, grid, self.settings)
