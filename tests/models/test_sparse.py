"""Sparse operators equal the SciPy matrices, fulfil the rules of torch, and are multiplied without a copy."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from bsnpp.models.sparse import multiply, sparse_operator


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (7, 9)])
def test_a_matrix_and_its_transpose_fulfil_the_rules_of_torch(shape: tuple[int, int]) -> None:
    rows, columns = shape
    unsorted = np.tile(np.arange(columns)[::-1], rows)  # as products of SciPy matrices may be
    values = np.random.default_rng(0).standard_normal(rows * columns)
    matrix = csr_matrix((values, unsorted, np.arange(rows + 1) * columns), shape=shape)
    with torch.sparse.check_sparse_tensor_invariants():
        operator, transpose = sparse_operator(matrix, torch.float64)
    np.testing.assert_array_equal(operator.to_dense(), matrix.toarray())
    np.testing.assert_array_equal(transpose.to_dense(), matrix.T.toarray())


@pytest.mark.parametrize("columns", [slice(None), slice(1, 3)], ids=["whole", "part"])
def test_a_product_overwrites_its_output(columns: slice) -> None:
    entries = np.random.default_rng(0).standard_normal((7, 5))
    matrix, _ = sparse_operator(csr_matrix(np.where(entries > 0, entries, 0)), torch.float64)
    dense = torch.randn(5, 4, dtype=torch.float64)[:, columns]
    memory = torch.full((7, 4), torch.nan, dtype=torch.float64)
    result = multiply(matrix, dense, out=memory[:, columns])
    torch.testing.assert_close(result, matrix.to_dense() @ dense, atol=1e-12, rtol=0)
    torch.testing.assert_close(memory[:, columns], result)
