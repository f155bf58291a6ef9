"""Read and write class scores of videos (HDF5): logits of a classifier, or probabilities of a panel."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.stores.hdf5 import new_hdf5, open_verified


@dataclass(frozen=True)
class ClassScores:
    """Class scores of N videos by one classifier.

    Attributes
    ----------
    videos : list of str
        N ids without `v_`.
    classes : list of str
        K names.
    logits : np.ndarray
        Log-probabilities up to a constant per video: float64 (N, K), finite.

    Raises
    ------
    ValueError
        If the shapes do not match.
    """

    videos: list[str]
    classes: list[str]
    logits: np.ndarray

    def __post_init__(self) -> None:
        expected = (len(self.videos), len(self.classes))
        if self.logits.shape != expected:
            raise ValueError(f"logits have the shape {self.logits.shape}, expected {expected}")


def write_score_file(path: str | Path, scores: ClassScores) -> None:
    """Write the scores of a classifier: the datasets `video`, `label` and `logits`.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    _write(path, scores.videos, scores.classes, "logits", scores.logits)


def read_score_file(path: str | Path) -> ClassScores:
    """Read a file of `write_score_file`.

    Raises
    ------
    UserError
        If the file is missing, damaged or not a file of class scores.
    """
    return ClassScores(*_read(path, "logits"))


def write_panel_file(
    path: str | Path, videos: list[str], classes: list[str], probability: np.ndarray
) -> None:
    """Write the probabilities of a panel: the datasets `video`, `label` and `probability`, float64 (N, K).

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    _write(path, videos, classes, "probability", probability)


def read_panel_file(path: str | Path) -> tuple[list[str], list[str], np.ndarray]:
    """Read a file of `write_panel_file`.

    Returns
    -------
    videos : list of str
        N ids without `v_`.
    classes : list of str
        K names.
    probability : np.ndarray
        float64 (N, K).

    Raises
    ------
    UserError
        If the file is missing, damaged or not a file of class scores.
    """
    return _read(path, "probability")


def _write(path: str | Path, videos: list[str], classes: list[str], key: str, values: np.ndarray) -> None:
    text = h5py.string_dtype("utf-8")
    with new_hdf5(path) as file:
        file.create_dataset("video", data=np.array(videos, dtype=object), dtype=text)
        file.create_dataset("label", data=np.array(classes, dtype=object), dtype=text)
        file.create_dataset(key, data=np.asarray(values, dtype=np.float64))


def _read(path: str | Path, key: str) -> tuple[list[str], list[str], np.ndarray]:
    try:
        with open_verified(path) as file:
            videos, classes = (list(file[name].asstr()[:]) for name in ("video", "label"))
            return videos, classes, file[key][:]
    except (OSError, KeyError) as error:
        raise UserError(f"{path}: not a file of class scores ({error}); remove it and run again") from error
