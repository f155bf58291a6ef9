"""Gradients of the losses against closed forms, and of whole generators on labels that break trainers."""

import pytest
import torch
from torch import Tensor

from bsnpp.models.build import build_generator
from bsnpp.models.loss_settings import LossSettings, ResamplingSettings
from bsnpp.models.losses import boundary_loss, relation_loss
from bsnpp.models.settings import ProposalSettings
from tests.models.loss_cases import CASES, GRID, all_bands, random_logits, seeded, total_of
from tests.models.small import each_generator
from tests.reference import loss_gradients as reference


def close(gradient: Tensor, expected: list[float]) -> None:
    torch.testing.assert_close(
        gradient.flatten(), torch.tensor(expected, dtype=torch.float64), atol=1e-12, rtol=1e-12
    )


@pytest.mark.parametrize("positives", [0, 1, 3, 15, 16])
def test_gradient_of_the_boundary_loss(positives: int) -> None:
    heads = [random_logits(2, 2, 8, seed=seed).requires_grad_() for seed in range(2)]
    boundary = torch.stack([(torch.arange(16) < count).float() for count in (positives, 5)], dim=1)
    boundary = boundary.view(2, 8, 2).transpose(1, 2)  # `positives` of 16 starts, and 5 of 16 ends
    gradients = torch.autograd.grad(boundary_loss(heads, boundary, (1.05, 21.0), 0.5), heads)
    for head, gradient in zip(heads, gradients, strict=True):
        for edge in range(2):
            positive = (boundary[:, edge] > 0.5).flatten().tolist()
            expected = reference.weighted_logistic(head[:, edge].flatten().tolist(), positive)
            close(gradient[:, edge], [value / 2 for value in expected])


@pytest.mark.parametrize("weighted", [True, False])
def test_gradients_of_the_relation_loss(weighted: bool) -> None:
    branches = [random_logits(2, 2, len(GRID), seed=seed).requires_grad_() for seed in range(3)]
    iou = all_bands()["iou"].double()
    weights = torch.rand(iou.shape, dtype=torch.float64, generator=seeded()) * weighted
    flat = iou.flatten().tolist(), weights.flatten().tolist()
    for term, row, of_textbook in [
        (0, 1, reference.weighted_square),
        (1, 0, reference.weighted_surprise),
    ]:
        loss = relation_loss(branches, iou, weights, 0.7)[term]
        for branch, gradient in zip(branches, torch.autograd.grad(loss, branches), strict=True):
            expected = of_textbook(branch[:, row].flatten().tolist(), *flat)
            close(gradient[:, row], [value / 3 for value in expected])
            assert not gradient[:, 1 - row].any()


@each_generator
@pytest.mark.parametrize("draw", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_whole_generators_have_finite_losses_and_gradients(
    case: str, kind: ProposalSettings, draw: bool
) -> None:
    labels = CASES[case]
    model = build_generator(8, kind)  # in training mode: at batch 1, the lowest level has only two cells
    output = model(torch.randn(len(labels["iou"]), 8, GRID.scale))
    settings = LossSettings(resampling=ResamplingSettings(expectation=not draw))
    total = total_of(model.loss_terms(output, labels, settings, seeded()))
    total.backward()
    assert torch.isfinite(total) and total > 0
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)
    assert model.base[1].weight.grad.abs().max() > 0
