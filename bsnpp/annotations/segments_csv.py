"""Read CSV files of segments: one segment per line, with the column names of several publications.

THUMOS14 in the tables of BSN and G-TAD: `video,type,type_idx,start,end,startFrame,endFrame` and
`video-name,t-init,t-end,f-init,f-end,video-duration,frame-rate,video-frames,label-idx`. EPIC-Kitchens-100:
`video_id,start_timestamp,stop_timestamp,start_frame,stop_frame,verb_class,noun_class` among others, with
`video_id,duration,fps,resolution` in a second file.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bsnpp.annotations.class_names import NUMBER, read_class_names
from bsnpp.annotations.entries import Entry
from bsnpp.annotations.names import bare_id, listed_subsets, normalised
from bsnpp.annotations.source import Source
from bsnpp.annotations.tables import Table, column_of, read_table
from bsnpp.core.errors import Faults, UserError
from bsnpp.core.wording import counted

SEGMENTS = "a CSV table of segments with the columns video, start, end and label"
VIDEOS = "a CSV table of videos with the columns video and duration [s], or fps"

VIDEO = ("video", "video_id", "video_name")
SUBSET = ("subset", "split")
DURATION = ("duration", "seconds", "duration_second", "video_duration")
FPS = ("rfps", "fps", "frame_rate")
FRAMES = ("num_frame", "num_frames", "video_frames", "duration_frame")
SECONDS = (
    ("start", "start_timestamp", "start_time", "start_second", "t_start", "t_init"),
    ("end", "stop", "stop_timestamp", "end_timestamp", "end_time", "stop_time", "end_second", "t_end"),
)
IN_FRAMES = (("start_frame", "f_init"), ("end_frame", "stop_frame", "f_end"))
LABEL = ("label", "type", "class", "action", "activity", "label_idx", "label_id")
VERB, NOUN = ("verb_class",), ("noun_class",)
UNLABELLED = "testing"
"""The subset whose files may lack labels."""


def csv_entries(source: Source) -> list[Entry]:
    """Read the entries of all files, and of the videos without segments in `video_table` and `video_lists`.

    The duration and the frame rate of a video are columns of the segments or of `video_table`. Times are
    seconds or `hours:minutes:seconds`; without such columns they are frames, divided by the frame rate.

    Raises
    ------
    UserError
        With all faults of the first file that has some.
    """
    videos = _Videos(source)
    labels = _Labels(source)
    for subset, path in source.files.items():
        _read_segments(path, normalised(subset), videos, labels)
    return videos.entries()


def timestamp(text: str) -> float:
    """Read seconds, `minutes:seconds` or `hours:minutes:seconds`; a ValueError for anything else.

    Examples
    --------
    >>> timestamp("00:01:02.5")
    62.5
    """
    parts = [float(part) for part in text.split(":")]
    if len(parts) > 3 or not all(map(math.isfinite, parts)) or any(part < 0 for part in parts[1:]):
        raise ValueError(f"{text!r} is not a time")
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))


class _Labels:
    """How the label of a row is made."""

    def __init__(self, source: Source) -> None:
        self._kind = source.label
        numbered = source.label is not None
        self._names = [read_class_names(path) for path in source.class_names] if numbered else []

    def columns(self, path: str, table: Table) -> list[str]:
        """Return the columns of the label; none if the table has none."""
        of_epic = [column_of(table.header, names) for names in (VERB, NOUN)]
        if self._kind is None:
            column = column_of(table.header, LABEL)
            if column is None and None not in of_epic:
                raise UserError(
                    f"{path}: has the columns of EPIC-Kitchens; set the key `label` to verb, noun or action"
                )
            return [column] if column else []
        wanted = {"verb": of_epic[:1], "noun": of_epic[1:], "action": of_epic}[self._kind]
        return [column for column in wanted if column is not None] if None not in wanted else []

    def label(self, cells: Sequence[str]) -> str | int:
        """Return the label of a row: its text or number, or the verb and noun by name, or else by number.

        Raises
        ------
        ValueError
            If a number is not a class.
        """
        if self._kind is None:
            return int(cells[0]) if NUMBER.fullmatch(cells[0]) else cells[0]
        kinds = ("verb", "noun") if self._kind == "action" else (self._kind,)
        if not self._names:
            return " ".join(f"{kind} {int(cell)}" for kind, cell in zip(kinds, cells, strict=True))
        for names, cell in zip(self._names, cells, strict=True):
            if int(cell) not in names:
                raise ValueError(f"{cell} is not a number of the key `class_names`")
        return " ".join(names[int(cell)] for names, cell in zip(self._names, cells, strict=True))


class _Videos:
    """What is known of each video."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lists = listed_subsets(source.video_lists)
        self._files: dict[str, tuple[str, str]] = {}  # subset and file of each video
        self._durations: dict[str, float] = {}
        self.rates: dict[str, float] = {}
        self._segments: dict[str, list[tuple[str, Any]]] = {}
        self._labelled: set[str] = set()
        self._listed: dict[str, str] = {}
        self._spelt: dict[str, str] = {}
        if source.video_table is not None:
            table = read_table(source.video_table, VIDEOS)
            column = table.required(source.video_table, "video", VIDEO)
            faults = Faults(f"{source.video_table}: invalid videos")
            for line, row in table.rows:
                video = bare_id(row[column].strip())
                if video in self._listed:
                    faults.add(f"line {line}: video {video} is listed more than once")
                self._listed[video] = normalised(_cell(row, column_of(table.header, SUBSET)))
                self.measure(video, table.header, row, f"line {line}", faults)
            faults.raise_if_any()

    def measure(
        self, video: str, header: Sequence[str], row: Mapping[str, str], place: str, faults: Faults
    ) -> None:
        """Keep the duration and the frame rate in a row, if it has them."""
        read = {}
        for what, names in (("duration", DURATION), ("rate", FPS), ("frames", FRAMES)):
            text = _cell(row, column_of(header, names))
            try:
                read[what] = timestamp(text) if text else 0.0
                if read[what] < 0:
                    raise ValueError(text)
            except ValueError:
                faults.add(f"{place}: {what} is {text!r:.40}, expected a number above 0")
                return
        duration = read["duration"] or (read["frames"] / read["rate"] if read["rate"] else 0.0)
        for known, value in ((self._durations, duration), (self.rates, read["rate"])):
            if value and not math.isclose(known.setdefault(video, value), value, rel_tol=1e-3):
                faults.add(f"{place}: {video} has {value:g}, but {known[video]:g} on another line")

    def spelling_fault(self, name: str, place: str) -> str | None:
        """Return a fault if a video is written with and without `v_`."""
        known = self._spelt.setdefault(bare_id(name), name)
        return None if known == name else f"{place}: {name}, but {known} on other lines; write one of them"

    def add(
        self, video: str, subset: str, path: str, place: str, segment: dict[str, Any] | None, labelled: bool
    ) -> str | None:
        """Add a row of a file, and return what is wrong with its subset."""
        known, file = self._files.setdefault(video, (subset, path))
        if (known, file) != (subset, path):
            subsets = f"in the subset {subset or '(none)'}, but also in {known or '(none)'}"
            return f"{place}: {video} is {subsets} ({file})"
        rows = self._segments.setdefault(video, [])
        if segment is not None:
            rows.append((place, segment))
        if labelled:
            self._labelled.add(video)
        return None

    def entries(self) -> list[Entry]:
        """Return one entry per video; a note counts those of the table with neither subset nor segment."""
        listed = {video for video, subset in self._listed.items() if subset}
        chosen = [*dict.fromkeys([*self._segments, *self._lists, *sorted(listed)])]
        entries = []
        for video in chosen:
            rows = self._segments.get(video, [])
            subset = self._lists.get(video) or self._files.get(video, ("", ""))[0] or self._listed.get(video)
            unlabelled = video in self._segments and video not in self._labelled
            entries.append(
                Entry(
                    video,
                    subset or "",
                    {"duration": self._durations.get(video)},
                    None if unlabelled else [segment for _, segment in rows],
                    tuple(place for place, _ in rows),
                    in_table=True,
                )
            )
        left = sorted(set(self._listed) - set(chosen))
        if left and entries:
            note = (
                f"{self._source.video_table}: {counted(len(left), 'video')} without subset and segment left "
                f"out, for example {left[0]}"
            )
            entries[0] = replace(entries[0], notes=(note,))
        return entries


