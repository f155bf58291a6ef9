"""Count the operations and the memory traffic of a generator from its settings.

Every tap of a convolution counts as multiplied; on a CPU, minimal filtering multiplies fewer.
"""

from dataclasses import dataclass

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.boundary_matching import sampling_matrix
from bsnpp.models.settings import BMNSettings, BSNPPSettings

TRAINING = 3
"""Cost of a training step in forward passes: gradients of inputs and of weights cost one each."""

OPTIMISER_BYTES = 40
"""Traffic per float32 parameter and step [bytes]: both passes read it and its gradient is written; then Adam
reads it, the gradient and both moments, and writes all but the gradient."""


@dataclass(frozen=True)
class Part:
    """Cost of the forward pass of one part of a generator for one video.

    Attributes
    ----------
    name : str
    multiply_adds : int
    numbers : int
        Numbers read and written between layers, without weights, which a batch shares.
    """

    name: str
    multiply_adds: int
    numbers: int


def _convolution(
    name: str, positions: int, inputs: int, outputs: int, taps: int = 1, groups: int = 1
) -> Part:
    """Count a convolution with `taps` taps, or a linear layer, at some positions."""
    work = positions * taps * inputs * outputs // groups
    return Part(name, work, positions * (inputs + outputs))


def _matching(settings: BSNPPSettings | BMNSettings, grid: ProposalGrid) -> list[Part]:
    """Count boundary matching: project every column, then sum into the valid cells."""
    chosen = settings.matching
    columns = grid.scale * chosen.bins
    taps = sampling_matrix(grid, chosen).nnz
    return [
        _convolution("proposal sequence", grid.scale, settings.base_channels, chosen.input_channels, 3),
        _convolution("projection", grid.scale, chosen.input_channels, chosen.bins * chosen.filters),
        Part("sampling", taps * chosen.filters, (columns + len(grid)) * chosen.filters),
    ]


def _head(cells: int, channels: int) -> list[Part]:
    """Count two 3 x 3 convolutions over the valid cells, then one 1 x 1."""
    convolutions = [_convolution("3 x 3", cells, channels, channels, 9)] * 2
    return [*convolutions, _convolution("predictor", cells, channels, 2)]


def bsnpp_parts(settings: BSNPPSettings, channels: int, scale: int) -> list[Part]:
    """List the parts of BSN++ for features (channels, scale), with one pass over the boundaries."""
    grid, base, wide = settings.grid(scale), settings.base_channels, settings.boundary_channels
    cells, inner = len(grid), settings.relation_channels
    half, quarter = scale // 2, scale // 4
    parts = [
        _convolution("base", scale, channels, base, 3, settings.groups),
        _convolution("base", scale, base, base, 3, settings.groups),
        _convolution("boundaries", scale, base, wide, 3),
        _convolution("boundaries", half, wide, wide, 3),
        _convolution("boundaries", quarter, wide, wide, 3),
        _convolution("boundaries", scale, 2 * wide, wide, 3),
        _convolution("boundaries", half, 2 * wide, wide, 3),
        _convolution("boundaries", scale, 3 * wide, wide, 3),
        *[_convolution("boundaries", scale, wide, 2)] * 2,
        *_matching(settings, grid),
        _convolution("reduction", cells, settings.matching.filters, inner),
    ]
    if settings.position_attention:
        parts += [_convolution("position attention", cells, inner, inner)] * 3
        parts.append(Part("position attention", 2 * cells**2 * inner, 4 * cells * inner))
    if settings.channel_attention:
        parts += [_convolution("channel attention", cells, inner, inner)] * 2
    branches = 3 if settings.position_attention and settings.channel_attention else 1
    return parts + _head(cells, inner) * branches


def bmn_parts(settings: BMNSettings, channels: int, scale: int) -> list[Part]:
    """List the parts of BMN for features (channels, scale)."""
    grid, base, groups = settings.grid(scale), settings.base_channels, settings.groups
    edge = [
        _convolution("boundaries", scale, base, base, 3, groups),
        _convolution("boundaries", scale, base, 1),
    ]
    return [
        _convolution("base", scale, channels, base, 3, groups),
        _convolution("base", scale, base, base, 3, groups),
        *edge * 2,
        *_matching(settings, grid),
        _convolution("reduction", len(grid), settings.matching.filters, settings.confidence_channels),
        *_head(len(grid), settings.confidence_channels),
    ]


def parts_of(settings: BSNPPSettings | BMNSettings, channels: int, scale: int) -> list[Part]:
    """List the parts of a generator in the order of its forward pass."""
    if isinstance(settings, BSNPPSettings):
        return bsnpp_parts(settings, channels, scale)
    return bmn_parts(settings, channels, scale)


def training_cost(parts: list[Part], parameters: int, batch: int, width: int) -> tuple[float, float]:
    """Return the operations (two per multiply-add) and the bytes moved by one training step.

    Parameters
    ----------
    parts : list of Part
    parameters : int
        Number of weights of the model.
    batch : int
        Number of videos of the step.
    width : int
        Bytes per number between layers: 2 for bfloat16, 4 for float32.

    Returns
    -------
    tuple of float
    """
    operations = 2.0 * TRAINING * batch * sum(part.multiply_adds for part in parts)
    moved = TRAINING * batch * width * sum(part.numbers for part in parts)
    return operations, float(moved + OPTIMISER_BYTES * parameters)
