"""Training and inference of a generator on simulated features: what `full_challenge.py` times."""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from bsnpp.inference.predict import predict_maps
from bsnpp.models.base import GeneratorOutput
from bsnpp.models.bsnpp import BSNPP
from bsnpp.models.build import Generator
from bsnpp.models.settings import BSNPPSettings
from bsnpp.training.labels import boundary_labels, confidence_labels
from bsnpp.training.losses import bmn_terms, bsnpp_terms
from bsnpp.training.resampling import scale_regions
from bsnpp.training.settings import ResamplingSettings, TrainingSettings


@dataclass(frozen=True)
class Data:
    """Simulated videos on the device: features (N, C, T), labels (N, 2, T) and (N, V)."""

    features: Tensor
    boundary: Tensor
    iou: Tensor

    def batches(self, size: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Shuffled videos without end, gathered on the device; a rest that fills no batch is left out."""
        while True:
            order = torch.randperm(len(self.features), device=self.features.device)
            for chosen in order[: len(order) // size * size].view(-1, size):
                yield self.features[chosen], self.boundary[chosen], self.iou[chosen]


def simulate(arguments: argparse.Namespace) -> Data:
    """Random features, and one to three instances a video."""
    random = np.random.default_rng(0)
    grid = BSNPPSettings().grid(arguments.scale)
    instances = [np.sort(random.random((random.integers(1, 4), 2)), axis=1) for _ in range(arguments.videos)]
    generator = torch.Generator(arguments.device).manual_seed(0)
    shape = arguments.videos, arguments.channels, arguments.scale
    return Data(
        torch.randn(shape, device=arguments.device, generator=generator),
        _on(arguments.device, [boundary_labels(found, arguments.scale) for found in instances]),
        _on(arguments.device, [confidence_labels(found, grid) for found in instances]),
    )


def _on(device: str, arrays: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(arrays)).to(device)


def seconds(run: Callable[[], object], device: str) -> float:
    """Wall time of a run, the device's queue worked off before and after."""
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    wait()
    begin = time.perf_counter()
    run()
    wait()
    return time.perf_counter() - begin


def autocast(arguments: argparse.Namespace) -> torch.autocast:
    """The precision that was asked for."""
    enabled = arguments.precision == "bfloat16"
    return torch.autocast(arguments.device, torch.bfloat16, enabled=enabled)


def trainer(model: Generator, data: Data, arguments: argparse.Namespace) -> Callable[[int], None]:
    """A function that takes some steps of training, loading and drawing of proposals included."""
    settings, batches = TrainingSettings(), data.batches(arguments.batch)
    optimiser = torch.optim.Adam(model.parameters(), weight_decay=settings.weight_decay)
    draws = torch.Generator(arguments.device).manual_seed(0)
    region = scale_regions(model.settings.grid(arguments.scale)).to(arguments.device)
    model.train()

    def loss(features: Tensor, boundary: Tensor, iou: Tensor) -> Tensor:
        with autocast(arguments):
            output = model(features)
        output = GeneratorOutput([x.float() for x in output.boundary], [x.float() for x in output.confidence])
        beta = settings.confidence_weight
        if isinstance(model, BSNPP):
            terms = bsnpp_terms(output, boundary, iou, region, ResamplingSettings(), draws)
            return terms.boundary + beta * (terms.regression + terms.classification)
        terms = bmn_terms(output, boundary, iou, False, draws)
        return terms.boundary + beta * terms.regression + terms.classification

    def take(steps: int) -> None:
        for batch in islice(batches, steps):
            optimiser.zero_grad(set_to_none=True)
            loss(*batch).backward()
            optimiser.step()

    return take


def inference_seconds(model: Generator, scale: int, arguments: argparse.Namespace) -> float:
    """Seconds to predict the maps of all videos at a scale, transfers included, without writing them."""
    features = np.random.default_rng(0).standard_normal(
        (arguments.batch, arguments.channels, scale), dtype=np.float32
    )
    steps = -(-arguments.inference_videos // arguments.batch)

    def predict(count: int) -> None:
        with autocast(arguments):
            for _ in range(count):
                predict_maps(model, features, arguments.device)

    predict(arguments.warm_up)
    timed = steps if arguments.full else min(arguments.steps, steps)
    return seconds(lambda: predict(timed), arguments.device) * steps / timed
