"""Read annotation files in the public layouts: one unchecked entry per video (conventions, section 1).

`activitynet` and `thumos` are JSON objects with a "database" of videos, each with its subset. `bmn` is a flat
JSON object whose ids begin with `v_`; a separate CSV table lists the subset of each video. HACS Segments
have the layout `activitynet`. `bsnpp.annotations.settings.LAYOUT_SUBSETS` names the subsets of each layout.
"""

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any

from bsnpp.annotations.entries import FLAT_TIMES, Entry
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import read_text
from bsnpp.core.json_text import load_json

YOUTUBE_ID_LENGTH = 11

LAYOUTS = (
    'Supported layouts: {"database": {video: {"subset", "duration", "annotations"}}} (ActivityNet, THUMOS), '
    'and {video: {"duration_second", "duration_frame", "feature_frame", "annotations"}} with a table of '
    "subsets (BSN, BMN)."
)


def normalised(subset: str) -> str:
    """Return the name of a subset in lower case, without surrounding spaces."""
    return subset.strip().lower()


def bare_id(name: str) -> str:
    """Remove the prefix `v_`, except from a whole YouTube id: two ids of ActivityNet begin with `v_`."""
    return name if len(name) == YOUTUBE_ID_LENGTH else name.removeprefix("v_")


def load_entries(path: str, subset_table: str | None) -> list[Entry]:
    """Read all entries, sorted by video.

    Parameters
    ----------
    path : str
        The annotations: flat (`bmn`) if `subset_table` is given, else with a "database".
    subset_table : str, optional
        CSV table with the columns `video` and `subset`.

    Raises
    ------
    UserError
        If a file is missing, unreadable or has another layout, or if a video is listed more than once.
    """
    content = _load_json(path)
    if subset_table is None:
        entries = _database_entries(path, content)
    else:
        entries = _flat_entries(path, content, _read_subset_table(subset_table))
    entries.sort(key=lambda entry: entry.video)
    for previous, entry in itertools.pairwise(entries):
        if previous.video == entry.video:
            raise UserError(
                f"{path}: video {entry.video} is listed more than once, with and without v_; "
                "remove the duplicate"
            )
    return entries


def _load_json(path: str) -> dict[str, Any]:
    content = load_json(path, read_text(path, "the annotations as JSON"), f"the annotations. {LAYOUTS}")
    if not isinstance(content, dict):
        raise UserError(f"{path}: expected a JSON object, not a {type(content).__name__}. {LAYOUTS}")
    return content


def _items(path: str, database: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in database.items():
        if not isinstance(value, dict):
            raise UserError(f"{path}: {name}: expected an object with the keys of a video, not {value!r:.60}")
        yield name, value


def _database_entries(path: str, content: dict[str, Any]) -> list[Entry]:
    database = content.get("database")
    if not isinstance(database, dict):
        raise UserError(f'{path}: no object "database"{_database_advice(content)}')
    return [
        Entry(
            bare_id(name),
            normalised(str(value.get("subset") or "")),
            {"duration": value.get("duration")},
            value.get("annotations"),
        )
        for name, value in _items(path, database)
    ]


def _database_advice(content: dict[str, Any]) -> str:
    """Name the layout of a file without a database: the flat one if its entries look like it."""
    if any(isinstance(value, dict) and value.keys() & set(FLAT_TIMES) for value in content.values()):
        return (
            "; the flat layout of BSN and BMN needs a table of subsets "
            "(`layout: bmn` with `subset_table`, or --subset-table)"
        )
    return f"; its keys are {', '.join(map(repr, list(content)[:5])) or 'none'}. {LAYOUTS}"


def _flat_entries(path: str, content: dict[str, Any], subsets: dict[str, str]) -> list[Entry]:
    if "database" in content:
        raise UserError(f'{path}: has a "database"; set `layout: activitynet` or `layout: thumos`')
    return [
        Entry(
            name.removeprefix("v_"),
            subsets.get(name.removeprefix("v_"), ""),
            {key: value.get(key) for key in FLAT_TIMES},
            value.get("annotations"),
        )
        for name, value in _items(path, content)
    ]


def _read_subset_table(path: str) -> dict[str, str]:
    """Read the subset of every id. The table may list ids that the annotations lack."""
    rows = csv.DictReader(io.StringIO(read_text(path, "a CSV table with the columns video and subset")))
    missing = {"video", "subset"} - set(rows.fieldnames or [])
    if missing:
        raise UserError(f"{path}: no column {', '.join(sorted(missing))} in the first line")
    lines: dict[str, list[int]] = {}
    subsets: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        video = (row["video"] or "").removeprefix("v_")
        lines.setdefault(video, []).append(line)
        subsets[video] = normalised(row["subset"] or "")
    faults = Faults(f"{path}: videos that are listed more than once", "Remove the duplicates.")
    faults.extend(
        f"{video}: rows {' and '.join(map(str, places))}"
        for video, places in lines.items()
        if len(places) > 1
    )
    faults.raise_if_any()
    return subsets
