"""A whole training step of either generator: forward pass, losses, backward pass, Adam."""

from functools import partial

import numpy as np
import torch

from benchmarks.case import Run
from bsnpp.models.build import Generator, build_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.settings import GeneratorSettings
from bsnpp.training.data import Batch
from bsnpp.training.labels import boundary_labels, confidence_labels
from bsnpp.training.objective import Objective
from bsnpp.training.settings import TrainingSettings
from tests.reference.boundary_matching import sampling_mask
from tests.reference.dense_generators import generator_output

CHANNELS = 400
"""Channels of the features: two streams with the 200 classes of ActivityNet."""


def _scale(quick: bool) -> int:
    return 10 if quick else 100


def _generator(settings: GeneratorSettings, quick: bool) -> Generator:
    """Build a generator at the paper's widths, or a narrow one at smoke size."""
    if quick:
        matching = settings.matching.model_copy(update={"bins": 4, "input_channels": 8, "filters": 8})
        settings = settings.model_copy(update={"base_channels": 8, "matching": matching})
    torch.manual_seed(0)
    return build_generator(CHANNELS, settings)


def _batch(settings: GeneratorSettings, batch: int, quick: bool) -> Batch:
    """Make random features, and labels of two instances per video."""
    generator, scale = np.random.default_rng(0), _scale(quick)
    videos = [np.sort(generator.random((2, 2)), axis=1) for _ in range(batch)]
    grid = settings.grid(scale)
    return Batch(
        [f"video{number}" for number in range(batch)],
        torch.randn(batch, CHANNELS, scale),
        torch.from_numpy(np.stack([boundary_labels(one, scale) for one in videos])),
        torch.from_numpy(np.stack([confidence_labels(one, grid) for one in videos])),
    )


def _step(model: Generator, batch: Batch, fused: bool) -> Run:
    """Return a function that takes one step on the same batch."""
    settings = TrainingSettings()
    objective = Objective(settings, ComputeSettings(), model.settings.grid(batch.features.shape[-1]))
    optimiser = torch.optim.Adam(model.parameters(), weight_decay=settings.weight_decay, fused=fused)
    draws = torch.Generator().manual_seed(0)

    def run() -> None:
        loss = objective.total(model, objective.terms(model, batch, draws))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    return run


def fast_step(quick: bool, settings: GeneratorSettings, batch: int) -> Run:
    """Take a step as training does."""
    return _step(_generator(settings, quick), _batch(settings, batch, quick), fused=True)


def slow_step(quick: bool, settings: GeneratorSettings, batch: int) -> Run:
    """Take a step with the dense generator and the default Adam of torch."""
    model = _generator(settings, quick)
    mask = sampling_mask(_scale(quick), model.settings.matching).float()
    model.forward = partial(generator_output, model, mask=mask, masked=False)  # type: ignore[method-assign]
    return _step(model, _batch(settings, batch, quick), fused=False)
