"""The cells of a window."""

import numpy as np
from pydantic import Field

from bsnpp.core.settings import Settings

TOLERANCE = 1e-6
"""Two times that differ by less are the same [s]: sums of steps and cells are rounded."""


class CellSettings(Settings):
    """The cells of a window: their number and their length."""

    cells: int = Field(64, ge=4, description="Number of cells T of a window")
    cell_seconds: float = Field(0.8, gt=0, description="Length of a cell [s]")

    @property
    def length(self) -> float:
        """Length of a window [s]."""
        return self.cells * self.cell_seconds

    def edges(self, starts: np.ndarray) -> np.ndarray:
        """Return the edges of the cells of windows that start at `starts` (W,) [s]: float64 (W, T + 1)."""
        return starts[:, None] + np.arange(self.cells + 1) * self.cell_seconds
