"""Features and labels of one subset, batch by batch."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.core.segments import Shares
from bsnpp.models.build import network_class
from bsnpp.models.labels import VideoInstances
from bsnpp.models.settings import ProposalSettings
from bsnpp.stores.features import FeatureStore
from bsnpp.stores.tables import read_table
from bsnpp.training.instances import instances_by_video

log = logging.getLogger("bsnpp")


@dataclass(frozen=True)
class Batch:
    """Some videos of a subset.

    Attributes
    ----------
    videos : list of str
        B ids.
    grid : ProposalGrid
        T cells and V proposals of the videos.
    features : Tensor (B, C, T)
        Rescaled features.
    labels : dict of str to Tensor (B, ...)
        Labels by name, as the generator defines them (`bsnpp.models.base.Generator.labels`).
    """

    videos: list[str]
    grid: ProposalGrid
    features: Tensor
    labels: dict[str, Tensor]


class TrainingData:
    """Features of one subset, read when they are needed, and their labels, computed once.

    Parameters
    ----------
    store : FeatureStore
        Rescaled features.
    grid : ProposalGrid
        T cells and V proposals of the generator.
    instances : dict of str to VideoInstances
        Annotated instances of each video; a video that is missing has none.
    label : callable
        Returns the labels of a video by name, arrays of the same shapes and types for every video.

    Raises
    ------
    UserError
        If the store holds no video.
    """

    def __init__(
        self,
        store: FeatureStore,
        grid: ProposalGrid,
        instances: dict[str, VideoInstances],
        label: Callable[[VideoInstances, ProposalGrid], dict[str, np.ndarray]],
    ) -> None:
        if not store.videos:
            raise UserError(f"{store.path}: holds no video; check the subset in the annotations")
        self.store = store
        self.grid = grid
        self.labels: dict[str, np.ndarray] = {}
        none = VideoInstances(Shares(np.zeros((0, 2))))
        for index, video in enumerate(store.videos):
            for name, values in label(instances.get(video, none), grid).items():
                if name not in self.labels:
                    self.labels[name] = np.empty((len(store.videos), *values.shape), values.dtype)
                self.labels[name][index] = values
        self.resident: Tensor | None = None

    @classmethod
    def load(
        cls, features: str, videos: str, instances: str, model: ProposalSettings, boundary_region: str
    ) -> Self:
        """Open the files of one subset for a generator.

        Parameters
        ----------
        features : str
            File of rescaled features.
        videos, instances : str
            Tables of the videos and of their instances.
        model : ProposalSettings
            The generator, which defines proposals and labels.
        boundary_region : {"paper", "bsn", "bmn"}
            Width of the boundary regions.

        Raises
        ------
        UserError
            If a file is missing or invalid, or the subset holds no video.
        """
        store = FeatureStore(features)
        by_video = instances_by_video(read_table(videos), read_table(instances))
        network = network_class(model)

        def label(annotated: VideoInstances, grid: ProposalGrid) -> dict[str, np.ndarray]:
            return network.labels(annotated, grid, boundary_region)

        return cls(store, model.grid(store.scale), by_video, label)

    def __len__(self) -> int:
        """Return N, the number of videos."""
        return len(self.store.videos)

    def place(self, device: str, limit_gib: float) -> None:
        """Keep all features on the device if they fit; otherwise batches are read from the file.

        Parameters
        ----------
        device : str
            On a GPU, features may take half of the free memory.
        limit_gib : float
            Limit for features in main memory [GiB].
        """
        size = 4 * len(self) * self.store.channels * self.store.scale
        limit = torch.cuda.mem_get_info()[0] / 2 if device == "cuda" else limit_gib * 2**30
        fits = size <= limit
        if fits:
            self.resident = torch.from_numpy(self.store.read_all()).to(device)
        log.info(
            "%s: %.3f GiB of features, limit %.3f GiB (%s): %s",
            self.store.path.name,
            size / 2**30,
            limit / 2**30,
            device,
            "kept in memory" if fits else "streamed from the file",
        )

    def parts(self, size: int, generator: torch.Generator | None = None) -> list[np.ndarray]:
        """Return the indices of the videos of every batch.

        A single video that is left over joins the batch before it, because batch normalisation needs more
        than one.

        Parameters
        ----------
        size : int
            Videos per batch.
        generator : torch.Generator, optional
            Shuffles the videos; without it they keep the order of the file.

        Returns
        -------
        list of ndarray (B,) int64
            Ascending inside a batch.
        """
        order = torch.randperm(len(self), generator=generator) if generator else torch.arange(len(self))
        parts = list(order.split(size))
        if size > 1 and len(parts) > 1 and len(parts[-1]) == 1:
            parts[-2:] = [torch.cat(parts[-2:])]
        return [np.sort(part.numpy()) for part in parts]

    def batches(
        self, size: int, device: str, generator: torch.Generator | None = None, skip: int = 0
    ) -> Iterator[Batch]:
        """Yield every video once, in the batches of `parts` without the first `skip`, on the device."""
        return self.of_parts(self.parts(size, generator)[skip:], device)

    def of_parts(self, parts: list[np.ndarray], device: str) -> Iterator[Batch]:
        """Yield the batches of videos with the given indices, on the device."""
        for index, features in zip(parts, self._features(parts, device), strict=True):
            labels = {name: torch.from_numpy(rows[index]).to(device) for name, rows in self.labels.items()}
            yield Batch([self.store.videos[i] for i in index], self.grid, features, labels)

    def _features(self, parts: list[np.ndarray], device: str) -> Iterator[Tensor]:
        """Yield the features (B, C, T) of every batch; those in the file are read one batch ahead."""
        resident = self.resident
        if resident is not None:
            return (resident[torch.from_numpy(index).to(device)] for index in parts)
        return (torch.from_numpy(values).to(device) for values in self.store.read_ahead(parts))
