"""Both whole generators as in the papers, every layer a sum over its taps.

Weights are a state dict with our names; none of our modules runs.
"""

import math

import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.settings import BMNSettings, BSNPPSettings
from tests.reference import boundary_matching as matching
from tests.reference import proposal_relation as relation

State = dict[str, Tensor]
Outputs = tuple[list[Tensor], list[Tensor]]


def convolve(sequence: Tensor, state: State, layer: str, groups: int = 1) -> Tensor:
    """Apply a Conv1d that keeps the length: (B, I, T) to (B, O, T)."""
    weight, bias = state[f"{layer}.weight"], state[f"{layer}.bias"]
    taps, length = weight.shape[-1], sequence.shape[-1]
    parts = []
    for inputs, filters in zip(sequence.chunk(groups, dim=1), weight.chunk(groups), strict=True):
        edge = inputs.new_zeros(*inputs.shape[:2], taps // 2)
        padded = torch.cat([edge, inputs, edge], dim=-1)
        products = [filters[..., tap] @ padded[..., tap : tap + length] for tap in range(taps)]
        parts.append(torch.stack(products).sum(dim=0))
    return torch.cat(parts, dim=1) + bias[:, None]


def base(features: Tensor, state: State, groups: int = 1) -> Tensor:
    """Apply two convolutions with ReLU."""
    for layer in ("base.0.0", "base.1"):
        features = torch.relu(convolve(features, state, layer, groups))
    return features


def node(sequence: Tensor, state: State, layer: str, training: bool) -> Tensor:
    """Apply a convolution, normalisation over batch and time, and ReLU."""
    values = convolve(sequence, state, f"{layer}.0")
    mean, variance = state[f"{layer}.1.running_mean"], state[f"{layer}.1.running_var"]
    if training:
        mean = values.mean(dim=(0, 2))
        variance = ((values - mean[:, None]) ** 2).mean(dim=(0, 2))
    scaled = (values - mean[:, None]) / torch.sqrt(variance[:, None] + 1e-5)
    return torch.relu(state[f"{layer}.1.weight"][:, None] * scaled + state[f"{layer}.1.bias"][:, None])


def halve(sequence: Tensor) -> Tensor:
    """Return the maximum of every two cells; a cell left over is dropped."""
    pairs = range(0, sequence.shape[-1] - 1, 2)
    return torch.stack([torch.maximum(sequence[..., k], sequence[..., k + 1]) for k in pairs], dim=-1)


def stretch(sequence: Tensor, length: int) -> Tensor:
    """Interpolate linearly between the centres of cells; constant beyond the first and the last."""
    short, columns = sequence.shape[-1], []
    for cell in range(length):
        at = min(max((cell + 0.5) * short / length - 0.5, 0.0), short - 1.0)
        low = math.floor(at)
        high = min(low + 1, short - 1)
        columns.append((low + 1 - at) * sequence[..., low] + (at - low) * sequence[..., high])
    return torch.stack(columns, dim=-1)


def boundary_generator(shared: Tensor, state: State, training: bool) -> list[Tensor]:
    """Return the logits (B, 2, T) of the heads on X01 and X02 of the nested U-Net (Fig. 3)."""
    nodes: dict[str, Tensor] = {}

    def make(name: str, *inputs: Tensor) -> None:
        nodes[name] = node(torch.cat(inputs, dim=1), state, f"boundary.{name}", training)

    make("x00", shared)
    make("x10", halve(nodes["x00"]))
    make("x20", halve(nodes["x10"]))
    whole, half = nodes["x00"].shape[-1], nodes["x10"].shape[-1]
    make("x01", nodes["x00"], stretch(nodes["x10"], whole))
    make("x11", nodes["x10"], stretch(nodes["x20"], half))
    make("x02", nodes["x00"], nodes["x01"], stretch(nodes["x11"], whole))
    return [
        convolve(nodes[name], state, f"boundary.heads.{head}") for head, name in enumerate(("x01", "x02"))
    ]


def proposal_features(shared: Tensor, state: State, settings: BSNPPSettings | BMNSettings) -> Tensor:
    """Return the features (B, F, T, T) of all map cells."""
    sequence = torch.relu(convolve(shared, state, "proposal_sequence.0"))
    mask = matching.sampling_mask(shared.shape[-1], settings.matching)
    return matching.boundary_matching(sequence, mask, state["matching.weight"], state["matching.bias"])


def linear(packed: Tensor, state: State, layer: str) -> Tensor:
    """Apply a linear layer to each proposal: (..., I) to (..., O)."""
    return packed @ state[f"{layer}.weight"].T + state[f"{layer}.bias"]


def confidence(packed: Tensor, state: State, layer: str, grid: ProposalGrid) -> Tensor:
    """Return the logits (B, 2, V) of packed features (B, V, C), whose maps are 0 elsewhere."""
    maps = packed.new_zeros(len(packed), packed.shape[-1], grid.durations, grid.scale)
    maps[:, :, grid.duration_index, grid.start_cell] = packed.transpose(1, 2)
    for name in (f"{layer}.convolutions.0", f"{layer}.convolutions.1"):
        weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
        convolved = torch.relu(torch.nn.functional.conv2d(maps, weight, bias, padding=1))
        maps = convolved * torch.from_numpy(grid.valid)
    packed = maps[:, :, grid.duration_index, grid.start_cell].transpose(1, 2)
    return linear(packed, state, f"{layer}.predictor").transpose(1, 2)


def position_branch(reduced: Tensor, state: State, energy_factor: float) -> Tensor:
    """Add position attention (Eq. 3) to its input."""
    layer = "relation.attentions.0"
    attended = []
    for video in reduced:
        receiver, sender = linear(video, state, f"{layer}.receiver"), linear(video, state, f"{layer}.sender")
        matrix = relation.attention_matrix(receiver * energy_factor, sender)
        attended.append(matrix @ linear(video, state, f"{layer}.value"))
    return reduced + state[f"{layer}.gain"] * torch.stack(attended)


def channel_branch(reduced: Tensor, state: State, mean: bool) -> Tensor:
    """Add channel attention to its input."""
    attended = torch.stack([relation.channel_attention(video, mean) for video in reduced])
    return reduced + state["relation.attentions.1.gain"] * attended


def bsnpp(features: Tensor, state: State, settings: BSNPPSettings, training: bool) -> Outputs:
    """Return the logits of both heads (B, 2, T) and of the three branches (B, 2, V)."""
    shared, grid = base(features, state, settings.groups), settings.grid(features.shape[-1])
    maps = proposal_features(shared, state, settings)
    packed = maps[:, :, grid.duration_index, grid.start_cell].transpose(1, 2)
    reduced = linear(packed, state, "relation.reduce")
    energy_factor = settings.relation_channels**-0.5 if settings.scaled_energies else 1.0
    branches = [
        position_branch(reduced, state, energy_factor),
        channel_branch(reduced, state, settings.channel_energies == "mean"),
    ]
    branches.append(branches[0] + branches[1])
    logits = [
        confidence(branch, state, f"relation.heads.{number}", grid) for number, branch in enumerate(branches)
    ]
    return boundary_generator(shared, state, training), logits


def bmn(features: Tensor, state: State, settings: BMNSettings) -> Outputs:
    """Return the logits of the boundaries (B, 2, T) and of the confidences (B, 2, V)."""
    shared, grid = base(features, state, settings.groups), settings.grid(features.shape[-1])
    edges = []
    for edge in ("start", "end"):
        hidden = torch.relu(convolve(shared, state, f"{edge}.0.0", settings.groups))
        edges.append(convolve(hidden, state, f"{edge}.1"))
    maps = proposal_features(shared, state, settings)
    packed = maps[:, :, grid.duration_index, grid.start_cell].transpose(1, 2)
    reduced = torch.relu(linear(packed, state, "reduce.0"))
    return [torch.cat(edges, dim=1)], [confidence(reduced, state, "confidence", grid)]
