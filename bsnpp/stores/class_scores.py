"""TODO bsnpp.stores.class_scores."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file


@dataclass(frozen=True)
class ClassScores:
    """What one classifier says of each video.

    Attributes
    ----------
    videos
        N ids without `v_`.
    classes
        K names.
    logits
        (N, K) float64, finite: log-probabilities up to a constant per video.
    """

    videos: list[str]
    classes: list[str]
    logits: np.ndarray

    def __post_init__(self) -> None:
        if self.logits.shape != (len(self.videos), len(self.classes)):
            expected = (len(self.videos), len(self.classes))
            raise ValueError(f"logits of shape {self.logits.shape} for {expected} videos and classes")


def write_score_file(path: str | Path, scores: ClassScores) -> None:
    """Write `video` (N,), `label` (K,) and `logits` (N, K) float64 to an HDF5 file."""
    _write(path, scores.videos, scores.classes, "logits", scores.logits)


def read_score_file(path: str | Path) -> ClassScores:
    """Read what `write_score_file` wrote; a UserError tells what is wrong with the file."""
    return ClassScores(*_read(path, "logits"))


def write_panel_file(
    path: str | Path, videos: list[str], classes: list[str], probability: np.ndarray
) -> None:
    """Write `video` (N,), `label` (K,) and `probability` (N, K) float64, what a panel says together."""
    _write(path, videos, classes, "probability", probability)


def read_panel_file(path: str | Path) -> tuple[list[str], list[str], np.ndarray]:
    """Read videos, classes and probabilities (N, K) that `write_panel_file` wrote."""
    return _read(path, "probability")


def _write(path: str | Path, videos: list[str], classes: list[str], key: str, values: np.ndarray) -> None:
    text = h5py.string_dtype("utf-8")
    with whole_file(path) as temporary, h5py.File(temporary, "w") as file:
        file.create_dataset("video", data=np.array(videos, dtype=object), dtype=text)
        file.create_dataset("label", data=np.array(classes, dtype=object), dtype=text)
        file.create_dataset(key, data=np.asarray(values, dtype=np.float64))


def _read(path: str | Path, key: str) -> tuple[list[str], list[str], np.ndarray]:
    try:
        with h5py.File(path, "r") as file:
            videos, classes = (list(file[name].asstr()[:]) for name in ("video", "label"))
            return videos, classes, file[key][:]
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; make it with the classification stage") from error
    except (OSError, KeyError) as error:
        raise UserError(f"{path}: not a file of class scores ({error}); remove it and run again") from error
