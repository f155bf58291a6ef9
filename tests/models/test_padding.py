"""Losses ignore the padding of short recordings."""

import pytest
import torch
from torch import Tensor

from bsnpp.models.labels import IGNORED
from bsnpp.models.loss_settings import ResamplingSettings, ThresholdSettings
from bsnpp.models.losses import boundary_loss, relation_loss, weighted_logistic, weighted_mean
from bsnpp.models.proposal_sampling import band_weights, length_bins, two_stage_weights
from bsnpp.models.settings import ProposalSettings
from tests.models.loss_cases import (
    GRID,
    all_bands,
    output_like,
    seeded,
    terms_of,
)
from tests.models.small import BMN, BSNPP, each_generator

LIMITS = (1.05, 21.0)
PAPER = ThresholdSettings()
BINS = length_bins(GRID, (0.3, 0.7))
EXPECTED = ResamplingSettings(expectation=True)


def padded(cells: int) -> dict[str, Tensor]:
    """Return the labels of two videos, in which all cells but the first `cells` are padding."""
    labels = all_bands()
    labels["boundary"][..., cells:] = IGNORED
    labels["iou"][:, torch.from_numpy(GRID.end_cell >= cells)] = IGNORED
    return labels


@pytest.mark.parametrize("cells", [1, 5, 7])
@pytest.mark.parametrize("method", ["two_stage", "iou_balanced", "none"])
def test_expected_loss_of_bsnpp_ignores_padding(method: str, cells: int) -> None:
    """The losses of padded videos are those of the cells and proposals that are not padding."""
    output, labels = output_like(BSNPP, 2), padded(cells)
    resampling = ResamplingSettings(method=method, expectation=True)
    terms = terms_of(BSNPP, output, labels, resampling=resampling)
    inside = torch.from_numpy(GRID.end_cell < cells)
    iou = labels["iou"][:, inside]
    weights = two_stage_weights(iou, BINS[inside], resampling, seeded(), PAPER)
    confidence = relation_loss([logits[..., inside] for logits in output.confidence], iou, weights, 0.7)
    heads = [logits[..., :cells] for logits in output.boundary]
    boundary = boundary_loss(heads, labels["boundary"][..., :cells], LIMITS, 0.5)
    for name, expected in zip(terms, (boundary, *confidence), strict=True):
        assert terms[name].item() == pytest.approx(expected.item(), rel=1e-6), name


@pytest.mark.parametrize("cells", [1, 5, 7])
def test_expected_loss_of_bmn_ignores_padding(cells: int) -> None:
    """The losses of padded videos are those of the cells and proposals that are not padding."""
    output, labels = output_like(BMN, 2), padded(cells)
    terms = terms_of(BMN, output, labels, resampling=EXPECTED)
    inside = torch.from_numpy(GRID.end_cell < cells)
    iou, scores = labels["iou"][:, inside], output.confidence[0][..., inside]
    weights = band_weights(iou, True, seeded(), PAPER)
    expected = {
        "boundary": boundary_loss(
            [output.boundary[0][..., :cells]], labels["boundary"][..., :cells], LIMITS, 0.5
        ),
        "regression": 0.5 * weighted_mean((scores[:, 1].sigmoid() - iou) ** 2, weights),
        "classification": weighted_logistic(scores[:, 0], iou > 0.9, iou >= 0, LIMITS),
    }
    for name, value in expected.items():
        assert terms[name].item() == pytest.approx(value.item(), rel=1e-6), name


@each_generator
@pytest.mark.parametrize("draw", [True, False])
def test_padding_has_no_gradient(kind: ProposalSettings, draw: bool) -> None:
    output, outside = output_like(kind, 2), torch.from_numpy(GRID.end_cell >= 6)
    terms = terms_of(kind, output, padded(6), resampling=ResamplingSettings(expectation=not draw))
    total = terms["boundary"] + terms["regression"] + terms["classification"]
    gradients = torch.autograd.grad(total, [*output.boundary, *output.confidence])
    edges, confidences = gradients[: len(output.boundary)], gradients[len(output.boundary) :]
    for gradient in edges:
        assert (gradient[..., :6] != 0).all() and not gradient[..., 6:].any()
    for gradient in confidences:
        assert gradient[..., ~outside].any() and not gradient[..., outside].any()
