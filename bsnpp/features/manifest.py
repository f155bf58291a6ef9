"""List the features of an encoder as they are on disk: one row per video and stream (conventions 1).

No result depends on the manifest; only the report shows its flags. It records which bytes were read, and
which videos have fewer or more snippets than expected from their duration.
"""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import checked_file
from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import StreamReader, open_source

SHORT, LONG = 0.9, 1.1
"""Shares of the expected number of snippets, below and above which a video is flagged."""

# The rate of a stream is steady if most videos have it, within a share or the snippet that rounding costs.
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
        The file of the video, or the HDF5 file and its dataset; empty if the video is missing.
    snippets : int
        0 if there are none, or if they cannot be read.
    seconds : float
        Duration of the video [s].
    sha256 : str
        Digest of what was read; empty if nothing could be read.
    flag : str
        `missing`, `unusable` (the import would refuse its format or shape), `no snippets`, `one snippet`,
        `short`, `long`, or empty.
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
    """Snippets per second of a stream, over the videos with more than one snippet.

    Attributes
    ----------
    median : float
        NaN without such videos.
    share : float
        Share of these videos that have the median rate, within 5 % or one snippet.
    """

    median: float
    share: float

    @property
    def steady(self) -> bool:
        """Whether 85 % of the videos have the median rate; rarely so if frame rates are mixed."""
        return self.share >= STEADY_VIDEOS


def list_stream(source: StreamSource, videos: Iterable[tuple[str, float]]) -> Iterator[Entry]:
    """List videos (id and duration [s]) as they are in a stream, with one video at a time in memory.

    Values are not checked: the import refuses NaN.

    Raises
    ------
    UserError
        If the source itself is missing, unreadable or empty.
    """
    reader = open_source(source)
    for video, seconds in videos:
        yield _entry(reader, video, seconds)


def _entry(reader: StreamReader, video: str, seconds: float) -> Entry:
    stream, place = reader.source.name, reader.place_of(video)
    if place is None:
        return Entry(video, stream, "", 0, seconds, "", "missing")
    try:
        array = reader.load(video)
        snippets = len(reader.time_first(array)) if array.size else 0
    except UserError:
        return Entry(video, stream, place, 0, seconds, "", "unusable")
    digest = _file_digest(place) if os.path.isfile(place) else array_digest(array)
    flag = {0: "no snippets", 1: "one snippet"}.get(snippets, "")
    return Entry(video, stream, place, snippets, seconds, digest, flag)


def _file_digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def array_digest(array: np.ndarray) -> str:
    """Return the SHA-256 of an array of numbers, whatever file holds it and however that is compressed.

    Digested are the UTF-8 text `<dtype> <shape>` and a line feed, such as `<f4 (12, 400)`, then the values as
    little-endian bytes in C order.
    """
    values = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    digest = hashlib.sha256(f"{values.dtype.str} {array.shape}\n".encode())
    digest.update(values.data if values.size else b"")
    return digest.hexdigest()


def rate_of(entries: Sequence[Entry]) -> Rate:
    """Return the rate of the entries of one stream; features of a fixed number of snippets have none."""
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


def flag_lengths(entries: Sequence[Entry], rate: Rate) -> list[Entry]:
    """Flag videos that have too few or too many snippets for their duration, if the rate is steady.

    A video is short below 0.9 of the snippets that the median rate gives and long above 1.1 of them, in both
    cases by more than the one snippet that rounding costs. Other flags are kept.
    """
    if not rate.steady:
        return list(entries)
    return [entry if entry.flag else replace(entry, flag=_length_flag(entry, rate)) for entry in entries]


def _length_flag(entry: Entry, rate: Rate) -> str:
    promised = rate.median * entry.seconds
    if entry.snippets < min(SHORT * promised, promised - 1):
        return "short"
    return "long" if entry.snippets > max(LONG * promised, promised + 1) else ""


def write_manifest(path: str | Path, entries: Iterable[Entry]) -> None:
    """Write the rows as CSV, with a checksum.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with checked_file(path, TEXT) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for entry in entries:
            read = [entry.video, entry.stream, entry.file, entry.snippets, entry.seconds]
            writer.writerow([*read, f"{entry.rate:.6g}", entry.sha256, entry.flag])
