"""Read and write class scores of snippets (HDF5)."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import h5py
import numpy as np
from scipy.special import softmax

from bsnpp.core.errors import UserError
from bsnpp.stores.hdf5 import new_hdf5, open_verified

BACKGROUND = "background"
"""Class of snippets without an annotated activity; always the first class."""


@dataclass(frozen=True)
class SnippetScores:
    """Class scores of all snippets of some videos, by one classifier or a panel of classifiers.

    Attributes
    ----------
    videos : list of str
        N ids, in the order of their snippets.
    lengths : np.ndarray
        Number of snippets of each video: int64 (N,), at least 1.
    classes : list of str
        K + 1 names: "background", then the classes of the challenge in canonical order.
    logits : np.ndarray
        Log-probabilities up to a constant per snippet: float32 (sum of lengths, K + 1), finite.
    snippet_seconds : float
        Length of a snippet [s]; snippet k is centred at (k + 0.5) * snippet_seconds.

    Raises
    ------
    ValueError
        If the shapes do not match, the first class is not "background", or snippet_seconds is not positive.
    """

    videos: list[str]
    lengths: np.ndarray
    classes: list[str]
    logits: np.ndarray
    snippet_seconds: float

    def __post_init__(self) -> None:
        expected = (int(np.sum(self.lengths)), len(self.classes))
        if self.logits.shape != expected or len(self.lengths) != len(self.videos):
            raise ValueError(
                f"logits of {len(self.videos)} videos are {self.logits.shape}, expected {expected}"
            )
        if self.classes[:1] != [BACKGROUND]:
            raise ValueError(f"the first class must be {BACKGROUND!r}, not {self.classes[:1]}")
        if not self.snippet_seconds > 0:
            raise ValueError(f"snippet_seconds must be above 0, not {self.snippet_seconds}")

    @cached_property
    def _rows(self) -> dict[str, slice]:
        stops = np.cumsum(self.lengths)
        pairs = zip(self.videos, stops - self.lengths, stops, strict=True)
        return {video: slice(int(start), int(stop)) for video, start, stop in pairs}

    def probability_of(self, video: str) -> np.ndarray:
        """Return the class probabilities of the t snippets of a video: float64 (t, K + 1), rows of sum 1.

        Raises
        ------
        KeyError
            If the video is unknown.
        """
        return np.asarray(softmax(self.logits[self._rows[video]].astype(np.float64), axis=1))


def write_snippet_scores(path: str | Path, scores: SnippetScores) -> None:
    """Write the datasets `video`, `length`, `label` and `logits`, and the attribute `snippet_seconds`.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    text = h5py.string_dtype("utf-8")
    with new_hdf5(path) as file:
        file.attrs["snippet_seconds"] = float(scores.snippet_seconds)
        file.create_dataset("video", data=np.array(scores.videos, dtype=object), dtype=text)
        file.create_dataset("length", data=np.asarray(scores.lengths, dtype=np.int64))
        file.create_dataset("label", data=np.array(scores.classes, dtype=object), dtype=text)
        file.create_dataset("logits", data=np.asarray(scores.logits, dtype=np.float32))


def read_snippet_scores(path: str | Path) -> SnippetScores:
    """Read a file of `write_snippet_scores`.

    Raises
    ------
    UserError
        If the file is missing, damaged or not a file of snippet scores.
    """
    try:
        with open_verified(path) as file:
            videos, classes = (list(file[name].asstr()[:]) for name in ("video", "label"))
            seconds = float(file.attrs["snippet_seconds"])
            return SnippetScores(videos, file["length"][:], classes, file["logits"][:], seconds)
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"{path}: not a file of snippet scores ({error}); remove it and run again") from error
