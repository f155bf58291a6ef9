"""Losses: equal to plain loops, and finite whatever the labels."""

import numpy as np
import pytest
import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.models.base import GeneratorOutput
from bsnpp.training.labels import IGNORED, boundary_labels, confidence_labels
from bsnpp.training.losses import (
    LossTerms,
    bmn_terms,
    boundary_loss,
    bsnpp_terms,
    relation_loss,
    weighted_logistic,
)
from bsnpp.training.resampling import band_weights, scale_regions, two_stage_weights
from bsnpp.training.settings import ResamplingSettings, ThresholdSettings, TrainingSettings
from tests.reference import losses as reference

GRID = ProposalGrid(8)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_logits(*shape: int, seed: int = 0) -> Tensor:
    return 2 * torch.randn(*shape, dtype=torch.float64, generator=seeded(seed))


def labels(batch: int = 2) -> tuple[Tensor, Tensor]:
    """Boundary labels (B, 2, T) and confidences (B, V) in all bands."""
    found = [np.array([[0.1, 0.4], [0.5, 0.55]]), np.array([[0.0, 0.9]])][:batch]
    boundary = np.stack([boundary_labels(rows, GRID.scale) for rows in found])
    return torch.from_numpy(boundary), torch.from_numpy(
        np.stack([confidence_labels(rows, GRID) for rows in found])
    )


def close(found: Tensor, expected: float) -> None:
    assert found.item() == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("positives", [0, 1, 3, 39, 40])
def test_weighted_logistic_equals_the_loops(positives: int) -> None:
    logits = random_logits(40)
    positive = torch.arange(40) < positives
    expected = reference.weighted_logistic(logits.tolist(), positive.tolist())
    close(weighted_logistic(logits, positive, torch.ones(40, dtype=torch.bool)), expected)
    mixed = torch.randperm(80, generator=seeded())  # of 80 entries, 40 are not counted
    more = torch.cat([logits, random_logits(40, seed=1)])[mixed]
    close(weighted_logistic(more, (mixed < positives), mixed < 40), expected)


