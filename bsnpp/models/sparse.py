"""Sparse operators of a grid on CPUs."""

import warnings

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor


def sparse_operator(matrix: csr_matrix, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """A SciPy matrix (M, N) and its transpose (N, M) as torch CSR tensors with int32 indices."""
    return _to_torch(matrix, dtype), _to_torch(matrix.T.tocsr(), dtype)


def _to_torch(matrix: csr_matrix, dtype: torch.dtype) -> Tensor:
    matrix = matrix.sorted_indices()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse", category=UserWarning)
        return torch.sparse_csr_tensor(
            torch.from_numpy(matrix.indptr.astype(np.int32)),
            torch.from_numpy(matrix.indices.astype(np.int32)),
            torch.from_numpy(matrix.data).to(dtype),
            matrix.shape,
        )


def multiply(matrix: Tensor, dense: Tensor, out: Tensor) -> Tensor:
    """`matrix @ dense` in the memory of `out`; torch.mm would make a result of its own and copy it."""
    return torch.addmm(out, matrix, dense, beta=0, out=out)