def _read_segments(path: str, subset: str, videos: _Videos, labels: _Labels) -> None:
    table = read_table(path, SEGMENTS)
    video_column = table.required(path, "video", VIDEO)
    label_columns = labels.columns(path, table)
    if not label_columns and subset != UNLABELLED:
        table.required(path, "label", LABEL)
    times = [column_of(table.header, names) for names in SECONDS]
    in_frames = None in times
    if in_frames:
        times = [
            table.required(path, f"{what} [s] or [frames]", (*seconds[:3], *frames))
            for what, seconds, frames in zip(("start", "end"), SECONDS, IN_FRAMES, strict=True)
        ]
    subset_column = column_of(table.header, SUBSET)
    faults = Faults(f"{path}: invalid segments")
    for line, row in table.rows:
        place = f"line {line}"
        video = bare_id(row[video_column].strip())
        if not video:
            faults.add(f"{place}: no video")
            continue
        faults.extend(filter(None, [videos.spelling_fault(row[video_column].strip(), place)]))
        videos.measure(video, table.header, row, place, faults)
        cells = [row[column].strip() for column in (*times, *label_columns) if column is not None]
        segment = None
        if label_columns and any(cells):  # a line with only a video lists it
            try:
                start, end = (timestamp(cell) for cell in cells[:2])
                if in_frames:
                    start, end = (time / _rate(videos.rates, video) for time in (start, end))
                segment = {"segment": [start, end], "label": labels.label(cells[2:])}
            except ValueError as error:
                faults.add(f"{place}: {video}: {error}")
                continue
        own = subset or normalised(_cell(row, subset_column))
        fault = videos.add(video, own, path, place, segment, bool(label_columns))
        if fault:
            faults.add(fault)
    faults.raise_if_any()


def _rate(rates: Mapping[str, float], video: str) -> float:
    if video not in rates:
        raise ValueError("times in frames need the frame rate: a column `fps`, here or in `video_table`")
    return rates[video]


def _cell(row: Mapping[str, str], column: str | None) -> str:
    return "" if column is None else row[column].strip()