def test_positives_and_negatives_weigh_alike() -> None:
    positive = torch.arange(40) < 4
    logits = torch.zeros(40, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(
        weighted_logistic(logits, positive, torch.ones_like(positive)), [logits]
    )
    assert gradient[positive].sum() == pytest.approx(-gradient[~positive].sum().item(), abs=1e-15)
    assert gradient[0] < 0 < gradient[-1]


def test_boundary_loss_equals_the_loops() -> None:
    heads = [random_logits(2, 2, 8, seed=seed) for seed in range(2)]
    boundary, _ = labels()
    expected = reference.boundary_loss([head.tolist() for head in heads], boundary.tolist())
    close(boundary_loss(heads, boundary), expected)


@pytest.mark.parametrize("weighted", [True, False])
def test_relation_loss_equals_the_loops(weighted: bool) -> None:
    branches = [random_logits(2, 2, len(GRID), seed=seed) for seed in range(3)]
    iou = labels()[1].double()
    weights = torch.rand(iou.shape, dtype=torch.float64, generator=seeded()) * weighted
    flat = [branch.transpose(0, 1).flatten(1).tolist() for branch in branches]
    expected = reference.relation_loss(flat, iou.flatten().tolist(), weights.flatten().tolist())
    for found, value in zip(relation_loss(branches, iou, weights), expected, strict=True):
        close(found, value)


def output(batch: int, branches: int, heads: int) -> GeneratorOutput:
    return GeneratorOutput(
        [random_logits(batch, 2, 8, seed=seed).requires_grad_() for seed in range(heads)],
        [random_logits(batch, 2, len(GRID), seed=seed).requires_grad_() for seed in range(branches)],
    )


def test_bsnpp_terms_are_those_of_one_draw() -> None:
    found, (boundary, iou) = output(2, 3, 2), labels()
    region, settings = scale_regions(GRID), TrainingSettings()
    terms = bsnpp_terms(found, boundary, iou, region, settings, seeded(5))
    weights = two_stage_weights(iou, region, settings.resampling, seeded(5))
    assert torch.equal(terms.boundary, boundary_loss(found.boundary, boundary))
    expected = relation_loss(found.confidence, iou, weights)
    assert torch.equal(torch.stack([terms.regression, terms.classification]), torch.stack(expected))


def test_bmn_terms_equal_the_loops() -> None:
    found, (boundary, iou) = output(2, 1, 1), labels()
    terms = bmn_terms(found, boundary, iou.double(), TrainingSettings(), seeded(5))
    weights = band_weights(iou.double(), False, seeded(5)).double().flatten().tolist()
    logits, offsets = found.confidence[0].detach().transpose(0, 1).flatten(1).tolist()
    expected = reference.bmn_confidence(logits, offsets, iou.double().flatten().tolist(), weights)
    close(terms.regression, expected[0])
    close(terms.classification, expected[1])
    close(terms.boundary, reference.boundary_loss([found.boundary[0].tolist()], boundary.tolist()))


def test_thresholds_and_limits_reach_every_term() -> None:
    found, (boundary, iou) = output(2, 3, 2), labels()
    thresholds = ThresholdSettings(boundary=0.2, positive=0.6, negative=0.2, bmn_positive=0.5)
    limits, region = (2.0, 3.0), scale_regions(GRID)
    settings = TrainingSettings(thresholds=thresholds, balance_range=limits).expecting()
    edges = boundary_loss(found.boundary, boundary, limits, 0.2)
    assert (
        len({edges.item(), *(boundary_loss(found.boundary, boundary, *at).item() for at in ((), (limits,)))})
        == 3
    )

    terms = bsnpp_terms(found, boundary, iou, region, settings, seeded())
    weights = two_stage_weights(iou, region, settings.resampling, seeded(), thresholds)
    assert not torch.equal(weights, two_stage_weights(iou, region, settings.resampling, seeded()))
    expected = relation_loss(found.confidence, iou, weights, 0.6)
    assert torch.equal(torch.stack([terms.regression, terms.classification]), torch.stack(expected))
    assert torch.equal(terms.boundary, edges)

    terms = bmn_terms(found, boundary, iou, settings, seeded())
    scores = found.confidence[0]
    weights = band_weights(iou, True, seeded(), thresholds)
    assert not torch.equal(weights, band_weights(iou, True, seeded()))
    regression = 0.5 * (weights * (scores[:, 1].sigmoid() - iou) ** 2).sum() / weights.sum()
    torch.testing.assert_close(terms.regression, regression)
    classification = weighted_logistic(scores[:, 0], iou > 0.5, iou >= 0, limits)
    assert torch.equal(terms.classification, classification)
    assert not torch.equal(classification, weighted_logistic(scores[:, 0], iou > 0.5, iou >= 0))
    assert torch.equal(terms.boundary, edges)


def every_case() -> dict[str, tuple[Tensor, Tensor]]:
    """Labels that have broken trainers of this field, all of batch 1 but one."""
    shape = (1, 2, GRID.scale), (1, len(GRID))
    cases = {
        "no positive": (torch.zeros(shape[0]), torch.zeros(shape[1])),
        "all positive": (torch.ones(shape[0]), torch.ones(shape[1])),
        "middle alone": (torch.ones(shape[0]), torch.full(shape[1], 0.5)),
        "batch of two": labels(2),
        "batch of one": labels(1),
    }
    for name, rows in {"whole video": [[0.0, 1.0]], "within a cell": [[0.42, 0.46]], "empty": []}.items():
        found = np.array(rows, float).reshape(-1, 2)
        cases[name] = (
            torch.from_numpy(boundary_labels(found, GRID.scale))[None],
            torch.from_numpy(confidence_labels(found, GRID))[None],
        )
    return cases


def terms_of(generator: str, found: GeneratorOutput, case: tuple[Tensor, Tensor], draw: bool) -> LossTerms:
    settings = TrainingSettings() if draw else TrainingSettings().expecting()
    if generator == "bmn":
        return bmn_terms(found, *case, settings, seeded())
    return bsnpp_terms(found, *case, scale_regions(GRID), settings, seeded())


@pytest.mark.parametrize("draw", [True, False])
@pytest.mark.parametrize("generator", ["bsnpp", "bmn"])
@pytest.mark.parametrize("case", every_case())
def test_loss_and_gradient_are_finite(case: str, generator: str, draw: bool) -> None:
    target = every_case()[case]
    bsnpp = generator == "bsnpp"
    found = output(len(target[0]), 3 if bsnpp else 1, 2 if bsnpp else 1)
    terms = terms_of(generator, found, target, draw)
    total = terms.boundary + 10 * terms.regression + terms.classification
    assert torch.isfinite(total) and total > 0
    for gradient in torch.autograd.grad(total, [*found.boundary, *found.confidence]):
        assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("generator", ["bsnpp", "bmn"])
def test_extreme_logits_give_finite_losses(generator: str) -> None:
    target = labels(2)
    found = GeneratorOutput(
        [torch.full((2, 2, 8), 500.0).requires_grad_()],
        [torch.full((2, 2, len(GRID)), -500.0).requires_grad_()],
    )
    terms = terms_of(generator, found, target, True)
    total = terms.boundary + 10 * terms.regression + terms.classification
    assert torch.isfinite(total)
    for gradient in torch.autograd.grad(total, [*found.boundary, *found.confidence]):
        assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("method", ["two_stage", "iou_balanced", "none", "bmn"])
@pytest.mark.parametrize("cells", [1, 5, 7])
def test_expected_loss_of_padded_videos_is_that_of_their_cells_alone(method: str, cells: int) -> None:
    """A sequence of 8 cells, all but `cells` of them padding, has the loss of these alone."""
    boundary, iou = labels()
    inside = torch.from_numpy(GRID.end_cell < cells)
    found = output(2, 1, 1)
    alone = GeneratorOutput([found.boundary[0][..., :cells]], [found.confidence[0][..., inside]])
    region, generator = scale_regions(GRID), seeded()
    targets = (boundary[..., :cells].clone(), iou[:, inside].clone())
    boundary[..., cells:], iou[:, ~inside] = IGNORED, IGNORED
    if method == "bmn":
        settings = TrainingSettings().expecting()
        expected = bmn_terms(alone, *targets, settings, generator)
        padded = bmn_terms(found, boundary, iou, settings, generator)
    else:
        settings = TrainingSettings(resampling=ResamplingSettings(method=method, expectation=True))
        expected = bsnpp_terms(alone, *targets, region[inside], settings, generator)
        padded = bsnpp_terms(found, boundary, iou, region, settings, generator)
    for name, value in vars(expected).items():
        assert vars(padded)[name].item() == pytest.approx(value.item(), rel=1e-6), name


@pytest.mark.parametrize("draw", [True, False])
@pytest.mark.parametrize("generator", ["bsnpp", "bmn"])
def test_padding_has_no_gradient(generator: str, draw: bool) -> None:
    bsnpp, (boundary, iou) = generator == "bsnpp", labels()
    outside = torch.from_numpy(GRID.end_cell >= 6)
    boundary[..., 6:], iou[:, outside] = IGNORED, IGNORED
    found = output(2, 3 if bsnpp else 1, 2 if bsnpp else 1)
    terms = terms_of(generator, found, (boundary, iou), draw)
    total = terms.boundary + terms.regression + terms.classification
    gradients = torch.autograd.grad(total, [*found.boundary, *found.confidence])
    edges, confidences = gradients[: len(found.boundary)], gradients[len(found.boundary) :]
    for gradient in edges:
        assert (gradient[..., :6] != 0).all() and not gradient[..., 6:].any()
    for gradient in confidences:
        assert gradient[..., ~outside].any() and not gradient[..., outside].any()
