"""Features and labels of one subset, batch by batch."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import torch
from torch import Tensor

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid, begun_cells
from bsnpp.core.segments import Shares
from bsnpp.models.settings import ProposalSettings
from bsnpp.stores.features import FeatureStore
from bsnpp.stores.tables import read_table
from bsnpp.training.labels import IGNORED, boundary_labels, confidence_labels

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger("bsnpp")


def shares_by_video(videos: "pd.DataFrame", instances: "pd.DataFrame") -> dict[str, Shares]:
    """Instances of each video as shares of its extent, clamped to [0, 1]: video to float64 (M, 2).

    Parameters
    ----------
    videos : DataFrame[video, extent]
        Extents in seconds (conventions, section 3: the corrected duration).
    instances : DataFrame[video, start, end]
        Seconds.
    """
    extent = dict(zip(videos["video"], videos["extent"], strict=True))
    return {
        str(video): Shares(np.clip(rows[["start", "end"]].to_numpy(float) / extent[video], 0.0, 1.0))
        for video, rows in instances.groupby("video")
    }


def visible_by_video(instances: "pd.DataFrame") -> dict[str, np.ndarray]:
    """Which edges of the instances are boundaries, and not where a window cut them: video to bool (M, 2).

    Parameters
    ----------
    instances : DataFrame[video], with start_visible and end_visible (0 or 1) where they come from windows
        Without these columns every edge is visible. Rows in the order that `shares_by_video` got them.
    """
    columns = ["start_visible", "end_visible"]
    flags = instances.assign(**{name: 1 for name in columns if name not in instances})
    return {str(video): rows[columns].to_numpy(bool) for video, rows in flags.groupby("video")}


def covered_by_video(videos: "pd.DataFrame") -> dict[str, float]:
    """The share of each video that its recording covers, for the windows that are longer; the others miss.

    Parameters
    ----------
    videos : DataFrame[video, extent], with `covered` where they are windows
        Seconds.
    """
    if "covered" not in videos:
        return {}
    short = videos[videos["covered"] < videos["extent"]]
    return dict(zip(short["video"], short["covered"] / short["extent"], strict=True))


@dataclass(frozen=True)
class Batch:
    """Some videos: features (B, C, T), boundary labels (B, 2, T), confidence labels (B, V).

    Labels of cells and proposals that the losses leave out are `IGNORED`.
    """

    videos: list[str]
    features: Tensor
    boundary: Tensor
    iou: Tensor


class TrainingData:
    """Feature sequences of one subset, read as they are needed, with labels made once.

    Parameters
    ----------
    store : FeatureStore
        Rescaled features.
    segments : dict of str to ndarray (M, 2)
        Instances of each video as shares of it; a video without any has no positive label.
    boundary_region : str
        See `bsnpp.training.labels.region_half_width`.
    visible : dict of str to ndarray (M, 2) bool, optional
        Which edges of the instances have boundary labels; all by default.
    covered : dict of str to float, optional
        The share of a video that its recording covers, 1 by default. Cells that begin behind it are padding;
        these, and the proposals that hold one, are left out of the losses.
    durations : int, optional
        D, as the generator has it; T by default.
    """

    def __init__(
        self,
        store: FeatureStore,
        segments: dict[str, Shares],
        boundary_region: str,
        visible: dict[str, np.ndarray] | None = None,
        covered: dict[str, float] | None = None,
        durations: int = 0,
    ) -> None:
        if not len(store.videos):
            raise UserError(f"{store.path}: holds no video; check the subset in the annotations")
        self.store = store
        self.grid = ProposalGrid(store.scale, durations)
        self.boundary = np.empty((len(store.videos), 2, store.scale), np.float32)
        self.iou = np.empty((len(store.videos), len(self.grid)), np.float32)
        for index, video in enumerate(store.videos):
            found = segments.get(video, Shares(np.zeros((0, 2))))
            seen = (visible or {}).get(video)
            self.boundary[index] = boundary_labels(found, store.scale, boundary_region, seen)
            self.iou[index] = confidence_labels(found, self.grid)
            cells = begun_cells((covered or {}).get(video, 1.0), store.scale)
            self.boundary[index, :, cells:] = IGNORED
            self.iou[index, self.grid.end_cell >= cells] = IGNORED
        self.resident: Tensor | None = None

    @classmethod
    def load(
        cls, features: str, videos: str, instances: str, boundary_region: str, model: ProposalSettings
    ) -> Self:
        """Open the files of one subset: features, and the tables of its videos and of their instances."""
        store, listed, table = FeatureStore(features), read_table(videos), read_table(instances)
        shares, visible = shares_by_video(listed, table), visible_by_video(table)
        durations = model.grid(store.scale).durations
        return cls(store, shares, boundary_region, visible, covered_by_video(listed), durations)

    def __len__(self) -> int:
        return len(self.store.videos)

    def place(self, device: str, limit_gib: float) -> None:
        """Keep all features on the device if they fit; otherwise batches are read from the file.

        Parameters
        ----------
        device : str
            On a GPU they may take half of the memory that is free.
        limit_gib : float
            What they may take in main memory, in GiB.
        """
        size = 4 * len(self) * self.store.channels * self.store.scale
        limit = torch.cuda.mem_get_info()[0] / 2 if device == "cuda" else limit_gib * 2**30
        fits = size <= limit
        if fits:
            self.resident = torch.from_numpy(self.store.read_all()).to(device)
        log.info(
            "%s: %.3f GiB of features, up to %.3f GiB fit on the device (%s): %s",
            self.store.path.name,
            size / 2**30,
            limit / 2**30,
            device,
            "kept there" if fits else "streamed from the file",
        )

    def parts(self, size: int, generator: torch.Generator | None = None) -> list[np.ndarray]:
        """Indices of the videos of every batch, shuffled by `generator`, or in order without one.

        A single video that is left over joins the batch before it: batch normalisation needs more.
        """
        order = torch.randperm(len(self), generator=generator) if generator else torch.arange(len(self))
        parts = list(order.split(size))
        if size > 1 and len(parts) > 1 and len(parts[-1]) == 1:
            parts[-2:] = [torch.cat(parts[-2:])]
        return [np.sort(part.numpy()) for part in parts]

    def batches(
        self, size: int, device: str, generator: torch.Generator | None = None, skip: int = 0
    ) -> Iterator[Batch]:
        """All videos once, in the batches of `parts`; the first `skip` batches are left out."""
        parts = self.parts(size, generator)[skip:]
        for index, features in zip(parts, self._features(parts, device), strict=True):
            yield Batch(
                [self.store.videos[i] for i in index],
                features,
                torch.from_numpy(self.boundary[index]).to(device),
                torch.from_numpy(self.iou[index]).to(device),
            )

    def _features(self, parts: list[np.ndarray], device: str) -> Iterator[Tensor]:
        """Of every batch, (B, C, T); those in the file are read while the batch before is used."""
        resident = self.resident
        if resident is not None:
            return (resident[torch.from_numpy(index).to(device)] for index in parts)
        return (torch.from_numpy(values).to(device) for values in self.store.read_ahead(parts))
