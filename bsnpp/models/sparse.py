"""Sparse matrices on CPUs."""

import warnings

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor


def sparse_operator(matrix: csr_matrix, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Convert a SciPy matrix (M, N) to a torch CSR tensor, and its transpose (N, M) to another one.

    Both have int32 indices in ascending order, which torch's products require.
    """
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
    """Write `matrix @ dense` into `out`, without the extra copy of torch.mm.

    Parameters
    ----------
    matrix : Tensor (M, N)
        Sparse CSR matrix.
    dense : Tensor (N, K)
        May be a view.
    out : Tensor (M, K)
        Overwritten; may be a view.
    """
    return torch.addmm(out, matrix, dense, beta=0, out=out)
