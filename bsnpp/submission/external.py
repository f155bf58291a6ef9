"""TODO bsnpp.submission.external."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bsnpp.core.errors import Faults, UserError
from bsnpp.submission.checks import entry_faults, list_fault, read_content, repeated_faults, short

COLUMNS = ["video", "label", "score", "start", "end"]


def read_external(
    path: str | Path, videos: pd.DataFrame, classes: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Read somebody's submission for a subset.

    Of the file only `results` counts, in the challenge's format; videos may be missing.

    Parameters
    ----------
    path : str or Path
        The JSON file.
    videos : DataFrame[video, duration]
        All videos of the subset; seconds.
    classes : sequence of str
        The labels that may occur.

    Returns
    -------
    detections : pd.DataFrame
        Columns video, label, score, start, end (seconds), in the order of the file.
    missing : list of str
        Videos of the subset without an entry.

    Raises
    ------
    UserError
        With every fault, naming video and entry: unknown videos and labels, times outside the video, scores
        that are negative or not finite, detections that stand there twice.
    """
    faults = Faults(f"{path}: not a file of detections", "Mend it, or leave it out of the ensemble.")
    content = read_content(path)
    if isinstance(content, str):
        raise UserError(f"{path}: {content}")
    results: Any = content.get("results")
    durations = dict(zip(videos["video"], videos["duration"], strict=True))
    faults.extend(_faults(results, durations, frozenset(classes)))
    faults.raise_if_any()
    rows = [
        (video, entry["label"], float(entry["score"]), *map(float, entry["segment"]))
        for video, entries in results.items()
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=COLUMNS), [video for video in durations if video not in results]


def _faults(results: Any, durations: Mapping[str, float], classes: frozenset[str]) -> Iterator[str]:
    if not isinstance(results, dict):
        yield f"results must be an object of one list per video, not {short(results)}"
        return
    yield from repeated_faults("results", results)
    for video, entries in results.items():
        if fault := list_fault(video, entries, durations):
            yield fault
        else:
            yield from _video_faults(video, entries, durations[video], classes)


def _video_faults(video: str, entries: list[Any], duration: float, classes: frozenset[str]) -> Iterator[str]:
    first: dict[tuple[Any, ...], int] = {}
    for number, entry in enumerate(entries):
        faults = list(entry_faults(entry, duration, classes))
        if not faults:
            key = (entry["label"], *entry["segment"])
            if entry["score"] < 0:
                faults.append(f"score must be at least 0, not {entry['score']}")
            if first.setdefault(key, number) != number:
                faults.append(f"the same label and segment as entry {first[key]}")
        yield from (f"{video}, entry {number}: {fault}" for fault in faults)
