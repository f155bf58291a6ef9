"""Training and inference of a generator on simulated features, as timed by `full_challenge.py`."""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.grid import ProposalGrid
from bsnpp.core.segments import Shares
from bsnpp.inference.predict import predict_maps
from bsnpp.models.base import Generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.labels import boundary_labels, confidence_labels
from bsnpp.models.settings import BSNPPSettings
from bsnpp.training.data import Batch
from bsnpp.training.objective import batch_loss
from bsnpp.training.settings import TrainingSettings


@dataclass(frozen=True)
class Data:
    """Simulated videos on the device: features (N, C, T), labels (N, 2, T) and (N, V)."""

    grid: ProposalGrid
    features: Tensor
    boundary: Tensor
    iou: Tensor

    def batches(self, size: int) -> Iterator[Batch]:
        """Yield shuffled batches forever, gathered on the device; incomplete batches are dropped."""
        while True:
            order = torch.randperm(len(self.features), device=self.features.device)
            for chosen in order[: len(order) // size * size].view(-1, size):
                labels = {"boundary": self.boundary[chosen], "iou": self.iou[chosen]}
                yield Batch([], self.grid, self.features[chosen], labels)


def simulate(arguments: argparse.Namespace) -> Data:
    """Make random features, and labels of one to three instances per video."""
    random = np.random.default_rng(0)
    grid = BSNPPSettings().grid(arguments.scale)
    instances = [
        Shares(np.sort(random.random((random.integers(1, 4), 2)), axis=1)) for _ in range(arguments.videos)
    ]
    generator = torch.Generator(arguments.device).manual_seed(0)
    shape = arguments.videos, arguments.channels, arguments.scale
    return Data(
        grid,
        torch.randn(shape, device=arguments.device, generator=generator),
        _on(arguments.device, [boundary_labels(one, arguments.scale, "paper") for one in instances]),
        _on(arguments.device, [confidence_labels(one, grid) for one in instances]),
    )


def _on(device: str, arrays: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(arrays)).to(device)


def seconds(run: Callable[[], object], device: str) -> float:
    """Return the wall time of a run [s], with the device synchronised before and after."""
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    wait()
    begin = time.perf_counter()
    run()
    wait()
    return time.perf_counter() - begin


def trainer(model: Generator, data: Data, arguments: argparse.Namespace) -> Callable[[int], None]:
    """Return a function that takes training steps, including loading and the sampling of proposals."""
    settings, batches = TrainingSettings(), data.batches(arguments.batch)
    compute = ComputeSettings(device=arguments.device, precision=arguments.precision)
    optimiser = torch.optim.Adam(model.parameters(), weight_decay=settings.weight_decay, fused=True)
    draws = torch.Generator(arguments.device).manual_seed(0)
    model.train()

    def take(steps: int) -> None:
        for batch in islice(batches, steps):
            loss, _ = batch_loss(model, batch, settings, compute, draws)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()

    return take


def inference_seconds(model: Generator, scale: int, arguments: argparse.Namespace) -> float:
    """Return the time to predict the maps of all videos at a scale, with transfers, without writing [s]."""
    features = np.random.default_rng(0).standard_normal(
        (arguments.batch, arguments.channels, scale), dtype=np.float32
    )
    steps = -(-arguments.inference_videos // arguments.batch)

    def predict(count: int) -> None:
        for _ in range(count):
            predict_maps(model, features, arguments.device, arguments.precision)

    predict(arguments.warm_up)
    timed = steps if arguments.full else min(arguments.steps, steps)
    return seconds(lambda: predict(timed), arguments.device) * steps / timed
