"""Inspect the features of one stream: missing videos, shapes, lengths, and values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.near_names import near_names
from bsnpp.core.wording import counted
from bsnpp.features.manifest import Entry, Rate, flag_lengths, rate_of
from bsnpp.features.streams import StreamReader, first_axis_of
from bsnpp.inspection.findings import Finding, Level, if_any

Progress = Callable[[Sequence[str]], Iterable[str]]
UNKNOWN = Rate(float("nan"), 0.0)


@dataclass(kw_only=True)
class Presence:
    """Which videos a stream has.

    Attributes
    ----------
    place : str
        Encoder and stream.
    entries : dict of str to list of Entry
        By subset: one entry per video, as in a manifest but without digests.
    measured : int
        Number of videos whose length is known.
    findings : list of Finding
    """

    place: str
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    measured: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(kw_only=True)
class StreamInspection(Presence):
    """What is known of a stream of features.

    Attributes
    ----------
    reader : StreamReader
    rate : Rate
    orientations : dict of str to list of str
        Videos by how the first axis of their arrays was decided.
    sampled : int
        Number of videos whose values were read.
    """

    reader: StreamReader
    rate: Rate = UNKNOWN
    orientations: dict[str, list[str]] = field(default_factory=dict)
    sampled: int = 0

    @property
    def flags(self) -> dict[str, str]:
        """Flag of each video."""
        return {entry.video: entry.flag for entries in self.entries.values() for entry in entries}

    @property
    def lengths(self) -> dict[str, int]:
        """Number of snippets by video, where it is known."""
        return {
            entry.video: entry.snippets
            for entries in self.entries.values()
            for entry in entries
            if entry.snippets
        }


def inspect_stream(
    reader: StreamReader,
    place: str,
    subsets: Mapping[str, Mapping[str, float]],
    optional: set[str],
    sample: int | None,
    progress: Progress,
) -> StreamInspection:
    """Inspect one stream.

    Shapes come from the headers of .npy and HDF5 files. Other containers must be read for their shape, and
    all of them to find NaN; both are done for a sample of videos, evenly spread over their sorted ids.

    Parameters
    ----------
    reader : StreamReader
    place : str
        Encoder and stream, for messages.
    subsets : mapping
        Durations [s] by video, by subset.
    optional : set of str
        Subsets whose videos may be missing.
    sample : int, optional
        Number of videos to read; None reads all.
    progress : callable
        Wraps the loop over videos, for a progress bar.
    """
    result = StreamInspection(reader=reader, place=place)
    videos = sorted({video for durations in subsets.values() for video in durations})
    present = [video for video in videos if reader.name_of(video) is not None]
    step = 1 if sample is None else max(1, -(-len(present) // sample))
    chosen = set(present[::step])
    known: dict[str, tuple[int, str]] = {}
    faults: list[str] = []
    for video in progress(present):
        try:
            known[video] = _snippets(result, video, video in chosen)
        except UserError as error:
            known[video] = 0, "unusable"
            faults += [line if video in line else f"{video}: {line}" for line in str(error).splitlines()]
    result.measured = sum(snippets > 0 for snippets, _ in known.values())
    for subset, durations in subsets.items():
        result.entries[subset] = [
            Entry(video, reader.source.name, "", *_counted(known.get(video, (0, "missing")), seconds))
            for video, seconds in durations.items()
        ]
    for subset, entries in result.entries.items():
        result.findings += _missing(result, subset, entries, subset in optional)
    result.findings += if_any(
        "fault", place, "features that cannot be used: {n}",
        "correct these files, or exclude their videos by the key `exclude`", faults,
    )  # fmt: skip
    _flag(result)
    axes = {how.partition(" ")[0] for how in result.orientations} & {"time", "channels"}
    result.findings += if_any(
        "warning",
        place,
        "arrays with different first axes",
        "this is rarely intended; check how these files were written, or set the column `first_axis`",
        [
            f"{how}: {counted(len(own), 'video')}, for example {own[0]}"
            for how, own in sorted(result.orientations.items())
        ]
        if len(axes) > 1
        else [],
    )
    result.findings += if_any(
        "fault", place, "videos that would read the features of another one: {n}",
        "set the column `pattern`, so that each video has a name of its own", _shared(reader, present),
    )  # fmt: skip
    return result


def _counted(known: tuple[int, str], seconds: float) -> tuple[int, float, str, str]:
    snippets, flag = known
    return snippets, seconds, "", flag


def _snippets(result: StreamInspection, video: str, read: bool) -> tuple[int, str]:
    """Return the number of snippets of a video and its flag; read its values if it is in the sample."""
    reader = result.reader
    if read:
        result.sampled += 1
        reader.read(video)  # checks shape and values
    array = reader.header(video)
    if array is None:
        if not read:
            return 0, "not read"
        array = reader.load(video)
    snippets = len(reader.time_first(array))
    _note_orientation(result, video, array)
    return snippets, "one snippet" if snippets == 1 else ""


def _note_orientation(result: StreamInspection, video: str, array: np.ndarray) -> None:
    source = result.reader.source
    by_shape = first_axis_of(array, source.channels)
    if source.first_axis is not None:
        how = f"{source.first_axis} first, by the column `first_axis` or the preset"
    elif by_shape is not None:
        how = f"{by_shape} first, by the shape"
    else:
        how = "square, as the other arrays of the stream"
    result.orientations.setdefault(how, []).append(video)


def _missing(
    result: StreamInspection, subset: str, entries: Sequence[Entry], optional: bool
) -> list[Finding]:
    """Report the missing videos, and names that would match if they were spelt otherwise."""
    missing = [entry.video for entry in entries if entry.flag == "missing"]
    if not missing:
        return []
    close = near_names(missing, result.reader.names())
    level: Level = "warning" if optional and len(missing) < len(entries) else "fault"
    source = result.reader.source
    place = f"{result.place}, {subset}"
    return [
        *if_any(
            level, place, f"videos without features in {source.path}: {{n}} of {len(entries):,}",
            "add their features, or exclude them by the key `exclude`"
            + ("" if level == "fault" else "; the other encoders replace this one"),
            (video for video in missing if not close.get(video)),
        ),
        *if_any(
            level, place, f"videos with features under another spelling: {{n}} of {len(entries):,}",
            f"rename the files or datasets to {' or '.join(source.names_of('<id>'))}, or set the column "
            "`pattern`",
            (f"{video}: {', '.join(names)}" for video, names in close.items() if names),
        ),
    ]  # fmt: skip


def _flag(result: StreamInspection) -> None:
    """Compare lengths with durations over all subsets, as the manifests do for each subset."""
    seen: dict[str, Entry] = {}
    for entries in result.entries.values():
        seen.update((entry.video, entry) for entry in entries)
    result.rate = rate_of(list(seen.values()))
    for subset, entries in result.entries.items():
        unread = [entry for entry in entries if entry.flag == "not read"]
        flagged = flag_lengths([entry for entry in entries if entry.flag != "not read"], result.rate)
        result.entries[subset] = [*flagged, *unread]
        for flag, why in (
            ("short", "fewer snippets than expected from their duration"),
            ("long", "more snippets than expected from their duration"),
            ("one snippet", "a single snippet"),
        ):
            result.findings += if_any(
                "warning", f"{result.place}, {subset}", f"videos with {why}: {{n}}",
                "check that the features and the duration are those of the same video, with the same stride",
                (f"{entry.video}: {entry.snippets} snippets in {entry.seconds:g} s"
                 for entry in flagged if entry.flag == flag),
            )  # fmt: skip


def _shared(reader: StreamReader, videos: Sequence[str]) -> Iterable[str]:
    owners: dict[str, str] = {}
    for video in videos:
        owner = owners.setdefault(str(reader.name_of(video)), video)
        if owner != video:
            yield f"{video} and {owner}: {reader.name_of(video)}"
