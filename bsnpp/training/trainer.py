"""The training loop of both generators.

Everything random in an epoch comes from a generator seeded by (seed, epoch) alone, so a checkpoint at
the end of each epoch is all that is needed to go on after a kill and end with the same bits.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bsnpp.errors import UserError
from bsnpp.files import whole_file
from bsnpp.models.bsnpp import BSNPP
from bsnpp.models.build import Generator, build_generator
from bsnpp.models.settings import GeneratorSettings
from bsnpp.training.data import Batch, TrainingData
from bsnpp.training.losses import LossTerms, bmn_terms, bsnpp_terms
from bsnpp.training.resampling import scale_regions
from bsnpp.training.settings import ComputeSettings, TrainingSettings

Metrics = dict[str, float]
State = dict[str, Tensor]


@dataclass
class Progress:
    """What a checkpoint holds beside the model and the optimiser."""

    metrics: list[Metrics] = field(default_factory=list)
    best_loss: float = float("inf")
    best_state: State | None = None


class Trainer:
    """Trains one generator.

    Parameters
    ----------
    model_settings : GeneratorSettings
        Architecture and widths.
    settings : TrainingSettings
        Schedule, batch and losses.
    compute : ComputeSettings
        Device, threads and seed.
    data : TrainingData
        What is learned from.
    validation : TrainingData, optional
        By whose loss the best epoch is chosen; without it the last epoch is kept.
    start : dict, optional
        Weights to start from (of a model trained on the pre-training set); a fresh model without it.
    """

    def __init__(
        self,
        model_settings: GeneratorSettings,
        settings: TrainingSettings,
        compute: ComputeSettings,
        data: TrainingData,
        validation: TrainingData | None = None,
        start: State | None = None,
    ) -> None:
        torch.set_num_threads(compute.threads)
        torch.manual_seed(compute.seed)
        self.settings, self.compute = settings, compute
        self.data, self.validation = data, validation
        self.model: Generator = build_generator(data.store.channels, model_settings)
        if start is not None:
            self.model.load_state_dict(start)
        self.model.to(compute.device)
        self.optimiser = torch.optim.Adam(
            self.model.parameters(), weight_decay=settings.weight_decay, fused=True
        )
        self.region = scale_regions(data.grid).to(compute.device)
        self.progress = Progress()

    def run(
        self, checkpoint: Path, digest: str, on_epoch: Callable[[Metrics], None] = lambda metrics: None
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

        Returns
        -------
        list of dict
            A row for each epoch; the model then holds the weights that were chosen.
        """
        self._resume(checkpoint, digest)
        for epoch in range(len(self.progress.metrics), self.settings.epochs):
            self._epoch(epoch)
            self._save(checkpoint, digest)
            on_epoch(self.progress.metrics[-1])
        if self.progress.best_state is not None:
            self.model.load_state_dict(self.progress.best_state)
        return self.progress.metrics

    def _epoch(self, epoch: int) -> None:
        rate = self.settings.learning_rate(epoch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        metrics = {"epoch": float(epoch + 1), "learning_rate": rate}
        metrics |= {f"train_{name}": value for name, value in self._learn(epoch).items()}
        if self.validation is not None:
            losses = self._validate(self.validation)
            metrics |= {f"validation_{name}": value for name, value in losses.items()}
            if self.settings.select == "best" and losses["total"] < self.progress.best_loss:
                self.progress.best_loss = losses["total"]
                self.progress.best_state = deepcopy(self.model.state_dict())
        self.progress.metrics.append(metrics)

    def _learn(self, epoch: int) -> Metrics:
        self.model.train()
        shuffle = torch.Generator().manual_seed(self.compute.seed * 100_003 + epoch)
        draws = torch.Generator(self.compute.device).manual_seed(self.compute.seed * 100_003 + epoch)
        mean = _RunningMean()
        for batch in self.data.batches(self.settings.batch_size, self.compute.device, shuffle):
            terms = self._terms(batch, self.settings.resampling.expectation, draws)
            loss = self._total(terms)
            if not torch.isfinite(loss):
                raise UserError(
                    f"the loss became {loss.item()} in epoch {epoch + 1} on the videos {batch.videos}: "
                    "look at their features, or lower the learning rate"
                )
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            mean.add(terms, loss, len(batch.videos))
        return mean.result()

    @torch.no_grad()
    def _validate(self, data: TrainingData) -> Metrics:
        """Losses with the expected sampling weights: the same number for the same weights."""
        self.model.eval()
        mean = _RunningMean()
        unused = torch.Generator(self.compute.device)
        for batch in data.batches(self.settings.batch_size, self.compute.device):
            terms = self._terms(batch, True, unused)
            mean.add(terms, self._total(terms), len(batch.videos))
        return mean.result()

    def _terms(self, batch: Batch, expectation: bool, draws: torch.Generator) -> LossTerms:
        output = self.model(batch.features)
        if isinstance(self.model, BSNPP):
            resampling = self.settings.resampling.model_copy(update={"expectation": expectation})
            return bsnpp_terms(output, batch.boundary, batch.iou, self.region, resampling, draws)
        return bmn_terms(output, batch.boundary, batch.iou, expectation, draws)

    def _total(self, terms: LossTerms) -> Tensor:
        """Eq. 5, and BMN's sum; the L2 term is Adam's weight decay."""
        beta = self.settings.confidence_weight
        classification = beta if isinstance(self.model, BSNPP) else 1.0
        return terms.boundary + beta * terms.regression + classification * terms.classification

    def _save(self, path: Path, digest: str) -> None:
        state: dict[str, Any] = {
            "digest": digest,
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": vars(self.progress),
        }
        with whole_file(path) as temporary:
            torch.save(state, temporary)

    def _resume(self, path: Path, digest: str) -> None:
        if not path.exists():
            return
        try:
            state = torch.load(path, map_location=self.compute.device, weights_only=True)
        except Exception as error:  # torch raises many kinds for a file that is not one of its own
            raise UserError(f"{path}: a damaged checkpoint ({error}); delete it and run again") from error
        if state["digest"] == digest:
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.progress = Progress(**state["progress"])


class _RunningMean:
    """Means of the loss terms over videos."""

    def __init__(self) -> None:
        self.sums: Metrics = {}
        self.videos = 0

    def add(self, terms: LossTerms, total: Tensor, videos: int) -> None:
        for name, value in {**vars(terms), "total": total}.items():
            self.sums[name] = self.sums.get(name, 0.0) + float(value.detach()) * videos
        self.videos += videos

    def result(self) -> Metrics:
        return {name: value / self.videos for name, value in self.sums.items()}
