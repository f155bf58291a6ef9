"""Both forms of attention equal the one with a whole matrix, in results and gradients."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from bsnpp.models import attention
from bsnpp.models.attention import attend, attention_by_products, fused_attention, parts_of_receivers
from tests.reference.proposal_relation import position_attention


def inputs(batch: int, proposals: int = 21) -> list[Tensor]:
    """Return receivers, senders and values (B, V, 5)."""
    return [torch.randn(batch, proposals, 5, dtype=torch.float64, requires_grad=True) for _ in range(3)]


def check(form: Callable[..., Tensor], batch: int, factor: float, proposals: int = 21) -> None:
    given = inputs(batch, proposals)
    result, expected = form(*given, factor), position_attention(given[0] * factor, *given[1:])
    torch.testing.assert_close(result, expected, atol=1e-12, rtol=0)
    seen = torch.randn(result.shape, dtype=torch.float64)
    for ours, theirs in zip(
        torch.autograd.grad(result, given, seen), torch.autograd.grad(expected, given, seen), strict=True
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("threads", "videos", "parts"), [(1, 2, 1), (4, 2, 1), (6, 2, 3), (8, 1, 7), (8, 0, 7), (2, 16, 1)]
)
def test_receivers_are_split_into_equal_parts_for_idle_threads(threads: int, videos: int, parts: int) -> None:
    assert parts_of_receivers(21, videos, threads) == parts


@pytest.mark.parametrize(("threads", "batch"), [(1, 2), (4, 2), (6, 2), (8, 1), (8, 0)])
@pytest.mark.parametrize("factor", [1.0, 0.3])
def test_parts_of_the_receivers_give_the_same_result(
    threads: int, batch: int, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    check(fused_attention, batch, factor)


@pytest.mark.parametrize("pairs", [1, 21**2, 2 * 21**2, 2**27])
@pytest.mark.parametrize("batch", [0, 1, 3])
def test_products_in_a_few_videos_at_a_time_give_the_same_result(
    pairs: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "PAIRS", pairs)
    check(attention_by_products, batch, 0.7)


def test_products_handle_a_single_proposal() -> None:
    check(attention_by_products, 2, 1.0, proposals=1)


def test_gradient_of_products_equals_finite_differences() -> None:
    assert torch.autograd.gradcheck(lambda *given: attention_by_products(*given, 0.7), inputs(2, 4))


def test_a_cpu_uses_the_fused_kernel() -> None:
    given = inputs(2)
    assert torch.equal(attend(*given, 1.0), fused_attention(*given, 1.0))
