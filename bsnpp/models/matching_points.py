"""Positions at which the features of a proposal are sampled (BMN section 3.2; conventions, section 4)."""

import numpy as np

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.settings import MatchingSettings


def sampled_indices(grid: ProposalGrid, settings: MatchingSettings) -> np.ndarray:
    """Return the positions of all samples as fractional indices into a sequence of T cells.

    The N * S samples are evenly spaced over a proposal and `context` times its length beyond either edge,
    both ends included. The feature of a cell lies at its centre, so a sample at time u [cells] has the index
    u - 0.5.

    Public weights keep the points of their training. There the index is u, as if features were at the starts
    of cells. The context is that of a length d + 1 around [s, s + d] in `mmaction2`, and of a length d + 2
    around [s, s + d + 1] in `jjboy`. A sample between -1 and 0, which both codes round towards 0, reads the
    full feature of cell 0.

    Parameters
    ----------
    grid : ProposalGrid
        T cells and V proposals.
    settings : MatchingSettings
        N, S, context and the choice of points.

    Returns
    -------
    ndarray (V, N * S) float64
        May be outside [0, T - 1].
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
