"""Detection in whole videos: the maps of each video at its scale, and one class vector per video."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsnpp.bundle.blas import one_thread
from bsnpp.bundle.manifest import Manifest
from bsnpp.bundle.maps import Blend, joined
from bsnpp.bundle.panel import PanelClassifier, class_probabilities
from bsnpp.bundle.videos import NewVideo
from bsnpp.detection.candidates import Candidates
from bsnpp.detection.decode import decode
from bsnpp.detection.per_label import suppress_per_label
from bsnpp.detection.tables import detections_table
from bsnpp.features.rescale import rescale
from bsnpp.models.compute import ComputeSettings

Ready = tuple[NewVideo, dict[str, np.ndarray], dict[str, np.ndarray]]
"""A video with its features at its own scale and at the training scale, by encoder: float32 (C, T)."""


@dataclass(frozen=True)
class VideoDetector:
    """Detects actions in whole videos.

    Attributes
    ----------
    manifest : Manifest
        Settings, classes and weights of the parts.
    blends : sequence of Blend
        Generators, in the order of the manifest.
    panel : sequence of PanelClassifier
        Classifiers, in the order of the manifest.
    compute : ComputeSettings
        Device and precision.
    """

    manifest: Manifest
    blends: Sequence[Blend]
    panel: Sequence[PanelClassifier]
    compute: ComputeSettings

    def detect_all(self, videos: Iterable[NewVideo]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in a stream of videos; see `bsnpp.bundle.bundle.Bundle.detect_all`."""
        waiting: dict[int, list[Ready]] = {}
        for video in videos:
            scale = self.manifest.scale_of(video.duration)
            batch = waiting.setdefault(scale, [])
            batch.append(self._ready(video, scale))
            if len(batch) == self.manifest.inference.batch_size:
                yield from self._detected(waiting.pop(scale))
        for scale in sorted(waiting):
            yield from self._detected(waiting[scale])

    def _ready(self, video: NewVideo, scale: int) -> Ready:
        """Rescale the features of a video."""
        method, training_scale = self.manifest.rescaling.method, self.manifest.training_scale
        encoders = {member.encoder for blend in self.blends for member in blend.members.values()}
        own = {name: rescale(video.sequences[name], scale, method) for name in sorted(encoders)}
        classified = {member.encoder for member in self.panel if member.encoder is not None}
        pooled = {
            name: own[name]
            if name in own and scale == training_scale
            else rescale(video.sequences[name], training_scale, method)
            for name in sorted(classified)
        }
        return video, own, pooled

    def _detected(self, batch: Sequence[Ready]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in videos of one scale."""
        videos = [video for video, _, _ in batch]
        own = _stacked([features for _, features, _ in batch])
        pooled = _stacked([features for _, _, features in batch])
        logits = _stacked([video.logits for video in videos])
        with one_thread():
            probability = class_probabilities(self.panel, pooled, logits)
        fusion, reversal = self.manifest.fusion, self.manifest.inference.reversal
        maps = [blend.fused_maps(own, fusion, self.compute, reversal) for blend in self.blends]
        options = self.manifest.detection
        for row, video in enumerate(videos):
            proposals = [
                decode(boundary[row], fused[row], grid, options.scored_by(blend.score))
                for blend, (boundary, fused, grid) in zip(self.blends, maps, strict=True)
            ]
            candidates = Candidates(video.video, video.extent, proposals, [probability[row]] * len(proposals))
            kept = suppress_per_label(
                joined(self.blends, candidates, options), options.nms, options.per_video
            )
            yield video, detections_table([(video.video, video.extent, kept)], self.manifest.classes)


def _stacked(arrays: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Stack the arrays of n videos by name."""
    return {name: np.stack([each[name] for each in arrays]) for name in arrays[0]}
