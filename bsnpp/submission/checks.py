"""Check a submission to the ActivityNet challenge, and report every fault with its video and entry."""

import json
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bsnpp.core.json_text import is_number, repeated_keys
from bsnpp.core.wording import counted
from bsnpp.submission.writer import VERSION


class _Repeated(dict[str, Any]):
    """A JSON object that describes the keys that occur more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated: list[str] = []
        if len(self) < len(pairs):
            self.repeated = repeated_keys([key for key, _ in pairs])


def read_content(path: str | Path) -> dict[str, Any] | str:
    """Read the JSON object of a file; return a fault instead if the file has none."""
    try:
        content = json.loads(Path(path).read_bytes(), object_pairs_hook=_Repeated)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"not valid JSON: {short(str(error) or type(error).__name__)}"
    if not isinstance(content, dict):
        return f"must be an object with version, results and external_data, not {short(content)}"
    return content


def validate_submission(
    path: str | Path, videos: pd.DataFrame, classes: Sequence[str], per_video: int
) -> list[str]:
    """Check a submission file.

    Parameters
    ----------
    path : str or Path
        The JSON file.
    videos : DataFrame[video, duration]
        All videos of the subset; duration in seconds.
    classes : sequence of str
        The allowed labels.
    per_video : int
        Maximum number of detections per video.

    Returns
    -------
    list of str
        Every fault with its video and entry, counted from 0; empty for a valid file.
    """
    content = read_content(path)
    if isinstance(content, str):
        return [content]
    durations = dict(zip(videos["video"], videos["duration"], strict=True))
    faults = [*repeated_faults("the file", content), *_head_faults(content)]
    if "results" in content:
        faults.extend(_result_faults(content["results"], durations, frozenset(classes), per_video))
    return faults


def _head_faults(content: dict[str, Any]) -> Iterator[str]:
    """Check version, external_data and the keys of the file."""
    for key in ("version", "results", "external_data"):
        if key not in content:
            yield f"the key {key} is missing"
    if content.get("version", VERSION) != VERSION:
        yield f"version must be {VERSION!r}, not {short(content['version'])}"
    if "external_data" not in content:
        return
    external = content["external_data"]
    if not isinstance(external, dict):
        yield f"external_data must be an object with used and details, not {short(external)}"
        return
    if not isinstance(external.get("used"), bool):
        yield f"external_data: used must be true or false, not {short(external.get('used'))}"
    if not isinstance(external.get("details"), str):
        yield f"external_data: details must be text, not {short(external.get('details'))}"


def _result_faults(
    results: Any, durations: dict[str, float], classes: frozenset[str], per_video: int
) -> Iterator[str]:
    """Check the list of every video."""
    if not isinstance(results, dict):
        yield f"results must be an object with one list per video, not {short(results)}"
        return
    yield from repeated_faults("results", results)
    for video in sorted(durations.keys() - results.keys()):
        prefixed = f"; remove the prefix v_ from v_{video}" if f"v_{video}" in results else ""
        yield f"{video}: missing; every video of the subset needs a list, possibly empty{prefixed}"
    for video, entries in results.items():
        if fault := list_fault(video, entries, durations):
            yield fault
            continue
        if len(entries) > per_video:
            yield f"{video}: {counted(len(entries), 'detection')}; at most {per_video} are allowed"
        for number, entry in enumerate(entries):
            yield from (
                f"{video}, entry {number}: {fault}"
                for fault in entry_faults(entry, durations[video], classes)
            )


def list_fault(video: str, entries: Any, durations: Mapping[str, float]) -> str | None:
    """Return a fault if the video is unknown or its entries are not a list."""
    if video not in durations:
        return f"{short(video)}: not a video of the subset"
    if not isinstance(entries, list):
        return f"{video}: must be a list of detections, not {short(entries)}"
    return None


def entry_faults(entry: Any, duration: float, classes: frozenset[str]) -> Iterator[str]:
    """Check one detection."""
    if not isinstance(entry, dict):
        yield f"must be an object with label, score and segment, not {short(entry)}"
        return
    yield from repeated_faults("the entry", entry)
    label = entry.get("label")
    if not isinstance(label, str) or label not in classes:
        yield f"label {short(label)} is not one of the {len(classes)} classes"
    if not is_number(entry.get("score")):
        yield f"score must be a finite number, not {short(entry.get('score'))}"
    segment = entry.get("segment")
    if not (isinstance(segment, list) and len(segment) == 2 and all(map(is_number, segment))):
        yield f"segment must be two finite numbers, start and end in seconds, not {short(segment)}"
    elif not 0 <= segment[0] < segment[1] <= duration:
        yield f"segment {short(segment)} must satisfy 0 <= start < end <= {duration}, the video's duration"


def repeated_faults(place: str, content: dict[str, Any]) -> Iterator[str]:
    """List the keys that occur more than once."""
    for description in getattr(content, "repeated", []):
        yield f"{place}: {description}; remove the duplicate"


def short(value: Any) -> str:
    """Abbreviate a value of any size or depth for a message."""
    return reprlib.repr(dict(value) if isinstance(value, dict) else value)
