"""Features and labels of one subset, batch by batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from bsnpp.errors import UserError
from bsnpp.features.store import FeatureStore
from bsnpp.grid import ProposalGrid
from bsnpp.training.labels import boundary_labels, confidence_labels

if TYPE_CHECKING:
    import pandas as pd


def shares_by_video(videos: "pd.DataFrame", instances: "pd.DataFrame") -> dict[str, np.ndarray]:
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
        str(video): np.clip(rows[["start", "end"]].to_numpy(float) / extent[video], 0.0, 1.0)
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


@dataclass(frozen=True)
class Batch:
    """Some videos: features (B, C, T), boundary labels (B, 2, T), confidence labels (B, V)."""

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
    durations : int, optional
        D, as the generator has it; T by default.
    """

    def __init__(
        self,
        store: FeatureStore,
        segments: dict[str, np.ndarray],
        boundary_region: str,
        visible: dict[str, np.ndarray] | None = None,
        durations: int = 0,
    ) -> None:
        if not len(store.videos):
            raise UserError(f"{store.path}: holds no video; check the subset in the annotations")
        self.store = store
        self.grid = ProposalGrid(store.scale, durations)
        found = [segments.get(video, np.zeros((0, 2))) for video in store.videos]
        seen = [(visible or {}).get(video) for video in store.videos]
        self.boundary = np.stack(
            [boundary_labels(f, store.scale, boundary_region, v) for f, v in zip(found, seen, strict=True)]
        )
        self.iou = np.stack([confidence_labels(f, self.grid) for f in found])

    def __len__(self) -> int:
        return len(self.store.videos)

    def batches(self, size: int, device: str, generator: torch.Generator | None = None) -> Iterator[Batch]:
        """All videos once, shuffled by `generator`, or in order without one.

        A single video that is left over joins the batch before it: batch normalisation needs more.
        """
        order = torch.randperm(len(self), generator=generator) if generator else torch.arange(len(self))
        parts = list(order.split(size))
        if size > 1 and len(parts) > 1 and len(parts[-1]) == 1:
            parts[-2:] = [torch.cat(parts[-2:])]
        for chosen in parts:
            index = np.sort(chosen.numpy())
            yield Batch(
                [self.store.videos[i] for i in index],
                *(
                    torch.from_numpy(array).to(device)
                    for array in (self.store.read(index), self.boundary[index], self.iou[index])
                ),
            )
