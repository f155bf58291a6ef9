"""Generators on a GPU give the results and gradients that they give on a CPU."""

import pytest
import torch
from torch import Tensor

from bsnpp.models.build import build_generator
from bsnpp.models.device import in_precision, prepare_training
from bsnpp.models.settings import ProposalSettings
from tests.gpu import needs_gpu
from tests.models.small import each_generator

pytestmark = needs_gpu


def run(
    kind: ProposalSettings, device: str, dtype: torch.dtype = torch.float64, precision: str = "float32"
) -> tuple[Tensor, Tensor]:
    """Return the results of a small generator and the gradients of its weights, each as one vector."""
    prepare_training(device)
    torch.manual_seed(0)
    model = build_generator(8, kind).to(device, dtype).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("gain"):
                weight.fill_(0.5)  # at its initial gain of 0, attention has no effect
    draws = torch.Generator().manual_seed(1)
    features = torch.randn(3, 8, 13, generator=draws, dtype=torch.float64).to(device, dtype)
    with in_precision(device, precision):
        output = model(features)
        boundary = model.boundary_probabilities(features, output)
    confidence = model.confidence_probabilities(output)
    results = _vector([*output.boundary, *output.confidence, boundary, confidence])
    (results * torch.randn(len(results), generator=draws, dtype=torch.float64)).sum().backward()
    return results.detach(), _vector([w.grad for w in model.parameters() if w.grad is not None])


def _vector(tensors: list[Tensor]) -> Tensor:
    return torch.cat([each.flatten().cpu().double() for each in tensors])


@each_generator
@pytest.mark.parametrize(
    ("dtype", "precision", "allowed"),
    [
        (torch.float64, "float32", 1e-12),
        (torch.float32, "float32", 1e-5),  # with TF32: 1e-3
        (torch.float32, "bfloat16", 0.05),
    ],
    ids=["float64", "float32", "bfloat16"],
)
def test_results_and_gradients_are_those_of_the_cpu(
    kind: ProposalSettings, dtype: torch.dtype, precision: str, allowed: float
) -> None:
    for ours, expected in zip(run(kind, "cuda", dtype, precision), run(kind, "cpu"), strict=True):
        assert float((ours - expected).norm()) <= allowed * float(expected.norm())


@each_generator
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_repetitions_give_the_same_bits(kind: ProposalSettings, precision: str) -> None:
    first, second = (run(kind, "cuda", torch.float32, precision) for _ in range(2))
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))
