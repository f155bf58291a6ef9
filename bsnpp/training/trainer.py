"""The training loop.

All random draws come from generators that are seeded by the seed of the run and the epoch, and some also by
the batch. A training that resumes from a checkpoint therefore ends with the same bits. A checkpoint is
written after every epoch, and between two batches if a stop was requested.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.models.build import build_generator
from bsnpp.models.compute import ComputeSettings
from bsnpp.models.device import prepare_training
from bsnpp.models.loss_settings import LossSettings
from bsnpp.models.settings import ProposalSettings
from bsnpp.training.augmentation import reverse_some
from bsnpp.training.averaging import averaged, mean_state, with_this_epoch
from bsnpp.training.checkpoint import Progress, State, load_checkpoint, save_checkpoint
from bsnpp.training.data import Batch, TrainingData
from bsnpp.training.interruption import Stopped
from bsnpp.training.metrics import Metrics, RunningMean
from bsnpp.training.mixed_scales import mixed_batches, with_same_videos
from bsnpp.training.objective import batch_loss
from bsnpp.training.settings import TrainingSettings

log = logging.getLogger("bsnpp")


class Trainer:
    """Trains one generator.

    Parameters
    ----------
    model_settings : ProposalSettings
        Architecture and widths.
    settings : TrainingSettings
        Schedule, batch size and losses.
    compute : ComputeSettings
        Device, threads, precision and seed.
    data : TrainingData
        Training videos.
    validation : TrainingData, optional
        Videos whose loss selects the best epoch; without them the last epoch is kept.
    further : sequence of TrainingData
        The training videos at further numbers of cells.
    start : dict, optional
        Initial weights, of a model trained on the pre-training set; random without them.
    resident_gib : float
        Limit for the features of a subset in main memory [GiB].

    Raises
    ------
    UserError
        If the device is not available, or the training videos differ between numbers of cells.
    """

    def __init__(
        self,
        model_settings: ProposalSettings,
        settings: TrainingSettings,
        compute: ComputeSettings,
        data: TrainingData,
        validation: TrainingData | None = None,
        further: Sequence[TrainingData] = (),
        start: State | None = None,
        resident_gib: float = 1.0,
    ) -> None:
        prepare_training(compute.device)
        torch.set_num_threads(compute.threads)
        torch.manual_seed(compute.seed)
        self.settings, self.compute = settings, compute
        self.data, self.validation, self.scales = data, validation, with_same_videos([data, *further])
        self.model = build_generator(data.store.channels, model_settings)
        if start is not None:
            self.model.load_state_dict(start)
        self.model.to(compute.device)
        if compute.compile:
            self.model.compile()
        weights = self.model.parameters()
        self.optimiser = torch.optim.Adam(weights, weight_decay=settings.weight_decay, fused=True)
        self.draws, self.progress = torch.Generator(compute.device), Progress()
        self.waited = 0.0  # seconds in the current epoch
        for subset in (*self.scales, validation):
            if subset is not None:
                subset.place(compute.device, resident_gib)

    @property
    def batches(self) -> int:
        """Number of batches per epoch, including those of validation."""
        size = self.settings.batch_size
        return sum(len(data.parts(size)) for data in (self.data, self.validation) if data is not None)

    def run(
        self,
        checkpoint: Path,
        digest: str,
        on_epoch: Callable[[Metrics], None] = lambda metrics: None,
        on_batch: Callable[[int, int], None] = lambda epoch, batches: None,
    ) -> list[Metrics]:
        """Train to the last epoch, from the checkpoint if there is one with the same digest.

        Parameters
        ----------
        checkpoint : Path
            Written after every epoch. A file with another digest is ignored and then overwritten.
        digest : str
            Digest of settings, code and inputs.
        on_epoch : callable
            Called with the metrics of every epoch when it ends.
        on_batch : callable
            Called after every batch with the epoch (0, 1, ...) and the number of its batches done so far. It
            may raise `Stopped`; a checkpoint is then written before the exception is passed on.

        Returns
        -------
        list of dict
            Metrics of every epoch; the model then has the selected weights.

        Raises
        ------
        UserError
            If the checkpoint is damaged, or a loss is not finite.
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
        elif self.progress.recent:
            self.model.load_state_dict(mean_state(self.progress.recent))
        return self.progress.metrics

    def _epoch(self, epoch: int, on_batch: Callable[[int], None]) -> None:
        begin, self.waited = time.monotonic(), 0.0
        rate = self.settings.learning_rate(epoch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        metrics = {"epoch": float(epoch + 1), "learning_rate": rate}
        self._learn(epoch, on_batch)
        metrics |= {f"train_{name}": value for name, value in self.progress.learned.result().items()}
        recent = with_this_epoch(self.progress.recent, self.model, self.settings.averaged_epochs)
        with averaged(self.model, recent):
            if self.validation is not None:
                losses = self.validate(self.validation, on_batch)
                metrics |= {f"validation_{name}": value for name, value in losses.items()}
                if self.settings.select == "best" and losses["total"] < self.progress.best_loss:
                    self.progress.best_loss = losses["total"]
                    self.progress.best_state = deepcopy(self.model.state_dict())
        metrics["waiting_share"] = self.waited / (time.monotonic() - begin)
        self.progress.metrics.append(metrics)
        self.progress.recent = recent
        self.progress.learned = RunningMean()

    def _learn(self, epoch: int, on_batch: Callable[[int], None]) -> None:
        self.model.train()
        learned, seed = self.progress.learned, self.compute.seed * 100_003 + epoch
        if not learned.batches:
            self.draws.manual_seed(seed)
        shuffle = torch.Generator().manual_seed(seed)
        size, device = self.settings.batch_size, self.compute.device
        for batch in self._timed(mixed_batches(self.scales, size, device, shuffle, learned.batches)):
            batch_seed = seed + 1_000_003 * learned.batches
            if self.settings.reversal:
                batch = reverse_some(batch, self.settings.reversal, type(self.model), batch_seed)
            torch.manual_seed(batch_seed)  # for dropout
            loss, losses = self._loss(batch, self.settings)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            learned.add(losses, len(batch.videos))
            on_batch(learned.batches)

    @torch.no_grad()
    def validate(self, data: TrainingData, on_batch: Callable[[int], None] = lambda batches: None) -> Metrics:
        """Return the mean losses of the current weights on a subset, with expected sampling weights.

        Parameters
        ----------
        data : TrainingData
            The subset.
        on_batch : callable
            Called after every batch with the number of batches of the epoch done so far.

        Raises
        ------
        UserError
            If a loss is not finite.
        """
        self.model.eval()
        mean, settings = RunningMean(), self.settings.expecting()
        for batch in self._timed(data.batches(self.settings.batch_size, self.compute.device)):
            _, losses = self._loss(batch, settings)
            mean.add(losses, len(batch.videos))
            on_batch(self.progress.learned.batches + mean.batches)
        return mean.result()

    def _loss(self, batch: Batch, settings: LossSettings) -> tuple[Tensor, Metrics]:
        """Return the total loss of a batch, and its terms and total as numbers.

        The numbers are fetched from the device in one transfer.
        """
        loss, terms = batch_loss(self.model, batch, settings, self.compute, self.draws)
        tensors = {**terms, "total": loss}
        losses = dict(zip(tensors, torch.stack(list(tensors.values())).tolist(), strict=True))
        if not math.isfinite(losses["total"]):
            epoch = len(self.progress.metrics) + 1
            raise UserError(
                f"the loss became {losses['total']} in epoch {epoch} on the videos {batch.videos}: "
                "check their features, or lower the learning rate"
            )
        return loss, losses

    def _timed(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield the batches, and add the time spent waiting for them to `waited`."""
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
        loaded = load_checkpoint(path, digest, self.compute.device)
        if loaded is None:
            return
        self.progress, states = loaded
        self.model.load_state_dict(states["model"])
        self.optimiser.load_state_dict(states["optimiser"])
        self.draws.set_state(states["draws"].cpu())
        done, batches = len(self.progress.metrics), self.progress.learned.batches
        log.info("resuming from %s after %d epochs and %d batches", path, done, batches)
