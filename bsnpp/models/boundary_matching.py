"""Boundary matching, projected first: N positions of every proposal and the filters over them.

The textbook samples a (C, N, D, T) tensor and runs a convolution over its N positions. Sampling is
linear in time and the filters are linear in channels, so they commute: here the filters of each
position are applied to the T columns, and one sparse matrix then sums the projected columns into the
V valid cells. The result is the same function with far fewer multiplications, and the large tensor
never exists. The textbook twin stands in tests/reference/boundary_matching.py.
"""

import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor, nn

from bsnpp.grid import ProposalGrid
from bsnpp.models.sampling_points import sampled_indices
from bsnpp.models.settings import MatchingSettings


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


def _to_torch(matrix: csr_matrix, dtype: torch.dtype, device: torch.device) -> Tensor:
    """A SciPy CSR matrix as a torch one with int32 indices."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse", category=UserWarning)
        return torch.sparse_csr_tensor(
            torch.from_numpy(matrix.indptr.astype(np.int32)),
            torch.from_numpy(matrix.indices.astype(np.int32)),
            torch.from_numpy(matrix.data).to(dtype),
            matrix.shape,
            device=device,
        )


@lru_cache(maxsize=16)
def _operators(
    grid: ProposalGrid, settings: MatchingSettings, dtype: torch.dtype, device: torch.device
) -> tuple[Tensor, Tensor]:
    """The sampling matrix and its transpose, made once for each scale."""
    matrix = sampling_matrix(grid, settings)
    return _to_torch(matrix, dtype, device), _to_torch(matrix.T.tocsr(), dtype, device)


class _SparseProduct(torch.autograd.Function):
    """matrix @ columns for each sample of a batch; the backward pass multiplies by the transpose."""

    @staticmethod
    def forward(ctx: Any, columns: Tensor, matrix: Tensor, transpose: Tensor) -> Tensor:
        ctx.transpose = transpose
        return torch.stack([matrix @ sample for sample in columns])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        gradient = gradients[0].contiguous()
        return torch.stack([ctx.transpose @ sample for sample in gradient]), None, None


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
        batch, channels, scale = sequence.shape
        if scale != grid.scale:
            raise ValueError(f"the sequence has {scale} cells and the grid {grid.scale}")
        filters, bins = self.settings.filters, self.settings.bins
        by_position = self.weight.permute(1, 2, 0).reshape(channels, bins * filters)  # (C, N * F)
        columns = sequence.transpose(1, 2).reshape(batch * scale, channels) @ by_position
        columns = columns.view(batch, scale * bins, filters)  # (B, T * N, F)
        if columns.dtype == torch.bfloat16:
            columns = columns.float()  # autocast: sparse products know no bfloat16
        matrix, transpose = _operators(grid, self.settings, columns.dtype, columns.device)
        with torch.autocast(columns.device.type, enabled=False):
            return torch.relu(_SparseProduct.apply(columns, matrix, transpose) + self.bias)
