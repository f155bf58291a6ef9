"""Random maps of members, and their comparison."""

import numpy as np

from bsnpp.core.grid import ProposalGrid

GRID = ProposalGrid(9, 7)
Maps = tuple[np.ndarray, np.ndarray]


def member(seed: int, count: int = 4, grid: ProposalGrid = GRID) -> Maps:
    generator = np.random.default_rng(seed)
    boundary = generator.random((count, 2, grid.scale), dtype=np.float32)
    return boundary, generator.random((count, 2, len(grid)), dtype=np.float32)


def assert_same(one: Maps, other: Maps) -> None:
    for left, right in zip(one, other, strict=True):
        assert left.dtype == right.dtype == np.float32
        np.testing.assert_array_equal(left, right)
