"""TODO bsnpp.stores.snippet_scores."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np
from scipy.special import softmax

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

if TYPE_CHECKING:
    pass


BACKGROUND = "background"
"""The class of a snippet in which no activity is annotated; it stands first."""


@dataclass(frozen=True)
class SnippetScores:
    """What one classifier, or a panel of them, says of every snippet.

    Attributes
    ----------
    videos : list of str
        N ids; their snippets stand one after the other.
    lengths : np.ndarray
        Snippets of each video: int64 (N,), at least 1.
    classes : list of str
        K + 1 names: "background", then the challenge's classes in canonical order.
    logits : np.ndarray
        float32 (sum of lengths, K + 1), finite: log-probabilities up to a constant per snippet.
    snippet_seconds : float
        Snippet k is centred at (k + .5) * snippet_seconds.
    """

    videos: list[str]
    lengths: np.ndarray
    classes: list[str]
    logits: np.ndarray
    snippet_seconds: float

    def __post_init__(self) -> None:
        expected = (int(np.sum(self.lengths)), len(self.classes))
        if self.logits.shape != expected or len(self.lengths) != len(self.videos):
            raise ValueError(f"logits {self.logits.shape} for {len(self.videos)} videos, {expected} expected")
        if self.classes[:1] != [BACKGROUND]:
            raise ValueError(f"the first class must be {BACKGROUND!r}: {self.classes}")
        if not self.snippet_seconds > 0:
            raise ValueError(f"snippet_seconds must be above 0, not {self.snippet_seconds}")

    @cached_property
    def _rows(self) -> dict[str, slice]:
        stops = np.cumsum(self.lengths)
        pairs = zip(self.videos, stops - self.lengths, stops, strict=True)
        return {video: slice(int(start), int(stop)) for video, start, stop in pairs}

    def logits_of(self, video: str) -> np.ndarray:
        """Logits of one video's snippets: float32 (t, K + 1); KeyError for an unknown one."""
        return self.logits[self._rows[video]]

    def probability_of(self, video: str) -> np.ndarray:
        """Probabilities of one video's snippets, rows of sum 1: float64 (t, K + 1)."""
        return np.asarray(softmax(self.logits_of(video).astype(np.float64), axis=1))


def write_snippet_scores(path: str | Path, scores: SnippetScores) -> None:
    """Write `video`, `length`, `label`, `logits` and the attribute `snippet_seconds` to an HDF5 file."""
    text = h5py.string_dtype("utf-8")
    with whole_file(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["snippet_seconds"] = float(scores.snippet_seconds)
        file.create_dataset("video", data=np.array(scores.videos, dtype=object), dtype=text)
        file.create_dataset("length", data=np.asarray(scores.lengths, dtype=np.int64))
        file.create_dataset("label", data=np.array(scores.classes, dtype=object), dtype=text)
        file.create_dataset("logits", data=np.asarray(scores.logits, dtype=np.float32))


def read_snippet_scores(path: str | Path) -> SnippetScores:
    """Read what `write_snippet_scores` wrote.

    Raises
    ------
    UserError
        If the file is missing, damaged or no file of snippet scores.
    """
    try:
        with h5py.File(path, "r") as file:
            videos, classes = (list(file[name].asstr()[:]) for name in ("video", "label"))
            seconds = float(file.attrs["snippet_seconds"])
            return SnippetScores(videos, file["length"][:], classes, file["logits"][:], seconds)
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; make it with the classification stage") from error
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"{path}: no file of snippet scores ({error}); remove it and run again") from error
