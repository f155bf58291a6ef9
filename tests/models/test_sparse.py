"""Sparse operators: those of SciPy, as torch wants them, and products without a copy."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.packed_convolution import _transforms
from bsnpp.models.sparse import multiply, sparse_operator


@pytest.mark.parametrize("scale", [1, 2, 9])
def test_a_matrix_and_its_transpose_keep_the_rules_of_torch(scale: int) -> None:
    for matrix in _transforms(ProposalGrid(scale)):  # products, whose rows SciPy leaves unsorted
        with torch.sparse.check_sparse_tensor_invariants():
            found, transpose = sparse_operator(matrix, torch.float64)
        np.testing.assert_array_equal(found.to_dense(), matrix.toarray())
        np.testing.assert_array_equal(transpose.to_dense(), matrix.T.toarray())


@pytest.mark.parametrize("columns", [slice(None), slice(1, 3)], ids=["whole", "part"])
def test_a_product_takes_nothing_from_the_memory_it_is_written_to(columns: slice) -> None:
    entries = np.random.default_rng(0).standard_normal((7, 5))
    matrix, _ = sparse_operator(csr_matrix(np.where(entries > 0, entries, 0)), torch.float64)
    dense = torch.randn(5, 4, dtype=torch.float64)[:, columns]
    memory = torch.full((7, 4), torch.nan, dtype=torch.float64)
    found = multiply(matrix, dense, out=memory[:, columns])
    torch.testing.assert_close(found, matrix.to_dense() @ dense, atol=1e-12, rtol=0)
    torch.testing.assert_close(memory[:, columns], found)
