"""The relation block equals the form with whole matrices and maps, without invalid cells."""

import pytest
import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.confidence_head import ConfidenceHead
from bsnpp.models.proposal_relation import (
    ChannelAttention,
    PositionAttention,
    ProposalRelation,
)
from bsnpp.models.settings import BSNPPSettings
from tests.reference import proposal_relation as reference

GRID = ProposalGrid(6)
BLOCK = BSNPPSettings(relation_channels=4)


@pytest.fixture
def features() -> Tensor:
    """(B, V, C)."""
    return torch.randn(
        2, len(GRID), 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0)
    ).requires_grad_()


def close(result: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(result, expected, atol=1e-12, rtol=0)


def test_position_attention_is_eq_3_for_each_receiver(features: Tensor) -> None:
    attention = PositionAttention(5, scaled=False).double()
    torch.nn.init.constant_(attention.gain, 0.7)
    expected = []
    for video in features:
        matrix = reference.attention_matrix(attention.receiver(video), attention.sender(video))
        close(matrix.sum(dim=1), torch.ones(len(GRID), dtype=torch.float64))
        expected.append(video + attention.gain * matrix @ attention.value(video))
    result = attention(features)
    close(result, torch.stack(expected))
    inputs = [features, *attention.parameters()]
    for ours, theirs in zip(
        torch.autograd.grad(result.square().sum(), inputs),
        torch.autograd.grad(torch.stack(expected).square().sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-11, rtol=1e-11)


def test_projecting_before_the_sum_equals_the_order_of_the_paper(features: Tensor) -> None:
    reduce, attention = torch.nn.Linear(5, 3).double(), PositionAttention(3, scaled=False).double()
    torch.nn.init.constant_(attention.gain, 0.7)
    result = attention(reduce(features))
    expected = reference.printed_position_attention(attention, reduce, features)
    close(result, expected)
    inputs = [features, *reduce.parameters(), *attention.parameters()]
    for ours, theirs in zip(
        torch.autograd.grad(result.square().sum(), inputs),
        torch.autograd.grad(expected.square().sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-11, rtol=1e-11)


def test_the_textbook_of_the_benchmark_equals_the_loops(features: Tensor) -> None:
    queries, keys = features[0], features[1]
    expected = reference.attention_matrix(queries, keys) @ features[0]
    close(reference.position_attention(queries, keys, features[0]), expected)


def test_scaled_energies_equal_those_of_smaller_senders(features: Tensor) -> None:
    scaled, plain = PositionAttention(5, scaled=True).double(), PositionAttention(5, scaled=False).double()
    torch.nn.init.constant_(scaled.gain, 0.7)
    plain.load_state_dict(scaled.state_dict())
    with torch.no_grad():
        plain.sender.weight /= 5**0.5
        plain.sender.bias /= 5**0.5
    close(scaled(features), plain(features))
    assert not torch.allclose(scaled(features), PositionAttention(5, scaled=False).double()(features))


def test_summed_channel_energies_equal_the_mean_ones_of_larger_features(features: Tensor) -> None:
    mean, summed = ChannelAttention(mean=True).double(), ChannelAttention(mean=False).double()
    for attention in (mean, summed):
        torch.nn.init.constant_(attention.gain, 0.7)
    factor = len(GRID) ** 0.5
    close(summed(features), mean(features * factor) / factor)


def test_channel_attention_equals_the_loops(features: Tensor) -> None:
    attention = ChannelAttention(mean=True).double()
    torch.nn.init.constant_(attention.gain, 0.7)
    expected = torch.stack([video + 0.7 * reference.channel_attention(video) for video in features])
    close(attention(features), expected)


def test_channel_energies_do_not_grow_with_the_number_of_proposals(features: Tensor) -> None:
    attention = ChannelAttention(mean=True).double()
    torch.nn.init.constant_(attention.gain, 0.7)
    twice = attention(torch.cat([features, features], dim=1))
    close(twice, torch.cat([attention(features)] * 2, dim=1))


@pytest.mark.parametrize(
    "attention",
    [PositionAttention(5, scaled=False), ChannelAttention(mean=True)],
    ids=["position", "channel"],
)
def test_attention_is_initially_the_identity_and_learns(
    attention: PositionAttention | ChannelAttention, features: Tensor
) -> None:
    attention = attention.double()
    result = attention(features)
    assert torch.equal(result, features)
    (gradient,) = torch.autograd.grad(result.square().sum(), [attention.gain])
    assert gradient != 0


@pytest.mark.parametrize("grid", [GRID, ProposalGrid(6, 4), ProposalGrid(1)], ids=str)
def test_confidence_head_equals_maps_with_invalid_cells_set_to_0(grid: ProposalGrid) -> None:
    head = ConfidenceHead(5).double()
    maps = torch.randn(2, 5, grid.durations, grid.scale, dtype=torch.float64)  # invalid cells are not 0
    result = head(maps[:, :, grid.duration_index, grid.start_cell].transpose(1, 2), grid)
    expected = reference.confidence_head(
        maps,
        torch.from_numpy(grid.valid),
        head.convolutions,
        head.predictor.weight,
        head.predictor.bias,
    )
    close(result, expected[:, :, grid.duration_index, grid.start_cell])


@pytest.mark.parametrize(
    ("position", "channel", "branches"),
    [(True, True, 3), (True, False, 1), (False, True, 1), (False, False, 1)],
)
def test_number_of_branches(position: bool, channel: bool, branches: int, features: Tensor) -> None:
    settings = BLOCK.model_copy(update={"position_attention": position, "channel_attention": channel})
    block = ProposalRelation(5, settings).double()
    result = block(features, GRID)
    assert [logits.shape for logits in result] == [(2, 2, len(GRID))] * branches


def test_settings_select_the_energies() -> None:
    changed = BLOCK.model_copy(update={"scaled_energies": True, "channel_energies": "sum"})
    position, channel = ProposalRelation(5, changed).attentions
    assert (position.energy_factor, channel.mean) == (0.5, False)
    position, channel = ProposalRelation(5, BLOCK).attentions
    assert (position.energy_factor, channel.mean) == (1.0, True)


def test_third_branch_reads_the_sum_of_the_first_two(features: Tensor) -> None:
    block = ProposalRelation(5, BLOCK).double()
    for name, parameter in block.attentions.named_parameters():
        if name.endswith("gain"):
            torch.nn.init.constant_(parameter, 0.5)
    reduced = block.reduce(features)
    attended = sum(attention(reduced) for attention in block.attentions)
    close(block(features, GRID)[2], block.heads[2](attended, GRID))
