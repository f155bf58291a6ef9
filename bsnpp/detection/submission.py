"""The submission file of the ActivityNet challenge 2020: written, and checked (conventions, section 7).

`{"version": "VERSION 1.3", "results": {id: [{"label", "score", "segment": [start_s, end_s]}]},
"external_data": {"used": bool, "details": str}}`. Ids carry no `v_` prefix; all three keys are required.
"""

import json
import reprlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bsnpp.errors import Faults
from bsnpp.files import whole_file

VERSION = "VERSION 1.3"
DECIMALS = 4
"""Decimals of times in seconds: far below the length of a video frame."""


def write_submission(
    path: str | Path, detections: pd.DataFrame, videos: pd.DataFrame, used_external: bool, details: str
) -> int:
    """Write detections as a submission; the same tables give the same bytes.

    Times are rounded to `DECIMALS` and stay inside the video. A detection that lies outside it is left out.

    Parameters
    ----------
    path : str or Path
        The JSON file to make.
    detections : pd.DataFrame
        Columns video, label, score, start, end (seconds).
    videos : pd.DataFrame
        Columns video, duration (seconds): all videos of the subset. Each has an entry, if only an empty list.
    used_external : bool
        Whether data from outside the challenge were used.
    details : str
        Which.

    Returns
    -------
    int
        Detections left out.

    Raises
    ------
    UserError
        If detections are of videos that the subset lacks, or the file cannot be written.
    """
    _refuse_foreign(detections, videos)
    inside = _inside(detections, videos)
    order = np.lexsort([inside["label"], inside["end"], inside["start"], -inside["score"]])
    entries = dict(iter(inside.iloc[order].groupby("video")))
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"version": {json.dumps(VERSION)},\n"results": {{')
        for number, video in enumerate(sorted(videos["video"])):
            found = _entries(entries[video]) if video in entries else []
            file.write(f"{',' if number else ''}\n{json.dumps(video)}: {json.dumps(found, allow_nan=False)}")
        external = json.dumps({"used": bool(used_external), "details": details})
        file.write(f'}},\n"external_data": {external}}}\n')
    return len(detections) - len(inside)


def _refuse_foreign(detections: pd.DataFrame, videos: pd.DataFrame) -> None:
    """Raise if there are detections of videos that are none of the subset's."""
    faults = Faults("detections of videos that are not in the subset")
    faults.extend(sorted(set(detections["video"].unique()) - set(videos["video"])))
    faults.raise_if_any()


def _inside(detections: pd.DataFrame, videos: pd.DataFrame) -> pd.DataFrame:
    """Detections clipped to [0, duration] and rounded inside it, without those that have no length left."""
    if not np.isfinite(detections[["score", "start", "end"]].to_numpy(dtype=np.float64)).all():
        raise ValueError("scores and times of detections must be finite")
    duration = detections["video"].map(videos.set_index("video")["duration"]).to_numpy(dtype=np.float64)
    start = np.clip(detections["start"].to_numpy(dtype=np.float64), 0, duration)
    end = np.clip(detections["end"].to_numpy(dtype=np.float64), 0, duration)
    rounded_start, rounded_end = np.round(start, DECIMALS), np.minimum(np.round(end, DECIMALS), duration)
    collapsed = rounded_start >= rounded_end  # shorter than the rounding: such a one keeps its exact times
    table = detections.assign(
        start=np.where(collapsed, start, rounded_start), end=np.where(collapsed, end, rounded_end)
    )
    return table[table["start"] < table["end"]]


def _entries(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The list of one video."""
    columns = (rows[name].tolist() for name in ("label", "score", "start", "end"))
    return [
        {"label": label, "score": score, "segment": [start, end]}
        for label, score, start, end in zip(*columns, strict=True)
    ]


class _Repeated(dict):
    """A JSON object that remembers the keys which stood in it more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated: list[str] = []
        if len(self) < len(pairs):
            self.repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]


def validate_submission(
    path: str | Path, videos: pd.DataFrame, classes: Sequence[str], per_video: int
) -> list[str]:
    """Check a submission file, whoever made it.

    Parameters
    ----------
    path : str or Path
        The JSON file.
    videos : pd.DataFrame
        Columns video, duration (seconds): all videos of the subset.
    classes : sequence of str
        The labels that may occur.
    per_video : int
        The most detections of a video.

    Returns
    -------
    list of str
        Every fault, naming video and entry (counted from 0); empty for a valid file.
    """
    try:
        content = json.loads(Path(path).read_bytes(), object_pairs_hook=_Repeated)
    except OSError as error:
        return [f"the file cannot be read: {error.strerror}"]
    except (ValueError, RecursionError, MemoryError) as error:
        return [f"the file is no JSON that can be read: {_short(str(error) or type(error).__name__)}"]
    if not isinstance(content, dict):
        return [
            f"the file must hold an object with version, results and external_data, not {_short(content)}"
        ]
    durations = dict(zip(videos["video"], videos["duration"], strict=True))
    faults = [*_repeated_faults("the file", content), *_head_faults(content)]
    if "results" in content:
        faults.extend(_result_faults(content["results"], durations, frozenset(classes), per_video))
    return faults


def _head_faults(content: dict[str, Any]) -> Iterator[str]:
    """Faults of version and external_data, and missing keys."""
    for key in ("version", "results", "external_data"):
        if key not in content:
            yield f"the key {key} is missing"
    if content.get("version", VERSION) != VERSION:
        yield f"version must be {VERSION!r}, not {_short(content['version'])}"
    if "external_data" not in content:
        return
    external = content["external_data"]
    if not isinstance(external, dict):
        yield f"external_data must be an object with used and details, not {_short(external)}"
        return
    if not isinstance(external.get("used"), bool):
        yield f"external_data: used must be true or false, not {_short(external.get('used'))}"
    if not isinstance(external.get("details"), str):
        yield f"external_data: details must be a text, not {_short(external.get('details'))}"


def _result_faults(
    results: Any, durations: dict[str, float], classes: frozenset[str], per_video: int
) -> Iterator[str]:
    """Faults of the list of every video."""
    if not isinstance(results, dict):
        yield f"results must be an object of one list per video, not {_short(results)}"
        return
    yield from _repeated_faults("results", results)
    for video in sorted(durations.keys() - results.keys()):
        prefixed = f"; ids carry no v_, but v_{video} is there" if f"v_{video}" in results else ""
        yield f"{video}: missing; every video of the subset needs a list, if only an empty one{prefixed}"
    for video, entries in results.items():
        if video not in durations:
            yield f"{_short(video)}: not a video of the subset"
        elif not isinstance(entries, list):
            yield f"{video}: must be a list of detections, not {_short(entries)}"
        else:
            if len(entries) > per_video:
                yield f"{video}: {len(entries)} detections, at most {per_video} are allowed"
            for number, entry in enumerate(entries):
                for fault in _entry_faults(entry, durations[video], classes):
                    yield f"{video}, entry {number}: {fault}"


def _entry_faults(entry: Any, duration: float, classes: frozenset[str]) -> Iterator[str]:
    """Faults of one detection."""
    if not isinstance(entry, dict):
        yield f"must be an object with label, score and segment, not {_short(entry)}"
        return
    yield from _repeated_faults("the entry", entry)
    label = entry.get("label")
    if not isinstance(label, str) or label not in classes:
        yield f"label {_short(label)} is none of the {len(classes)} classes"
    if not _is_number(entry.get("score")):
        yield f"score must be a finite number, not {_short(entry.get('score'))}"
    segment = entry.get("segment")
    if not (isinstance(segment, list) and len(segment) == 2 and all(map(_is_number, segment))):
        yield f"segment must be two finite numbers, start and end in seconds, not {_short(segment)}"
    elif not 0 <= segment[0] < segment[1] <= duration:
        yield f"segment {_short(segment)} must satisfy 0 <= start < end <= {duration}, the video's duration"


def _repeated_faults(place: str, content: dict[str, Any]) -> Iterator[str]:
    for key in getattr(content, "repeated", []):
        yield f"{place}: the key {_short(key)} stands there more than once"


def _is_number(value: Any) -> bool:
    """Whether it is a finite number that a float can hold; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _short(value: Any) -> str:
    """A value as it may stand in a message, however large or deep it is."""
    return reprlib.repr(dict(value) if isinstance(value, dict) else value)
