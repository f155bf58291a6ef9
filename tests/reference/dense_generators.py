"""Both generators in the form of public codes: every cell of every map, dense products, whole matrices.

The weights are those of one of our models, so that both forms can be compared. `masked` leaves out the
invalid half of the maps, which public codes compute as well; everything else is the same.
"""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.base import Generator, GeneratorOutput
from bsnpp.models.bmn import BMN
from bsnpp.models.bsnpp import BSNPP
from bsnpp.models.confidence_head import ConfidenceHead
from bsnpp.models.proposal_relation import PositionAttention
from tests.reference.boundary_matching import boundary_matching
from tests.reference.proposal_relation import confidence_head


def generator_output(model: Generator, features: Tensor, mask: Tensor, masked: bool) -> GeneratorOutput:
    """Return the logits for features (B, C, T); `mask` (T, N, D, T) is the sampling mask."""
    grid = ProposalGrid(features.shape[-1])
    valid = torch.from_numpy(grid.valid) if masked else torch.ones(grid.valid.shape, dtype=torch.bool)
    shared = model.base(features)
    sequence = model.proposal_sequence(shared)
    maps = boundary_matching(sequence, mask, model.matching.weight, model.matching.bias)
    boundary, branches = (_bmn if isinstance(model, BMN) else _bsnpp)(model, shared, maps, valid)
    # packed, because the losses of both forms are computed on packed cells
    cells = torch.from_numpy(grid.duration_index), torch.from_numpy(grid.start_cell)
    return GeneratorOutput(boundary, [branch[:, :, cells[0], cells[1]] for branch in branches])


def _pointwise(layer: torch.nn.Linear, maps: Tensor) -> Tensor:
    """Apply a 1 x 1 convolution with the weights of `layer`."""
    return F.conv2d(maps, layer.weight[:, :, None, None], layer.bias)


def _head(head: ConfidenceHead, maps: Tensor, valid: Tensor) -> Tensor:
    if valid.all():
        for convolution in head.convolutions:
            maps = torch.relu(F.conv2d(maps, convolution.weight, convolution.bias, padding=1))
        return _pointwise(head.predictor, maps)
    return confidence_head(maps, valid, head.convolutions, head.predictor.weight, head.predictor.bias)


def _bmn(model: BMN, shared: Tensor, maps: Tensor, valid: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    boundary = torch.cat([model.start(shared), model.end(shared)], dim=1)
    reduced = torch.relu(_pointwise(model.reduce[0], maps))
    return [boundary], [_head(model.confidence, reduced, valid)]


def _bsnpp(model: BSNPP, shared: Tensor, maps: Tensor, valid: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    relation = model.relation
    reduced = _pointwise(relation.reduce, maps)
    position, channel = relation.attentions
    branches = [_position_attention(position, reduced, valid), _channel_attention(channel, reduced, valid)]
    branches.append(branches[0] + branches[1])
    heads = zip(relation.heads, branches, strict=True)
    return model.boundary(shared), [_head(head, branch, valid) for head, branch in heads]


def _position_attention(layer: PositionAttention, maps: Tensor, valid: Tensor) -> Tensor:
    receivers, senders, values = (
        _pointwise(part, maps).flatten(2) for part in (layer.receiver, layer.sender, layer.value)
    )
    energy = receivers.transpose(1, 2) @ senders  # (B, receiver, sender)
    if not valid.all():
        energy = energy.masked_fill(~valid.flatten(), -torch.inf)
    attended = values @ energy.softmax(dim=-1).transpose(1, 2)
    return maps + layer.gain * attended.view_as(maps)


def _channel_attention(layer: torch.nn.Module, maps: Tensor, valid: Tensor) -> Tensor:
    flat = maps.flatten(2)
    inside = flat * valid.flatten()
    energy = inside @ inside.transpose(1, 2) / valid.sum()
    return maps + layer.gain * (energy.softmax(dim=-1) @ flat).view_as(maps)
