"""The benchmark cases: bsnpp and the textbook implementation in tests/reference on the same input."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from benchmarks.case import Case, Run
from benchmarks.step_cases import fast_step, slow_step
from bsnpp.core.grid import ProposalGrid
from bsnpp.detection.suppression.settings import NMSSettings
from bsnpp.detection.suppression.soft_nms import soft_nms
from bsnpp.detection.suppression.soft_nms_numba import soft_nms as soft_nms_numba
from bsnpp.evaluation.detection import evaluate_detections
from bsnpp.models.boundary_matching import BoundaryMatching
from bsnpp.models.labels import boundary_labels, confidence_labels
from bsnpp.models.proposal_relation import PositionAttention
from bsnpp.models.settings import BMNSettings, BSNPPSettings, GeneratorSettings, MatchingSettings
from tests.reference import boundary_matching as textbook_matching
from tests.reference import evaluation as textbook_evaluation
from tests.reference import labels as textbook_labels
from tests.reference import proposal_relation as textbook_relation
from tests.reference import soft_nms as textbook_nms

BMN_BATCH = 16
"""Batch size of BMN, as published; the textbook takes 8 GB."""

BSNPP_BATCH = 4
"""Batch size of BSN++; the textbook takes 7 GB."""


def _matching(batch: int, quick: bool) -> tuple[Tensor, BoundaryMatching]:
    settings = MatchingSettings(bins=4, input_channels=8, filters=8) if quick else MatchingSettings()
    torch.manual_seed(0)
    shape = batch, settings.input_channels, 10 if quick else 100
    return torch.randn(shape, requires_grad=True), BoundaryMatching(settings)


def fast_matching(quick: bool, batch: int) -> Run:
    """Run forward and backward through BoundaryMatching."""
    sequence, layer = _matching(batch, quick)
    grid = ProposalGrid(sequence.shape[-1])
    return lambda: layer(sequence, grid).sum().backward()


def slow_matching(quick: bool, batch: int) -> Run:
    """Do the same with a dense mask and a three-dimensional convolution over N."""
    sequence, layer = _matching(batch, quick)
    mask = textbook_matching.sampling_mask(sequence.shape[-1], layer.settings).float()
    return lambda: (
        textbook_matching.boundary_matching(sequence, mask, layer.weight, layer.bias).sum().backward()
    )


def _attention(cells: int, channels: int) -> tuple[Tensor, PositionAttention]:
    torch.manual_seed(0)
    return torch.randn(1, cells, channels, requires_grad=True), PositionAttention(128, scaled=False)


def fast_attention(quick: bool) -> Run:
    """Reduce proposal features from 512 channels, then attend, over the valid cells only."""
    features, layer = _attention(len(ProposalGrid(10 if quick else 100)), 512)
    reduce = nn.Linear(512, 128)
    return lambda: layer(reduce(features)).sum().backward()


def slow_attention(quick: bool) -> Run:
    """Attend first, then reduce, as in the paper, over all D x T cells."""
    features, layer = _attention((10 if quick else 100) ** 2, 512)
    attend = textbook_relation.printed_position_attention
    reduce = nn.Linear(512, 128)
    return lambda: attend(layer, reduce, features).sum().backward()


def fast_reduced_attention(quick: bool) -> Run:
    """Run the attention on features that are already reduced."""
    features, layer = _attention(len(ProposalGrid(10 if quick else 100)), 128)
    return lambda: layer(features).sum().backward()


def slow_reduced_attention(quick: bool) -> Run:
    """Do the same over all cells with the full attention matrix."""
    features, layer = _attention((10 if quick else 100) ** 2, 128)

    def run() -> None:
        queries, keys, values = layer.receiver(features), layer.sender(features), layer.value(features)
        attended = textbook_relation.position_attention(queries, keys, values)
        (features + layer.gain * attended).sum().backward()

    return run


def _instances(quick: bool) -> tuple[int, list[np.ndarray]]:
    """Return T and the instances of every video of a batch as shares (n, 2)."""
    generator = np.random.default_rng(0)
    videos = 2 if quick else 16
    return 10 if quick else 100, [np.sort(generator.random((2, 2)), axis=1) for _ in range(videos)]


def fast_labels(quick: bool) -> Run:
    """Compute the boundary and confidence labels of a batch."""
    scale, videos = _instances(quick)
    grid = ProposalGrid(scale)
    return lambda: [(boundary_labels(one, scale, "paper"), confidence_labels(one, grid)) for one in videos]


def slow_labels(quick: bool) -> Run:
    """Do the same one cell and one proposal at a time."""
    scale, videos = _instances(quick)
    return lambda: [textbook_labels.labels_by_cell(one, scale, "paper") for one in videos]


def nms(quick: bool, select: Callable[..., object]) -> Run:
    """Run Soft-NMS on all proposals of one video and keep 100."""
    segments = ProposalGrid(10 if quick else 100).segments
    scores = np.random.default_rng(0).random(len(segments))
    return lambda: select(segments, scores, NMSSettings.model_validate("bmn"), 100)


def _tables(quick: bool) -> tuple[pd.DataFrame, pd.DataFrame, list[float]]:
    """Return instances, detections and tIoU thresholds: 20 classes, 50 detections per video."""
    generator = np.random.default_rng(0)
    videos, classes = (4, 2) if quick else (200, 20)

    def table(rows: int) -> pd.DataFrame:
        start = generator.uniform(0, 80, rows)
        return pd.DataFrame(
            {
                "video": generator.integers(videos, size=rows).astype(str),
                "start": start,
                "end": start + generator.uniform(1, 40, rows),
                "label": generator.integers(classes, size=rows).astype(str),
            }
        )

    detections = table(50 * videos)
    detections["score"] = generator.random(len(detections))
    return table(2 * videos), detections, [0.5 + 0.05 * step for step in range(10)]


def fast_evaluation(quick: bool) -> Run:
    """Compute the mAP of tables."""
    return partial(evaluate_detections, *_tables(quick))


def slow_evaluation(quick: bool) -> Run:
    """Do the same with loops over lists of tuples."""
    instances, detections, thresholds = _tables(quick)
    columns = ["video", "label", "score", "start", "end"]
    rows = list(instances.itertuples(index=False, name=None))
    predictions = list(detections[columns].itertuples(index=False, name=None))
    return partial(textbook_evaluation.textbook_map, rows, predictions, thresholds)


def _step_case(name: str, settings: GeneratorSettings, batch: int) -> Case:
    """Make the case of a whole training step."""
    given = {"settings": settings, "batch": batch}
    return Case(name, partial(fast_step, **given), partial(slow_step, **given), 3)


CASES = [
    Case("matching_b1", partial(fast_matching, batch=1), partial(slow_matching, batch=1), 7),
    Case("matching_b8", partial(fast_matching, batch=8), partial(slow_matching, batch=8), 3),
    _step_case("bmn_step", BMNSettings(), BMN_BATCH),
    Case("attention", fast_attention, slow_attention, 7),
    Case("attention_reduced", fast_reduced_attention, slow_reduced_attention, 7),
    _step_case("bsnpp_step", BSNPPSettings(), BSNPP_BATCH),
    Case("labels", fast_labels, slow_labels, 7),
    Case("soft_nms", partial(nms, select=soft_nms), partial(nms, select=textbook_nms.soft_nms), 7),
    Case(
        "soft_nms_numba", partial(nms, select=soft_nms_numba), partial(nms, select=textbook_nms.soft_nms), 7
    ),
    Case("evaluation", fast_evaluation, slow_evaluation, 7),
]
