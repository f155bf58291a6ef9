"""The training loop of both generators.

Everything random in an epoch comes from generators seeded by (seed, epoch) alone, or by the batch too, so a
checkpoint at the end of each epoch is all that is needed to go on after a kill and end with the same bits. A
stop that was asked for writes one between two batches.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.models.build import Generator, build_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.device import check_device
from bsnpp.models.settings import GeneratorSettings
from bsnpp.training.checkpoint import (
    Metrics,
    Progress,
    RunningMean,
    State,
    Stopped,
    load_checkpoint,
    save_checkpoint,
)
from bsnpp.training.data import Batch, TrainingData
from bsnpp.training.objective import Objective
from bsnpp.training.settings import TrainingSettings

log = logging.getLogger("bsnpp")


class Trainer:
    """Trains one generator.

    Parameters
    ----------
    model_settings : GeneratorSettings
        Architecture and widths.
    settings : TrainingSettings
        Schedule, batch and losses.
    compute : ComputeSettings
        Device, threads, precision and seed.
    data : TrainingData
        What is learned from.
    validation : TrainingData, optional
        By whose loss the best epoch is chosen; without it the last epoch is kept.
    start : dict, optional
        Weights to start from (of a model trained on the pre-training set); a fresh model without it.
    resident_mib : int
        Main memory that the features of a subset may take, in MiB (`TrainingData.place`).
    """

    def __init__(
        self,
        model_settings: GeneratorSettings,
        settings: TrainingSettings,
        compute: ComputeSettings,
        data: TrainingData,
        validation: TrainingData | None = None,
        start: State | None = None,
        resident_mib: int = 1024,
    ) -> None:
        check_device(compute.device)
        torch.set_num_threads(compute.threads)
        torch.manual_seed(compute.seed)
        self.settings, self.compute = settings, compute
        self.data, self.validation = data, validation
        self.model: Generator = build_generator(data.store.channels, model_settings)
        if start is not None:
            self.model.load_state_dict(start)
        self.model.to(compute.device)
        if compute.compile:
            self.model.compile()
        self.optimiser = torch.optim.Adam(
            self.model.parameters(), weight_decay=settings.weight_decay, fused=True
        )
        self.objective = Objective(settings, compute, data.grid)
        self.draws = torch.Generator(compute.device)
        self.progress = Progress()
        self.waited = 0.0  # seconds of the present epoch
        for subset in (data, validation):
            if subset is not None:
                subset.place(compute.device, resident_mib / 1024)

    @property
    def batches(self) -> int:
        """Batches of an epoch, those of validation included."""
        size = self.settings.batch_size
        return sum(len(data.parts(size)) for data in (self.data, self.validation) if data is not None)

    def run(
        self,
        checkpoint: Path,
        digest: str,
        on_epoch: Callable[[Metrics], None] = lambda metrics: None,
        on_batch: Callable[[int, int], None] = lambda epoch, batches: None,
    ) -> list[Metrics]:
        """Train to the end, from the checkpoint if there is one with the same digest.

        Parameters
        ----------
        checkpoint : Path
            Written after every epoch. One of another digest is left aside.
        digest : str
            Of settings, code and inputs.
        on_epoch : callable
            Is told the metrics of every epoch as it ends.
        on_batch : callable
            Is told the epoch (0, 1, ...) and how many of its `batches` are done, after each. It may raise
            `Stopped`: then a checkpoint is written, and the exception goes on.

        Returns
        -------
        list of dict
            A row for each epoch; the model then holds the weights that were chosen.
        """
        self._resume(checkpoint, digest)
        for epoch in range(len(self.progress.metrics), self.settings.epochs):
            try:
                self._epoch(epoch, partial(on_batch, epoch))
            except Stopped:
                self._save(checkpoint, digest)
                raise
            self._save(checkpoint, digest)
            on_epoch(self.progress.metrics[-1])
        if self.progress.best_state is not None:
            self.model.load_state_dict(self.progress.best_state)
        return self.progress.metrics

    def _epoch(self, epoch: int, on_batch: Callable[[int], None]) -> None:
        begin, self.waited = time.monotonic(), 0.0
        rate = self.settings.learning_rate(epoch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        metrics = {"epoch": float(epoch + 1), "learning_rate": rate}
        self._learn(epoch, on_batch)
        metrics |= {f"train_{name}": value for name, value in self.progress.learned.result().items()}
        if self.validation is not None:
            losses = self._validate(self.validation, on_batch)
            metrics |= {f"validation_{name}": value for name, value in losses.items()}
            if self.settings.select == "best" and losses["total"] < self.progress.best_loss:
                self.progress.best_loss = losses["total"]
                self.progress.best_state = deepcopy(self.model.state_dict())
        metrics["waiting_share"] = self.waited / (time.monotonic() - begin)
        self.progress.metrics.append(metrics)
        self.progress.learned = RunningMean()

    def _learn(self, epoch: int, on_batch: Callable[[int], None]) -> None:
        self.model.train()
        learned, seed = self.progress.learned, self.compute.seed * 100_003 + epoch
        if not learned.batches:
            self.draws.manual_seed(seed)
        shuffle = torch.Generator().manual_seed(seed)
        size, device = self.settings.batch_size, self.compute.device
        for batch in self._served(self.data.batches(size, device, shuffle, learned.batches)):
            torch.manual_seed(seed + 1_000_003 * learned.batches)  # of dropout
            loss, losses = self._loss(batch)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            learned.add(losses, len(batch.videos))
            on_batch(learned.batches)

    @torch.no_grad()
    def _validate(
        self, data: TrainingData, on_batch: Callable[[int], None] = lambda batches: None
    ) -> Metrics:
        """Losses with the expected sampling weights: the same number for the same weights."""
        self.model.eval()
        mean = RunningMean()
        for batch in self._served(data.batches(self.settings.batch_size, self.compute.device)):
            _, losses = self._loss(batch, expectation=True)
            mean.add(losses, len(batch.videos))
            on_batch(self.progress.learned.batches + mean.batches)
        return mean.result()

    def _loss(self, batch: Batch, expectation: bool = False) -> tuple[Tensor, Metrics]:
        """The total of a batch, and its terms and total as numbers.

        A total that is no number ends the training with the batch's videos. The numbers are fetched from the
        device in one transfer.
        """
        terms = self.objective.terms(self.model, batch, self.draws, expectation)
        loss = self.objective.total(self.model, terms)
        tensors = {**vars(terms), "total": loss}
        losses = dict(zip(tensors, torch.stack(list(tensors.values())).tolist(), strict=True))
        if not math.isfinite(losses["total"]):
            epoch = len(self.progress.metrics) + 1
            raise UserError(
                f"the loss became {losses['total']} in epoch {epoch} on the videos {batch.videos}: "
                "look at their features, or lower the learning rate"
            )
        return loss, losses

    def _served(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The same batches; the time until each is there is added up."""
        while True:
            begin = time.monotonic()
            batch = next(batches, None)
            self.waited += time.monotonic() - begin
            if batch is None:
                return
            yield batch

    def _save(self, path: Path, digest: str) -> None:
        states = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "draws": self.draws.get_state(),
        }
        save_checkpoint(path, digest, self.progress, states)

    def _resume(self, path: Path, digest: str) -> None:
        found = load_checkpoint(path, digest, self.compute.device)
        if found is None:
            return
        self.progress, states = found
        self.model.load_state_dict(states["model"])
        self.optimiser.load_state_dict(states["optimiser"])
        self.draws.set_state(states["draws"].cpu())
        done, batches = len(self.progress.metrics), self.progress.learned.batches
        log.info("going on from %s: %d epochs and %d batches are done", path, done, batches)
