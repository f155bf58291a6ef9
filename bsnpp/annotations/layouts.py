"""Read annotation files in the public layouts: one unchecked entry per video (conventions, section 1).

`activitynet` and `thumos` are JSON objects with a "database" of videos, each with its subset. `bmn` is a flat
JSON object whose ids begin with `v_`; the subset is in a CSV table (BSN and BMN) or in each entry
(PaddleVideo), or there is one file per subset (mmaction2). `csv` is a table of segments
(`bsnpp.annotations.segments_csv`). HACS Segments have the layout `activitynet`.
`bsnpp.annotations.settings.LAYOUT_SUBSETS` names the subsets of each layout.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bsnpp.annotations.class_names import named, read_class_names
from bsnpp.annotations.entries import FLAT_TIMES, Entry
from bsnpp.annotations.names import bare_id, listed_subsets, normalised
from bsnpp.annotations.segments_csv import SUBSET, VIDEO, csv_entries
from bsnpp.annotations.source import AMBIGUOUS, Source
from bsnpp.annotations.tables import column_of, read_table
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import read_text
from bsnpp.core.json_text import is_number, load_json
from bsnpp.core.wording import counted

LAYOUTS = (
    'Supported layouts: {"database": {video: {"subset", "duration", "annotations"}}} (ActivityNet, THUMOS), '
    '{video: {"duration_second", "duration_frame", "feature_frame", "annotations"}} (BSN, BMN, mmaction2, '
    "Paddle), and CSV tables of segments."
)
SUBSET_TABLE = "a CSV table with the columns video and subset"


def load_entries(source: Source) -> list[Entry]:
    """Read all entries, sorted by video.

    Integer labels are replaced by the names of their classes, and segments that the source leaves out are
    removed; each entry lists them in `notes`.

    Raises
    ------
    UserError
        If a file is missing, unreadable or has another layout, or if a video is listed more than once.
    """
    if source.form == "csv":
        entries = csv_entries(source)
    else:
        lists = listed_subsets(source.video_lists)
        entries = [
            replace(entry, subset=normalised(subset) or lists.get(entry.video) or entry.subset)
            for subset, path in source.files.items()
            for entry in _json_entries(path, source)
        ]
        absent = sorted(lists.keys() - {entry.video for entry in entries})
        if absent and entries:
            note = f"`video_lists`: {counted(len(absent), 'id')} without a video, for example {absent[0]!r}"
            entries[0] = replace(entries[0], notes=(note,))
    entries.sort(key=lambda entry: entry.video)
    for previous, entry in itertools.pairwise(entries):
        if previous.video == entry.video:
            raise UserError(
                f"{source.name}: video {entry.video} is listed more than once"
                f"{', with and without v_' if len(source.files) == 1 else ''}; remove the duplicate"
            )
    by_name = source.class_names and source.label is None
    names = read_class_names(source.class_names[0]) if by_name else {}
    unmatched = _unmatched_labels(entries, source, names)
    entries = [_converted(entry, source, names) for entry in entries]
    if unmatched and entries:
        note = f"`ignored_labels`: no segment has the label {' or '.join(map(repr, unmatched))}"
        entries[0] = replace(entries[0], notes=(*entries[0].notes, note))
    return entries


def _unmatched_labels(entries: list[Entry], source: Source, names: dict[int, str]) -> list[str]:
    """Return the labels to ignore that no segment has; the default may be absent."""
    wanted = set(source.ignored_labels) - {AMBIGUOUS}
    if not wanted:
        return []
    lists = (entry.annotations for entry in entries if isinstance(entry.annotations, list))
    labels = [one["label"] for own in lists for one in own if isinstance(one, dict) and "label" in one]
    return sorted(wanted - {str(name) for label in labels for name in (label, named(label, names))})


def _converted(entry: Entry, source: Source, names: dict[int, str]) -> Entry:
    """Name the labels of an entry, and remove the segments that are left out."""
    if not isinstance(entry.annotations, list) or not entry.annotations:
        return entry
    kept, notes, ignored = [], [], list[str]()
    for place, annotation in entry.placed():
        if not isinstance(annotation, dict) or "label" not in annotation:
            kept.append((place, annotation))
            continue
        label = named(annotation["label"], names)
        segment: Any = annotation.get("segment")
        if {str(label), str(annotation["label"])} & set(source.ignored_labels):
            ignored.append(str(label))
        elif source.drop_reversed and _is_reversed(segment):
            notes.append(f"{place}: left out, ends at {segment[1]!r} s, before its start at {segment[0]!r} s")
        else:
            kept.append((place, {**annotation, "label": label}))
    notes += [
        f"{counted(count, 'segment')} of the label {label!r} left out (key `ignored_labels`)"
        for label, count in sorted(Counter(ignored).items())
    ]
    return replace(
        entry,
        annotations=[annotation for _, annotation in kept],
        places=tuple(place for place, _ in kept),
        notes=(*entry.notes, *(f"{entry.video}: {note}" for note in notes)),
    )


def _is_reversed(segment: Any) -> bool:
    pair = isinstance(segment, list) and len(segment) == 2 and all(map(is_number, segment))
    return pair and segment[1] < segment[0]


def _json_entries(path: str, source: Source) -> list[Entry]:
    content = _load_json(path)
    if source.form == "flat" or (source.form == "any" and "database" not in content and _looks_flat(content)):
        table = None if source.subset_table is None else _read_subset_table(source.subset_table)
        return _flat_entries(path, content, table)
    return _database_entries(path, content)


def _load_json(path: str) -> dict[str, Any]:
    text = read_text(path, "the annotations as JSON")
    if not text.strip():
        raise UserError(f"{path}: empty; it should contain the annotations. {LAYOUTS}")
    first = text.lstrip().splitlines()[0]
    if not first.startswith(("{", "[")) and column_of(re.split(r"[,;\t]", first), VIDEO) is not None:
        raise UserError(f"{path}: looks like a table, not JSON; set `layout: csv`, or name it *.csv")
    content = load_json(path, text, f"the annotations. {LAYOUTS}")
    if not isinstance(content, dict):
        raise UserError(f"{path}: expected a JSON object, not a {type(content).__name__}. {LAYOUTS}")
    return content


def _items(path: str, database: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in database.items():
        if not isinstance(value, dict):
            raise UserError(f"{path}: {name}: expected an object with the keys of a video, not {value!r:.60}")
        yield name, value


def _database_entries(path: str, content: dict[str, Any]) -> list[Entry]:
    """Return the entries of a JSON object with a "database": ActivityNet, HACS Segments, THUMOS."""
    database = content.get("database")
    if not isinstance(database, dict):
        advice = "; it has the flat layout of BSN and BMN, `layout: bmn`" if _looks_flat(content) else ""
        keys = f"; its keys are {', '.join(map(repr, list(content)[:5])) or 'none'}. {LAYOUTS}"
        raise UserError(f'{path}: no object "database"{advice or keys}')
    return [
        Entry(bare_id(name), _subset(value), {"duration": value.get("duration")}, value.get("annotations"))
        for name, value in _items(path, database)
    ]


def _looks_flat(content: dict[str, Any]) -> bool:
    return any(isinstance(value, dict) and value.keys() & set(FLAT_TIMES) for value in content.values())


def _subset(value: dict[str, Any]) -> str:
    return normalised(str(value.get("subset") or ""))


def _flat_entries(path: str, content: dict[str, Any], subsets: dict[str, str] | None) -> list[Entry]:
    """Return the entries of a flat JSON object: BSN, BMN, mmaction2, PaddleVideo."""
    if "database" in content:
        raise UserError(f'{path}: has a "database"; set `layout: activitynet` or `layout: thumos`')
    items = list(_items(path, content))
    covered = any("feature_frame" in value for _, value in items)
    return [
        Entry(
            name.removeprefix("v_"),
            _subset(value) if subsets is None else subsets.get(name.removeprefix("v_"), ""),
            _flat_times(value, covered),
            value.get("annotations"),
        )
        for name, value in items
    ]


def _flat_times(value: dict[str, Any], covered: bool) -> dict[str, Any]:
    """Return the times of a flat entry: of a file without `feature_frame`, only the duration.

    Without `duration_frame`, the number of frames follows from the frame rate (`rfps` or `fps`).
    """
    seconds: Any = value.get("duration_second")
    if not covered:
        return {"duration_second": seconds}
    frames, rate = value.get("duration_frame"), value.get("rfps", value.get("fps"))  # type: Any, Any
    if frames is None and is_number(seconds) and is_number(rate):
        frames = seconds * rate
    return {"duration_second": seconds, "duration_frame": frames, "feature_frame": value.get("feature_frame")}


def _read_subset_table(path: str) -> dict[str, str]:
    """Read the subset of every id. The table may list ids that the annotations lack."""
    table = read_table(path, SUBSET_TABLE)
    columns = [table.required(path, what, names) for what, names in (("video", VIDEO), ("subset", SUBSET))]
    lines: dict[str, list[int]] = {}
    subsets: dict[str, str] = {}
    for line, row in table.rows:
        video, subset = (row[column].strip() for column in columns)
        video = video.removeprefix("v_")
        lines.setdefault(video, []).append(line)
        subsets[video] = normalised(subset)
    faults = Faults(f"{path}: videos that are listed more than once", "Remove the duplicates.")
    faults.extend(
        f"{video}: rows {' and '.join(map(str, places))}"
        for video, places in lines.items()
        if len(places) > 1
    )
    faults.raise_if_any()
    return subsets
