"""A trained challenge that detects actions in new videos."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from bsnpp.bundle.manifest import Manifest
from bsnpp.bundle.videos import Features, NewVideo, joined_sequences, outside_logits, stream_arrays
from bsnpp.core.errors import UserError


class Detector(Protocol):
    """Detects actions in whole videos or in recordings."""

    def detect_all(self, videos: Iterable[NewVideo]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in a stream of videos; see `Bundle.detect_all`."""


class Bundle:
    """Detects actions in new videos. `bsnpp.bundle.loading.load` makes one.

    Parameters
    ----------
    manifest : Manifest
        Settings, classes and weights of the parts.
    detector : Detector
        The parts.
    """

    def __init__(self, manifest: Manifest, detector: Detector) -> None:
        self.manifest = manifest
        self._detector = detector

    @property
    def classes(self) -> list[str]:
        """Names of the K classes, in the order of all scores."""
        return list(self.manifest.classes)

    def video(
        self,
        name: str,
        features: np.ndarray | Mapping[str, Features],
        duration: float,
        scores: Mapping[str, np.ndarray] | None = None,
    ) -> NewVideo:
        """Check the features and scores of a video, for `detect_all`.

        Parameters
        ----------
        name : str
            Id of the video.
        features, duration, scores
            As for `detect`.

        Raises
        ------
        UserError
            If features or scores are missing or not usable.
        """
        if not (np.isfinite(duration) and duration > 0):
            raise UserError(f"duration must be a finite number of seconds above 0, not {duration}")
        arrays = stream_arrays(features, self.manifest)
        sequences = joined_sequences(arrays, self.manifest, duration)
        return NewVideo(name, duration, duration, sequences, outside_logits(scores or {}, self.manifest))

    def detect(
        self,
        features: np.ndarray | Mapping[str, Features],
        duration: float,
        scores: Mapping[str, np.ndarray] | None = None,
    ) -> pd.DataFrame:
        """Detect actions in one video.

        Parameters
        ----------
        features : np.ndarray or mapping
            Snippet features of each encoder by name: an array (t, C) or (C, t), or with several streams an
            array of each stream by name. With one encoder of one stream, also its array alone.
        duration : float
            Length of the video [s].
        scores : mapping of str to np.ndarray, optional
            Scores (K,) of the video by each outside classifier of the bundle, in the order of `classes`.

        Returns
        -------
        pd.DataFrame
            Columns label, score, start, end [s]; best first.

        Raises
        ------
        UserError
            If features or scores are missing or not usable.
        """
        ((_, table),) = self.detect_all([self.video("", features, duration, scores)])
        return table.drop(columns="video")

    def detect_all(self, videos: Iterable[NewVideo]) -> Iterator[tuple[NewVideo, pd.DataFrame]]:
        """Detect actions in a stream of videos.

        Batches of `inference.batch_size` videos of one scale, or windows of recordings, pass the generators
        together; videos are returned as batches are full. Memory does not grow with the number of videos.

        Parameters
        ----------
        videos : iterable of NewVideo
            Videos of any duration; `video` makes one of arrays.

        Yields
        ------
        NewVideo, pd.DataFrame
            The video and its detections: columns video, label, score, start, end [s]; best first.
        """
        return self._detector.detect_all(videos)
