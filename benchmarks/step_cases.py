"""A whole training step of either generator: forward pass, losses, backward pass, Adam."""

from functools import partial

import numpy as np
import torch

from benchmarks.case import Run
from bsnpp.core.segments import Shares
from bsnpp.models.base import Generator
from bsnpp.models.build import build_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.labels import VideoInstances
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.data import Batch
from bsnpp.training.objective import batch_loss
from bsnpp.training.settings import TrainingSettings
from tests.reference.boundary_matching import sampling_mask
from tests.reference.dense_generators import generator_output

CHANNELS = 400
"""Channels of the features: two streams with the 200 classes of ActivityNet."""


def _scale(quick: bool) -> int:
    return 10 if quick else 100


def _generator(settings: ProposalSettings, quick: bool) -> Generator:
    """Build a generator at the paper's widths, or a narrow one at smoke size."""
    if quick:
        matching = settings.matching.model_copy(update={"bins": 4, "input_channels": 8, "filters": 8})
        settings = settings.model_copy(update={"base_channels": 8, "matching": matching})
    torch.manual_seed(0)
    return build_generator(CHANNELS, settings)


def _batch(model: Generator, batch: int, quick: bool) -> Batch:
    """Make random features, and labels of two instances per video."""
    generator, scale = np.random.default_rng(0), _scale(quick)
    videos = [Shares(np.sort(generator.random((2, 2)), axis=1)) for _ in range(batch)]
    grid = model.settings.grid(scale)
    labels = [model.labels(VideoInstances(segments), grid, "paper") for segments in videos]
    return Batch(
        [f"video{number}" for number in range(batch)],
        grid,
        torch.randn(batch, CHANNELS, scale),
        {name: torch.from_numpy(np.stack([video[name] for video in labels])) for name in labels[0]},
    )


def _step(model: Generator, batch: Batch, fused: bool) -> Run:
    """Return a function that takes one step on the same batch."""
    settings, compute = TrainingSettings(), ComputeSettings()
    optimiser = torch.optim.Adam(model.parameters(), weight_decay=settings.weight_decay, fused=fused)
    draws = torch.Generator().manual_seed(0)

    def run() -> None:
        loss, _ = batch_loss(model, batch, settings, compute, draws)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    return run


def fast_step(quick: bool, settings: ProposalSettings, batch: int) -> Run:
    """Take a step as training does."""
    model = _generator(settings, quick)
    return _step(model, _batch(model, batch, quick), fused=True)


def slow_step(quick: bool, settings: ProposalSettings, batch: int) -> Run:
    """Take a step with the dense generator and the default Adam of torch."""
    model = _generator(settings, quick)
    mask = sampling_mask(_scale(quick), model.settings.matching).float()
    model.forward = partial(generator_output, model, mask=mask, masked=False)  # type: ignore[method-assign]
    return _step(model, _batch(model, batch, quick), fused=False)
