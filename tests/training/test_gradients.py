"""Gradients of the losses against closed forms, and of whole generators on labels that break trainers."""

import pytest
import torch
from torch import Tensor

from bsnpp.models.build import build_generator
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from bsnpp.training.losses import boundary_loss, relation_loss
from tests.reference import loss_gradients as reference
from tests.training.test_losses import GRID, every_case, labels, random_logits, seeded, terms_of

MATCHING = MatchingSettings(bins=4, input_channels=8, filters=8)
BSNPP = BSNPPSettings(base_channels=8, boundary_channels=8, matching=MATCHING, relation_channels=8)
BMN = BMNSettings(base_channels=8, matching=MATCHING, confidence_channels=8)
both = pytest.mark.parametrize("kind", [BSNPP, BMN], ids=["bsnpp", "bmn"])


def close(found: Tensor, expected: list[float]) -> None:
    torch.testing.assert_close(
        found.flatten(), torch.tensor(expected, dtype=torch.float64), atol=1e-12, rtol=1e-12
    )


@pytest.mark.parametrize("positives", [0, 1, 3, 15, 16])
def test_gradient_of_the_boundary_loss(positives: int) -> None:
    heads = [random_logits(2, 2, 8, seed=seed).requires_grad_() for seed in range(2)]
    boundary = torch.stack([(torch.arange(16) < count).float() for count in (positives, 5)], dim=1)
    boundary = boundary.view(2, 8, 2).transpose(1, 2)  # of 16 starts, `positives`; of 16 ends, 5
    found = torch.autograd.grad(boundary_loss(heads, boundary), heads)
    for head, gradient in zip(heads, found, strict=True):
        for edge in range(2):
            positive = (boundary[:, edge] > 0.5).flatten().tolist()
            expected = reference.weighted_logistic(head[:, edge].flatten().tolist(), positive)
            close(gradient[:, edge], [value / 2 for value in expected])


@pytest.mark.parametrize("weighted", [True, False])
def test_gradients_of_the_relation_loss(weighted: bool) -> None:
    branches = [random_logits(2, 2, len(GRID), seed=seed).requires_grad_() for seed in range(3)]
    iou = labels()[1].double()
    weights = torch.rand(iou.shape, dtype=torch.float64, generator=seeded()) * weighted
    flat = iou.flatten().tolist(), weights.flatten().tolist()
    for term, row, of_textbook in [
        (0, 1, reference.weighted_square),
        (1, 0, reference.weighted_surprise),
    ]:
        loss = relation_loss(branches, iou, weights)[term]
        for branch, gradient in zip(branches, torch.autograd.grad(loss, branches), strict=True):
            expected = of_textbook(branch[:, row].flatten().tolist(), *flat)
            close(gradient[:, row], [value / 3 for value in expected])
            assert not gradient[:, 1 - row].any()


@both
@pytest.mark.parametrize("draw", [True, False])
@pytest.mark.parametrize("case", every_case())
def test_whole_generators_have_finite_losses_and_gradients(
    case: str, kind: GeneratorSettings, draw: bool
) -> None:
    torch.manual_seed(0)
    target = every_case()[case]
    model = build_generator(8, kind)  # in training: at batch 1 two cells are left at the lowest level
    output = model(torch.randn(len(target[0]), 8, GRID.scale))
    terms = terms_of(kind.architecture, output, target, draw)
    total = terms.boundary + 10 * terms.regression + terms.classification
    total.backward()
    assert torch.isfinite(total) and total > 0
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)
    assert model.base[1].weight.grad.abs().max() > 0
