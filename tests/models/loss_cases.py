"""Logits and labels at T = 8 on which losses are tested."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.core.segments import Shares
from bsnpp.models.base import GeneratorOutput
from bsnpp.models.build import build_generator
from bsnpp.models.labels import boundary_labels, confidence_labels
from bsnpp.models.loss_settings import LossSettings
from bsnpp.models.settings import BSNPPSettings, ProposalSettings

GRID = ProposalGrid(8)
Labels = dict[str, Tensor]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_logits(*shape: int, seed: int = 0) -> Tensor:
    return 2 * torch.randn(*shape, dtype=torch.float64, generator=seeded(seed))


def output_like(kind: ProposalSettings, batch: int) -> GeneratorOutput:
    """Return random logits with as many heads and branches as a generator has; they require gradients."""
    heads, branches = (2, 3) if isinstance(kind, BSNPPSettings) else (1, 1)
    return GeneratorOutput(
        [random_logits(batch, 2, 8, seed=seed).requires_grad_() for seed in range(heads)],
        [random_logits(batch, 2, len(GRID), seed=seed).requires_grad_() for seed in range(branches)],
    )


def labels_of(*videos: list[list[float]]) -> Labels:
    """Return the labels of a batch, whose videos are lists of segments."""
    segments = [Shares(np.array(rows, float).reshape(-1, 2)) for rows in videos]
    boundary = [boundary_labels(rows, GRID.scale, "paper") for rows in segments]
    iou = [confidence_labels(rows, GRID) for rows in segments]
    return {"boundary": torch.from_numpy(np.stack(boundary)), "iou": torch.from_numpy(np.stack(iou))}


def all_bands() -> Labels:
    """Return the labels of two videos, with tIoUs in all bands."""
    return labels_of([[0.1, 0.4], [0.5, 0.55]], [[0.0, 0.9]])


def constant(boundary: float, iou: float) -> Labels:
    return {"boundary": torch.full((1, 2, 8), boundary), "iou": torch.full((1, len(GRID)), iou)}


CASES: dict[str, Labels] = {
    "no positive": constant(0.0, 0.0),
    "all positive": constant(1.0, 1.0),
    "middle only": constant(1.0, 0.5),
    "batch of two": all_bands(),
    "batch of one": labels_of([[0.1, 0.4], [0.5, 0.55]]),
    "whole video": labels_of([[0.0, 1.0]]),
    "within a cell": labels_of([[0.42, 0.46]]),
    "empty": labels_of([]),
}
"""Labels that have broken trainers of this field."""


def terms_of(
    kind: ProposalSettings,
    output: GeneratorOutput,
    labels: Labels,
    random: torch.Generator | None = None,
    **settings: Any,
) -> dict[str, Tensor]:
    """Return the loss terms of a generator, with changes to the default settings of the losses."""
    return build_generator(8, kind).loss_terms(output, labels, LossSettings(**settings), random or seeded())


def total_of(terms: dict[str, Tensor]) -> Tensor:
    return terms["boundary"] + 10 * terms["regression"] + terms["classification"]
