"""What the streams of an encoder were read from, and how long they are: a row per video and stream.

Nothing is made from it: it tells which bytes went in, and whose features are too short (conventions 1).
"""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file
from bsnpp.features.importers import StreamReader, as_sequence, open_source
from bsnpp.features.settings import StreamSource

SHORT = 0.9
"""Share of the snippets that a stream's rate promises, below which a video is short."""

# A stream has a rate of its own if most videos keep to the median: by this share, or by the snippet that
# rounding costs.
STEADY_VIDEOS = 0.85
NEAR = 0.05

COLUMNS = ["video", "stream", "file", "snippets", "seconds", "snippets_per_second", "sha256", "flag"]


@dataclass(frozen=True)
class Entry:
    """A row of the manifest.

    Attributes
    ----------
    video, stream : str
    file : str
        The video's file, or the HDF5 file and its dataset; empty if the video is missing.
    snippets : int
        0 if there are none, or none can be read.
    seconds : float
        Duration of the video.
    sha256 : str
        Of what was read; empty if nothing could be.
    flag : str
        `missing`; `unusable`, what the import refuses by its format or shape; `no snippets`; `one snippet`;
        `short`; or empty.
    """

    video: str
    stream: str
    file: str
    snippets: int
    seconds: float
    sha256: str
    flag: str

    @property
    def rate(self) -> float:
        """Snippets per second."""
        return self.snippets / self.seconds


@dataclass(frozen=True)
class Rate:
    """Snippets per second of a stream, over the videos that have more than one.

    Attributes
    ----------
    median : float
        NaN without such videos.
    share : float
        Of these videos that keep to the median, within 5 % or one snippet.
    """

    median: float
    share: float

    @property
    def steady(self) -> bool:
        """Whether 85 % of the videos keep to it: seldom so where frame rates are mixed."""
        return self.share >= STEADY_VIDEOS


def list_stream(source: StreamSource, videos: Iterable[tuple[str, float]]) -> Iterator[Entry]:
    """List videos, pairs of id and seconds, as they stand in a stream; one at a time in memory.

    NaN are not looked for: the import refuses them.

    Raises
    ------
    UserError
        If the source itself is missing, unreadable or empty.
    """
    reader = open_source(source)
    for video, seconds in videos:
        yield _entry(reader, video, seconds)


def _entry(reader: StreamReader, video: str, seconds: float) -> Entry:
    stream, name = reader.source.name, reader.name_of(video)
    if name is None:
        return Entry(video, stream, "", 0, seconds, "", "missing")
    where = reader.container.where(name)
    try:
        array = reader.container.load(name)
        snippets = len(as_sequence(array, reader.source.channels)) if array.size else 0
    except UserError:
        return Entry(video, stream, where, 0, seconds, "", "unusable")
    digest = _file_digest(where) if os.path.isdir(reader.source.path) else array_digest(array)
    flag = {0: "no snippets", 1: "one snippet"}.get(snippets, "")
    return Entry(video, stream, where, snippets, seconds, digest, flag)


def _file_digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def array_digest(array: np.ndarray) -> str:
    """SHA-256 of an array of numbers, whichever file holds it and however that is compressed.

    Of the UTF-8 text `<dtype> <shape>` and a line feed, such as `<f4 (12, 400)`, then of the values as
    little-endian bytes, the last axis running fastest.
    """
    values = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    digest = hashlib.sha256(f"{values.dtype.str} {array.shape}\n".encode())
    digest.update(values.data if values.size else b"")
    return digest.hexdigest()


def rate_of(entries: Sequence[Entry]) -> Rate:
    """The rate of one stream's entries; features of a fixed number of snippets have none."""
    present = [entry for entry in entries if entry.snippets > 1]
    if not present:
        return Rate(float("nan"), 0.0)
    snippets = np.array([entry.snippets for entry in present])
    median = float(np.median([entry.rate for entry in present]))
    expected = median * np.array([entry.seconds for entry in present])
    if len(present) > 1 and np.ptp(snippets) == 0:
        return Rate(median, 0.0)
    near = np.abs(snippets - expected) <= np.maximum(1.0, NEAR * expected)
    return Rate(median, float(near.mean()))


def flag_short(entries: Sequence[Entry], rate: Rate) -> list[Entry]:
    """Flag the short videos among those not flagged yet; none where the stream has no steady rate.

    Short: below 0.9 of the snippets that the median rate promises, by more than the one that rounding costs.
    """
    return [
        replace(entry, flag="short") if rate.steady and not entry.flag and _is_short(entry, rate) else entry
        for entry in entries
    ]


def _is_short(entry: Entry, rate: Rate) -> bool:
    promised = rate.median * entry.seconds
    return entry.snippets < min(SHORT * promised, promised - 1)


def write_manifest(path: str | Path, entries: Iterable[Entry]) -> None:
    """Write the rows as CSV.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for entry in entries:
            read = [entry.video, entry.stream, entry.file, entry.snippets, entry.seconds]
            writer.writerow([*read, f"{entry.rate:.6g}", entry.sha256, entry.flag])
