"""Class scores of videos: read from public layouts, kept in HDF5, fused over classifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from scipy.special import log_softmax, softmax

from bsnpp.errors import Faults, UserError
from bsnpp.files import whole_file

LEAST_PROBABILITY = 1e-8
FLOOR = float(np.log(LEAST_PROBABILITY))
"""How far below a row's best logit a class stands of which nothing is known."""


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


def probabilities_to_logits(probabilities: np.ndarray) -> np.ndarray:
    """Return log(max(p, 1e-8)); rows need not sum to 1."""
    return np.log(np.maximum(probabilities, LEAST_PROBABILITY))


def align_scores(
    members: Mapping[str, ClassScores], videos: Sequence[str], classes: Sequence[str]
) -> list[ClassScores]:
    """Bring classifiers to the same videos and classes, by name, whatever the orders of each.

    Parameters
    ----------
    members
        Scores of each classifier; videos that are not asked for are left out.
    videos, classes
        What every one of them must score; a class beyond these is a fault.

    Raises
    ------
    UserError
        With every missing video, missing or unknown class, and row that is not finite, of all members.
    """
    faults = Faults(
        "classifiers that do not fit together",
        "Expected: of each a finite row for every video, and exactly the classes of the challenge.",
    )
    aligned = []
    for name, scores in members.items():
        row = {video: index for index, video in enumerate(scores.videos)}
        column = {label: index for index, label in enumerate(scores.classes)}
        faults.extend(f"{name}: video {video}: missing" for video in videos if video not in row)
        faults.extend(f"{name}: class {label!r}: missing" for label in classes if label not in column)
        faults.extend(f"{name}: class {label!r}: unknown" for label in column if label not in set(classes))
        rows = [row[video] for video in videos if video in row]
        logits = scores.logits[np.ix_(rows, [column[label] for label in classes if label in column])]
        faults.extend(
            f"{name}: video {scores.videos[index]}: a score is not a finite number"
            for index, found in zip(rows, logits, strict=True)
            if not np.isfinite(found).all()
        )
        if not faults:
            aligned.append(ClassScores(list(videos), list(classes), logits))
    faults.raise_if_any()
    return aligned


def fuse_scores(members: Sequence[ClassScores], weights: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Return softmax(sum_i weight_i * logits_i / temperature_i), shape (N, K), rows summing to 1.

    With weights that sum to 1, a panel of one, or of equal copies, gives its member's own calibrated
    probabilities.

    Parameters
    ----------
    members
        n classifiers with the same videos and classes, in the same order.
    weights, temperatures
        (n,) each; temperatures above 0.

    Raises
    ------
    ValueError
        If the members differ in videos or classes, or the numbers do not fit.
    """
    if not members or len(members) != len(weights) or len(members) != len(temperatures):
        raise ValueError(f"{len(members)} members, {len(weights)} weights, {len(temperatures)} temperatures")
    if any(other.videos != members[0].videos or other.classes != members[0].classes for other in members):
        raise ValueError("the members of a panel must have the same videos and classes, in the same order")
    if min(temperatures) <= 0:
        raise ValueError(f"temperatures must be above 0: {temperatures}")
    # Log-softmax first: then a large constant in one member's rows cannot swallow the digits of the others.
    logits = [log_softmax(member.logits, axis=1) for member in members]
    scaled = [w * z / t for w, z, t in zip(weights, logits, temperatures, strict=True)]
    return np.asarray(softmax(np.sum(scaled, axis=0), axis=1))


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
