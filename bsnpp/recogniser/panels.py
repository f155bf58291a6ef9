"""Classes that a panel gives to the snippets of recordings, or to whole videos."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bsnpp.recogniser.evidence import Panel
from bsnpp.stores.class_scores import read_panel_file
from bsnpp.stores.snippet_scores import read_snippet_scores


@dataclass(frozen=True)
class VideoPanel:
    """Class probabilities of whole videos: each has one snippet, whose classes are those of the video.

    Attributes
    ----------
    probabilities : mapping of str to np.ndarray
        Probability of each class, by video: float64 (K,).
    """

    probabilities: Mapping[str, np.ndarray]
    snippet_seconds: ClassVar[float] = 1.0  # any length does: means over one snippet are its values

    def probability_of(self, video: str) -> np.ndarray:
        """Return the classes of a video, without background: float64 (1, K + 1)."""
        return np.append(0.0, self.probabilities[video])[None]


def read_panel(path: str | None, whole_videos: bool) -> Panel | None:
    """Read the classes that a panel gives to snippets, or to whole videos; None without a path.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    if path is None:
        return None
    if not whole_videos:
        return read_snippet_scores(path)
    videos, _, probability = read_panel_file(path)
    return VideoPanel(dict(zip(videos, probability, strict=True)))
