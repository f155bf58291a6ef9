"""Read the JSON layout of ActivityNet: `{"results": {video: [{"label", "score", "segment"}]}}`."""

import reprlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from bsnpp.core.errors import Faults
from bsnpp.core.json_text import is_number, parse_json


class Columns(NamedTuple):
    """Predictions of one video; the labels are empty if they were not read.

    Attributes
    ----------
    video : str
    label : list of str
        (n,) or empty.
    score, start, end : np.ndarray
        float64 (n,); times in seconds.
    """

    video: str
    label: list[str]
    score: np.ndarray
    start: np.ndarray
    end: np.ndarray


def read_results(text: str, labels: bool, faults: Faults) -> Iterator[Columns]:
    """Read the predictions of every video.

    Parameters
    ----------
    text : str
        Content of the file.
    labels : bool
        Whether to read labels.
    faults : Faults
        Every fault is added here, with its video and entry; entries are counted from 0.

    Yields
    ------
    Columns
        Predictions of a video without faults, perhaps none.
    """
    content, repeated = _load(text, faults)
    if not isinstance(content, dict):
        if not faults:
            faults.add(f"the file should contain a JSON object, not {reprlib.repr(content)}")
        return
    if not isinstance(content.get("results"), dict):
        keys = ", ".join(map(reprlib.repr, list(content)[:10])) or "no keys at all"
        wrong = reprlib.repr(content["results"]) if "results" in content else f"it has {keys}"
        faults.add(f"the key `results` should be an object with a list for every video; {wrong}")
        return
    faults.extend(f"{description}; remove the duplicate" for description in repeated)
    for video, entries in content["results"].items():
        columns = _fast_columns(video, entries, labels)
        if columns is None:
            columns = _checked_columns(video, entries, labels, faults)
        yield columns


def _load(text: str, faults: Faults) -> tuple[Any, list[str]]:
    """Parse JSON; return its content and a description of each key that occurs more than once."""
    try:
        return parse_json(text)
    except (ValueError, RecursionError) as error:
        faults.add(f"not valid JSON ({reprlib.repr(str(error))})")
        return None, []


def _fast_columns(video: str, entries: Any, labels: bool) -> Columns | None:
    """Read the predictions of a video if all are valid, otherwise return None."""
    if not isinstance(entries, list):
        return None
    try:
        names = [entry["label"] for entry in entries] if labels else []
        scores = [entry["score"] for entry in entries]
        segments = [entry["segment"] for entry in entries]
        if not set(map(len, segments)) <= {2}:
            return None
        numbers = [scores, [segment[0] for segment in segments], [segment[1] for segment in segments]]
        if not all(set(map(type, values)) <= {int, float} for values in numbers):
            return None
        score, start, end = (np.array(values, dtype=np.float64) for values in numbers)
        known = set(names)
    except (TypeError, KeyError, IndexError, OverflowError):
        return None
    valid = np.isfinite(score) & np.isfinite(start) & np.isfinite(end) & (start <= end)
    return Columns(video, names, score, start, end) if valid.all() and all(map(_is_label, known)) else None


def _checked_columns(video: str, entries: Any, labels: bool, faults: Faults) -> Columns:
    """Read the predictions of a video one by one, and add a fault for each invalid one."""
    if not isinstance(entries, list):
        faults.add(f"{reprlib.repr(video)}: should be a list of predictions, not {reprlib.repr(entries)}")
        entries = []
    before = len(faults.messages)
    for number, entry in enumerate(entries):
        faults.extend(f"{video}, entry {number}: {fault}" for fault in _entry_faults(entry, labels))
    valid = entries if len(faults.messages) == before else []
    numbers = ([float(entry["score"]), *map(float, entry["segment"])] for entry in valid)
    score, start, end = np.array(list(numbers), dtype=np.float64).reshape(-1, 3).T
    return Columns(video, [entry["label"] for entry in valid] if labels else [], score, start, end)


def _entry_faults(entry: Any, labels: bool) -> Iterator[str]:
    wanted = [*(["label"] if labels else []), "score", "segment"]
    if not isinstance(entry, dict) or not set(wanted) <= entry.keys():
        yield f"should be an object with {', '.join(wanted)}, not {reprlib.repr(entry)}"
        return
    if labels and not _is_label(entry["label"]):
        yield f"label is {reprlib.repr(entry['label'])}, should be the name of a class"
    if not is_number(entry["score"]):
        yield f"score is {reprlib.repr(entry['score'])}, should be a finite number"
    segment = entry["segment"]
    if not (isinstance(segment, list) and len(segment) == 2 and all(map(is_number, segment))):
        yield f"segment is {reprlib.repr(segment)}, should be [start, end] in finite seconds"
    elif segment[1] < segment[0]:
        yield f"ends at {segment[1]} s, before its start at {segment[0]} s"


def _is_label(label: Any) -> bool:
    return isinstance(label, str) and bool(label) and not label.isspace()
