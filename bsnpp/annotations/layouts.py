"""The public layouts of ground truth, brought to one shape: one unchecked entry per video.

Layouts (conventions 1): `activitynet` and `thumos` hold a "database" of videos that carry their subset;
`bmn` is flat, its ids carry a `v_`, and the subset of each video stands in a table beside it.
"""

import csv
import gzip
import io
import itertools
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bsnpp.annotations.entries import Entry
from bsnpp.core.errors import UserError

YOUTUBE_ID_LENGTH = 11


def normalised(subset: str) -> str:
    """A subset's name without regard to case and surrounding spaces."""
    return subset.strip().lower()


def bare_id(name: str) -> str:
    """Take a `v_` away, unless the name is a whole YouTube id: two of ActivityNet's begin with `v_`."""
    return name if len(name) == YOUTUBE_ID_LENGTH else name.removeprefix("v_")


def read_text(path: str, content: str) -> str:
    """Read a text file, gz or plain; `content` says what it should hold.

    Raises
    ------
    UserError
        If it is missing or unreadable.
    """
    try:
        data = Path(path).read_bytes()
        return (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; it should hold {content}") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({error}); it should hold {content}") from error


def load_entries(path: str, subset_table: str | None, excluded: frozenset[str]) -> list[Entry]:
    """Read every entry that is not excluded, sorted by video.

    Parameters
    ----------
    path : str
        The annotations; flat (`bmn`) if `subset_table` is given, with a "database" otherwise.
    subset_table : str, optional
        CSV with the columns `video` and `subset`.
    excluded : frozenset of str
        Ids to leave out, with or without `v_`.

    Raises
    ------
    UserError
        If a file is missing, unreadable or of another layout, or if an id stands there twice.
    """
    content = _load_json(path)
    if subset_table is None:
        entries = _database_entries(path, content)
    else:
        entries = _flat_entries(path, content, _read_subset_table(subset_table))
    entries.sort(key=lambda entry: entry.video)
    for previous, entry in itertools.pairwise(entries):
        if previous.video == entry.video:
            raise UserError(f"{path}: video {entry.video} is there twice, with and without v_; keep one")
    return [entry for entry in entries if not {entry.video, f"v_{entry.video}"} & excluded]


def read_excluded(path: str | None) -> frozenset[str]:
    """Read the ids to leave out: a JSON list, or one id a line; none without a file.

    Raises
    ------
    UserError
        If the file is missing or unreadable.
    """
    if path is None:
        return frozenset()
    text = read_text(path, "the ids of videos to leave out, one a line or as a JSON list")
    if not text.lstrip().startswith("["):
        return frozenset(line.strip() for line in text.splitlines() if line.strip())
    try:
        return frozenset(str(video) for video in json.loads(text))
    except ValueError as error:
        raise UserError(f"{path}: begins like a JSON list but is not valid JSON ({error})") from error


def read_classes(path: str) -> list[str]:
    """Read a class list, one class a line; a first line `action` is a header. Sorted: the canonical order.

    Raises
    ------
    UserError
        If the file is missing, holds no class, or a class twice.
    """
    lines = [line.strip() for line in read_text(path, "the classes, one a line").splitlines()]
    classes = [line for line in lines[lines[:1] == ["action"] :] if line]
    twice = sorted({name for name in classes if classes.count(name) > 1})
    if twice or not classes:
        raise UserError(
            f"{path}: " + (f"classes that stand there twice: {', '.join(twice)}" if twice else "no class")
        )
    return sorted(classes)


def _load_json(path: str) -> dict[str, Any]:
    try:
        content = json.loads(read_text(path, "the annotations as JSON"))
    except ValueError as error:
        raise UserError(f"{path}: not valid JSON ({error}); is the file whole?") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: should hold a JSON object, not a {type(content).__name__}")
    return content


def _items(path: str, database: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for name, value in database.items():
        if not isinstance(value, dict):
            raise UserError(f"{path}: {name} should be an object with the video's keys, not {value!r:.60}")
        yield name, value


def _database_entries(path: str, content: dict[str, Any]) -> list[Entry]:
    database = content.get("database")
    if not isinstance(database, dict):
        raise UserError(f'{path}: no object "database"; for the flat layout of BSN and BMN set `layout: bmn`')
    return [
        Entry(
            bare_id(name),
            normalised(str(value.get("subset") or "")),
            {"duration": value.get("duration")},
            value.get("annotations"),
        )
        for name, value in _items(path, database)
    ]


def _flat_entries(path: str, content: dict[str, Any], subsets: dict[str, str]) -> list[Entry]:
    if "database" in content:
        raise UserError(f'{path}: holds a "database"; set `layout: activitynet` or `layout: thumos`')
    keys = ("duration_second", "duration_frame", "feature_frame")
    return [
        Entry(
            name.removeprefix("v_"),
            subsets.get(name.removeprefix("v_"), ""),
            {key: value.get(key) for key in keys},
            value.get("annotations"),
        )
        for name, value in _items(path, content)
    ]


def _read_subset_table(path: str) -> dict[str, str]:
    """Subset of every id; ids that only this table has are left to it."""
    rows = csv.DictReader(io.StringIO(read_text(path, "a CSV table with the columns video and subset")))
    missing = {"video", "subset"} - set(rows.fieldnames or [])
    if missing:
        raise UserError(f"{path}: no column {', '.join(sorted(missing))} in its first line")
    return {(row["video"] or "").removeprefix("v_"): normalised(row["subset"] or "") for row in rows}
