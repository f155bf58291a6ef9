"""Where a proposal's features are sampled (BMN section 3.2; conventions, section 4)."""

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.settings import MatchingSettings


def sampled_indices(grid: ProposalGrid, settings: MatchingSettings) -> np.ndarray:
    """Positions of all samples, as fractional indices into a sequence of T cells.

    N * S samples lie evenly over a proposal and `context` times its length beyond either edge, both ends
    included. A cell's feature sits at its centre: a sample at time u, in cells, has the index u - 0.5.

    Public weights were trained with other points, which imported ones keep: the index is u, so that
    features sit at the starts of cells; the context is that of a length d + 1 over [s, s + d] in
    `mmaction2`, and of a length d + 2 over [s, s + d + 1] in `jjboy`; and a sample between -1 and 0,
    which both round towards 0, reads cell 0 in full.

    Returns
    -------
    ndarray (V, N * S) float64
        May lie outside [0, T - 1]; of a sequence's outside, features are 0.
    """
    start, samples = grid.start_cell[:, None], settings.bins * settings.samples_per_bin
    length = grid.length[:, None]
    if settings.sampling == "cells":
        shares = np.linspace(0.0, 1.0, samples) if samples > 1 else np.array([0.5])
        time = start - settings.context * length
        return time + shares * (1 + 2 * settings.context) * length - 0.5
    extent = length if settings.sampling == "jjboy" else length - 1
    margin = settings.context * (extent + 1)
    first, last = start - margin, start + extent + margin
    index = first + (last - first) / max(samples - 1, 1) * np.arange(samples)
    return np.where((index > -1) & (index < 0), 0.0, index)
