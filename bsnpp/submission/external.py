"""Read external submissions, which join an ensemble."""

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
    """Read an external submission for a subset.

    Only `results` is read, in the format of the challenge. Videos may be missing.

    Parameters
    ----------
    path : str or Path
        The JSON file.
    videos : DataFrame[video, duration]
        All videos of the subset; duration in seconds.
    classes : sequence of str
        The allowed labels.

    Returns
    -------
    detections : DataFrame[video, label, score, start, end]
        Detections in the order of the file; start and end in seconds.
    missing : list of str
        Videos of the subset without an entry.

    Raises
    ------
    UserError
        Lists every fault with its video and entry: unknown videos and labels, times outside the video, scores
        that are negative or not finite, duplicate detections.
    """
    faults = Faults(f"{path}: invalid external submission", "Correct it, or remove it from the ensemble.")
    content = read_content(path)
    if isinstance(content, str):
        raise UserError(f"{path}: {content}")
    results: Any = content.get("results")
    durations = dict(zip(videos["video"], videos["duration"], strict=True))
    faults.extend(_result_faults(results, durations, frozenset(classes)))
    faults.raise_if_any()
    rows = [
        (video, entry["label"], float(entry["score"]), *map(float, entry["segment"]))
        for video, entries in results.items()
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=COLUMNS), [video for video in durations if video not in results]


def _result_faults(results: Any, durations: Mapping[str, float], classes: frozenset[str]) -> Iterator[str]:
    """Check the list of every video that has one."""
    if not isinstance(results, dict):
        yield f"results must be an object with one list per video, not {short(results)}"
        return
    yield from repeated_faults("results", results)
    for video, entries in results.items():
        if fault := list_fault(video, entries, durations):
            yield fault
        else:
            yield from _video_faults(video, entries, durations[video], classes)


def _video_faults(video: str, entries: list[Any], duration: float, classes: frozenset[str]) -> Iterator[str]:
    """Check the detections of one video."""
    first: dict[tuple[Any, ...], int] = {}
    for number, entry in enumerate(entries):
        faults = list(entry_faults(entry, duration, classes))
        if not faults:
            key = (entry["label"], *entry["segment"])
            if entry["score"] < 0:
                faults.append(f"score must be at least 0, not {entry['score']}")
            if first.setdefault(key, number) != number:
                faults.append(f"has the same label and segment as entry {first[key]}; remove the duplicate")
        yield from (f"{video}, entry {number}: {fault}" for fault in faults)
