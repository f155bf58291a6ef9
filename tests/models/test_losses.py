"""Losses: equal to plain loops, and finite for any labels."""

import pytest
import torch
from torch import Tensor

from bsnpp.models.base import GeneratorOutput
from bsnpp.models.build import build_generator
from bsnpp.models.loss_settings import LossSettings, ResamplingSettings, ThresholdSettings
from bsnpp.models.losses import boundary_loss, relation_loss, weighted_logistic
from bsnpp.models.proposal_sampling import band_weights, length_bins, two_stage_weights
from bsnpp.models.settings import ProposalSettings
from tests.models.loss_cases import (
    CASES,
    GRID,
    all_bands,
    output_like,
    random_logits,
    seeded,
    terms_of,
    total_of,
)
from tests.models.small import BMN, BSNPP, each_generator
from tests.reference import losses as reference

LIMITS = (1.05, 21.0)
PAPER = ThresholdSettings()
BINS = length_bins(GRID, (0.3, 0.7))


def close(result: Tensor, expected: float) -> None:
    assert result.item() == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("positives", [0, 1, 3, 39, 40])
def test_weighted_logistic_equals_the_loops(positives: int) -> None:
    logits = random_logits(40)
    positive = torch.arange(40) < positives
    expected = reference.weighted_logistic(logits.tolist(), positive.tolist())
    close(weighted_logistic(logits, positive, torch.ones(40, dtype=torch.bool), LIMITS), expected)
    mixed = torch.randperm(80, generator=seeded())  # of 80 entries, 40 are not counted
    more = torch.cat([logits, random_logits(40, seed=1)])[mixed]
    close(weighted_logistic(more, (mixed < positives), mixed < 40, LIMITS), expected)


