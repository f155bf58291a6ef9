"""Read 50 Salads from a clone of the repository TemporalConvolutionalNetworks (Lea et al., CVPR 2017)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from bsnpp.core.errors import Faults
from bsnpp.core.wording import counted
from bsnpp.datasets.salads.settings import FOLDERS, FOLDS, LABELS, NETWORKS, PREDICTIONS, SPLITS

MICROSECONDS = 1_000_000
ADVICE = (
    "Give the folder of a clone of the repository TemporalConvolutionalNetworks, with code/50Salads, "
    "splits/50Salads and predictions/50Salads/mid."
)


@dataclass(frozen=True)
class Segment:
    """An action: start and end in seconds from the start of the video's first action, and its label."""

    start: float
    end: float
    label: str


@dataclass(frozen=True)
class Video:
    """One video.

    Attributes
    ----------
    name : str
        Such as `06-1`: the person, and which of the person's two videos.
    fold : int
        The fold that tests it, 1 to 5.
    duration : float
        Seconds from the start of the first to the end of the last action.
    segments : tuple of Segment
        Sorted by start. Actions of different labels may overlap.
    scores : dict of str to ndarray
        What each network says of each snippet: float32 (t, 18), background first; t differs by network.
    """

    name: str
    fold: int
    duration: float
    segments: tuple[Segment, ...]
    scores: dict[str, np.ndarray]

    @property
    def person(self) -> str:
        """The person who prepares the salad."""
        return self.name.split("-")[0]


@dataclass(frozen=True)
class Salads:
    """All videos, sorted by name, and the 17 actions in the networks' order."""

    videos: tuple[Video, ...]
    actions: tuple[str, ...]


def read_salads(folder: str | Path, join_seconds: float) -> Salads:
    """Read and check 50 Salads: annotations, folds, and the scores of four networks.

    Parameters
    ----------
    folder : str or Path
        Clone of the repository. Only text files and MATLAB files of plain arrays are read.
    join_seconds : float
        Longest gap between two parts of one action that are joined.

    Raises
    ------
    UserError
        If the folder is not such a clone, with every fault.
    """
    root = Path(folder)
    faults = Faults(f"{folder}: not the 50 Salads part of the repository", ADVICE)
    faults.extend(f"no folder {part}" for part in FOLDERS if not (root / part).is_dir())
    faults.raise_if_any()
    actions = _lines(root / LABELS / "mid_level_actions.txt", faults)
    action_of = dict(
        line.split(maxsplit=1) for line in _lines(root / LABELS / "conversions/low_to_mid.txt", faults)
    )
    videos = []
    for fold in FOLDS:
        names = _lines(root / SPLITS / f"Split_{fold}" / "test.txt", faults)
        scores = {
            network: _scores(root / PREDICTIONS / path.format(fold=fold), names, len(actions) + 1, faults)
            for network, path in NETWORKS.items()
        }
        for index, name in enumerate(names):
            path = root / LABELS / "sequences" / f"{name}-activityAnnotation.txt"
            segments, duration = _segments(path, action_of, join_seconds, faults)
            own = {network: arrays[index] for network, arrays in scores.items() if arrays}
            videos.append(Video(name, fold, duration, segments, own))
    faults.raise_if_any()
    return Salads(tuple(sorted(videos, key=lambda video: video.name)), tuple(actions))


def _lines(path: Path, faults: Faults) -> list[str]:
    """Return the lines of a text file that are not empty; none, with a fault, if it cannot be read."""
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        faults.add(f"{path}: cannot be read ({error})")
        return []


def _scores(path: Path, names: list[str], channels: int, faults: Faults) -> list[np.ndarray]:
    """Return the scores (t, channels) of a fold's videos; an empty list, with a fault, if they do not fit."""
    try:
        with path.open("rb") as file:
            arrays = [np.asarray(cell, dtype=np.float32) for cell in loadmat(file)["S"].ravel()]
    except (OSError, KeyError, ValueError, TypeError, NotImplementedError, MatReadError) as error:
        faults.add(f"{path}: no scores `S` of a network ({error})")
        return []
    if len(arrays) != len(names):
        faults.add(f"{path}: scores of {counted(len(arrays), 'video')}, but the fold has {len(names)}")
        return []
    for name, array in zip(names, arrays, strict=True):
        if array.ndim != 2 or array.shape[1] != channels or not len(array):
            faults.add(f"{path}: {name}: scores of shape {array.shape}, expected (rows, {channels})")
        elif not np.isfinite(array).all():
            faults.add(f"{path}: {name}: scores that are not finite")
    return arrays


def _segments(
    path: Path, action_of: dict[str, str], join_seconds: float, faults: Faults
) -> tuple[tuple[Segment, ...], float]:
    """Return a video's actions, and the seconds from the first to the last. Other activities are skipped."""
    parts: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(_lines(path, faults), start=1):
        try:
            start, end, activity = line.split()
            first, last = int(start), int(end)
        except ValueError:
            faults.add(f"{path}: line {number}: expected start, end and activity, not {line!r}")
            continue
        if last < first:
            faults.add(f"{path}: line {number}: ends at {last}, before its start at {first} [microseconds]")
        if activity in action_of and last > first:  # the public files hold parts of no length
            parts.setdefault(action_of[activity], []).append((first, last))
    if not parts:
        faults.add(f"{path}: no action")
        return (), 0.0
    joined = [
        (start, end, action)
        for action, spans in parts.items()
        for start, end in join_spans(spans, round(join_seconds * MICROSECONDS))
    ]
    begin = min(start for start, _, _ in joined)
    segments = [
        Segment((start - begin) / MICROSECONDS, (end - begin) / MICROSECONDS, action)
        for start, end, action in sorted(joined)
    ]
    return tuple(segments), max(segment.end for segment in segments)


def join_spans(spans: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Join spans that overlap or lie at most `gap` apart.

    >>> join_spans([(5, 6), (0, 2), (3, 4)], 1)
    [(0, 6)]
    >>> join_spans([(0, 2), (4, 5)], 1)
    [(0, 2), (4, 5)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