def test_positives_and_negatives_have_equal_weight() -> None:
    positive = torch.arange(40) < 4
    logits = torch.zeros(40, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(
        weighted_logistic(logits, positive, torch.ones_like(positive), LIMITS), [logits]
    )
    assert gradient[positive].sum() == pytest.approx(-gradient[~positive].sum().item(), abs=1e-15)
    assert gradient[0] < 0 < gradient[-1]


def test_boundary_loss_equals_the_loops() -> None:
    heads = [random_logits(2, 2, 8, seed=seed) for seed in range(2)]
    boundary = all_bands()["boundary"]
    expected = reference.boundary_loss([head.tolist() for head in heads], boundary.tolist())
    close(boundary_loss(heads, boundary, LIMITS, 0.5), expected)


@pytest.mark.parametrize("weighted", [True, False])
def test_relation_loss_equals_the_loops(weighted: bool) -> None:
    branches = [random_logits(2, 2, len(GRID), seed=seed) for seed in range(3)]
    iou = all_bands()["iou"].double()
    weights = torch.rand(iou.shape, dtype=torch.float64, generator=seeded()) * weighted
    flat = [branch.transpose(0, 1).flatten(1).tolist() for branch in branches]
    expected = reference.relation_loss(flat, iou.flatten().tolist(), weights.flatten().tolist())
    for result, value in zip(relation_loss(branches, iou, weights, 0.7), expected, strict=True):
        close(result, value)


def test_bsnpp_terms_share_one_draw() -> None:
    output, labels = output_like(BSNPP, 2), all_bands()
    terms = terms_of(BSNPP, output, labels, seeded(5))
    weights = two_stage_weights(labels["iou"], BINS, ResamplingSettings(), seeded(5), PAPER)
    assert torch.equal(terms["boundary"], boundary_loss(output.boundary, labels["boundary"], LIMITS, 0.5))
    expected = relation_loss(output.confidence, labels["iou"], weights, 0.7)
    assert torch.equal(torch.stack([terms["regression"], terms["classification"]]), torch.stack(expected))


def test_bmn_terms_equal_the_loops() -> None:
    output, labels = output_like(BMN, 2), all_bands()
    iou = labels["iou"].double()
    terms = terms_of(BMN, output, {**labels, "iou": iou}, seeded(5))
    weights = band_weights(iou, False, seeded(5), PAPER).double().flatten().tolist()
    logits, offsets = output.confidence[0].detach().transpose(0, 1).flatten(1).tolist()
    expected = reference.bmn_confidence(logits, offsets, iou.flatten().tolist(), weights)
    close(terms["regression"], expected[0])
    close(terms["classification"], expected[1])
    boundary = reference.boundary_loss([output.boundary[0].tolist()], labels["boundary"].tolist())
    close(terms["boundary"], boundary)


THRESHOLDS = ThresholdSettings(boundary=0.2, positive=0.6, negative=0.2, bmn_positive=0.5)
EXPECTED = ResamplingSettings(expectation=True)


@each_generator
def test_thresholds_and_limits_reach_the_boundary_term(kind: ProposalSettings) -> None:
    output, labels = output_like(kind, 2), all_bands()
    terms = terms_of(kind, output, labels, thresholds=THRESHOLDS, balance_range=(2.0, 3.0))
    choices = [((2.0, 3.0), 0.2), (LIMITS, 0.2), ((2.0, 3.0), 0.5)]
    losses = [boundary_loss(output.boundary, labels["boundary"], *choice).item() for choice in choices]
    assert terms["boundary"].item() == losses[0] and len(set(losses)) == 3


def test_thresholds_reach_the_confidence_terms_of_bsnpp() -> None:
    output, labels = output_like(BSNPP, 2), all_bands()
    terms = terms_of(BSNPP, output, labels, thresholds=THRESHOLDS, resampling=EXPECTED)
    weights, usual = (
        two_stage_weights(labels["iou"], BINS, EXPECTED, seeded(), thresholds)
        for thresholds in (THRESHOLDS, PAPER)
    )
    assert not torch.equal(weights, usual)
    expected = relation_loss(output.confidence, labels["iou"], weights, 0.6)
    assert torch.equal(torch.stack([terms["regression"], terms["classification"]]), torch.stack(expected))


def test_thresholds_and_limits_reach_the_confidence_terms_of_bmn() -> None:
    output, iou = output_like(BMN, 2), all_bands()["iou"]
    terms = terms_of(
        BMN, output, all_bands(), thresholds=THRESHOLDS, balance_range=(2.0, 3.0), resampling=EXPECTED
    )
    scores = output.confidence[0]
    weights, usual = (band_weights(iou, True, seeded(), thresholds) for thresholds in (THRESHOLDS, PAPER))
    assert not torch.equal(weights, usual)
    regression = 0.5 * (weights * (scores[:, 1].sigmoid() - iou) ** 2).sum() / weights.sum()
    torch.testing.assert_close(terms["regression"], regression)
    classification = weighted_logistic(scores[:, 0], iou > 0.5, iou >= 0, (2.0, 3.0))
    assert torch.equal(terms["classification"], classification)
    assert not torch.equal(classification, weighted_logistic(scores[:, 0], iou > 0.5, iou >= 0, LIMITS))


def test_length_bins_reach_the_confidence_terms_of_bsnpp() -> None:
    edges = (0.2, 0.5, 0.8)
    resampling = ResamplingSettings(regions=edges, expectation=True)
    output, labels = output_like(BSNPP, 2), all_bands()
    terms = terms_of(BSNPP, output, labels, resampling=resampling)
    weights = two_stage_weights(labels["iou"], length_bins(GRID, edges), resampling, seeded(), PAPER)
    assert torch.equal(terms["regression"], relation_loss(output.confidence, labels["iou"], weights, 0.7)[0])
    assert not torch.equal(
        terms["regression"], terms_of(BSNPP, output, labels, resampling=EXPECTED)["regression"]
    )


@pytest.mark.parametrize(
    ("kind", "loss", "classification"),
    [(BSNPP, "paper", 4.0), (BSNPP, "bands", 1.0), (BMN, "paper", 1.0), (BMN, "bands", 1.0)],
)
def test_beta_is_the_weight_of_both_terms_of_eq_7_and_of_the_regression_of_bmn(
    kind: ProposalSettings, loss: str, classification: float
) -> None:
    terms = {
        "boundary": torch.tensor(0.5),
        "regression": torch.tensor(0.25),
        "classification": torch.tensor(2.0),
    }
    settings = LossSettings(confidence_weight=4.0, confidence_loss=loss)
    assert build_generator(8, kind).total(terms, settings).item() == 0.5 + 1.0 + classification * 2.0


def test_with_bands_every_branch_of_bsnpp_has_the_losses_of_bmn() -> None:
    output, labels = output_like(BSNPP, 2), all_bands()
    terms = terms_of(BSNPP, output, labels, confidence_loss="bands")
    branches = [
        terms_of(BMN, GeneratorOutput(output.boundary, [logits]), labels) for logits in output.confidence
    ]
    for name in ("regression", "classification"):
        close(terms[name], sum(each[name].item() for each in branches) / len(branches))
    paper = terms_of(BSNPP, output, labels)
    assert torch.equal(terms["boundary"], paper["boundary"])
    assert terms["regression"] != paper["regression"]


@each_generator
@pytest.mark.parametrize("draw", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_loss_and_gradient_are_finite(case: str, kind: ProposalSettings, draw: bool) -> None:
    labels = CASES[case]
    output = output_like(kind, len(labels["iou"]))
    total = total_of(terms_of(kind, output, labels, resampling=ResamplingSettings(expectation=not draw)))
    assert torch.isfinite(total) and total > 0
    for gradient in torch.autograd.grad(total, [*output.boundary, *output.confidence]):
        assert torch.isfinite(gradient).all()


@each_generator
def test_extreme_logits_give_finite_losses(kind: ProposalSettings) -> None:
    output = GeneratorOutput(
        [torch.full((2, 2, 8), 500.0).requires_grad_()],
        [torch.full((2, 2, len(GRID)), -500.0).requires_grad_()],
    )
    total = total_of(terms_of(kind, output, all_bands()))
    assert torch.isfinite(total)
    for gradient in torch.autograd.grad(total, [*output.boundary, *output.confidence]):
        assert torch.isfinite(gradient).all()
