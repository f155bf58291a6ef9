"""Inspect the videos of a stream that a network encodes, by the headers of their files, and the network."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.files import other_kind
from bsnpp.core.near_names import near_names
from bsnpp.encoding.files import files_of
from bsnpp.encoding.network_settings import ModelSettings, network_classes
from bsnpp.features.manifest import LONG, SHORT, Entry
from bsnpp.inspection.findings import Finding, if_any, refusal
from bsnpp.inspection.streams import Presence

HEADERS = 500
"""Number of videos of each stream whose headers are read, unless all are."""

Progress = Callable[[Sequence[str]], Iterable[str]]


def inspect_videos(
    folder: str,
    place: str,
    subsets: Mapping[str, Mapping[str, float]],
    full: bool,
    progress: Progress,
) -> Presence:
    """Inspect the videos of one stream.

    Parameters
    ----------
    folder : str
        Folder with one file per video.
    place : str
        Encoder and stream, for messages.
    subsets : mapping
        Durations [s] by video, by subset.
    full : bool
        Whether to read the headers of all videos, not only of a sample, evenly spread over the sorted ids.
    progress : callable
        Wraps the loop over videos, for a progress bar.
    """
    result = Presence(place=place)
    seconds = {video: value for durations in subsets.values() for video, value in durations.items()}
    files = _files(folder, sorted(seconds))
    single = {video: paths[0] for video, paths in files.items() if len(paths) == 1}
    headers = _read_headers(
        single, list(single)[:: 1 if full else max(1, -(-len(single) // HEADERS))], progress
    )
    flags = {video: "" if paths else "missing" for video, paths in files.items()}
    flags |= dict.fromkeys(headers.unreadable, "unusable")
    claims = {video: claimed for video, claimed in headers.claims.items() if claimed is not None}
    flags |= {video: _length(claimed, seconds[video]) for video, claimed in claims.items()}
    for subset, durations in subsets.items():
        result.entries[subset] = [
            Entry(video, place, "", 0, value, "", flags[video]) for video, value in durations.items()
        ]
        result.findings += _missing(folder, f"{place}, {subset}", [v for v in durations if not files[v]])
    result.findings += if_any(
        "fault", place, "videos with several files: {n}", f"keep one file of each in {folder}",
        (f"{video}: {', '.join(path.name for path in paths)}"
         for video, paths in files.items() if len(paths) > 1),
    )  # fmt: skip
    result.findings += _header_findings(place, headers, flags, seconds)
    result.measured = len(headers.claims)
    return result


@dataclass(frozen=True)
class _Headers:
    """Durations in the headers [s], None where a header has none; unreadable files, and a missing package."""

    claims: dict[str, float | None] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)


def _read_headers(files: Mapping[str, Path], videos: Sequence[str], progress: Progress) -> _Headers:
    """Read the headers of some videos."""
    headers = _Headers()
    for video in progress(videos):
        try:
            headers.claims[video] = _claimed(files[video])
        except UserError as error:
            headers.unreadable[video] = str(error)
        except ModuleNotFoundError as error:
            headers.absent.append(str(error))
            break
    return headers


def _header_findings(
    place: str, headers: _Headers, flags: Mapping[str, str], seconds: Mapping[str, float]
) -> list[Finding]:
    """Report what the headers show: unreadable files, and durations that differ from the annotated ones."""
    findings = if_any(
        "fault", place, "files that are no readable videos: {n}",
        "fetch or convert them again, or exclude their videos by the key `exclude`",
        headers.unreadable.values(),
    )  # fmt: skip
    findings += if_any(
        "fault", place, "videos need the extra `videos`", "pip install 'bsnpp[videos]'", headers.absent
    )  # fmt: skip
    return findings + if_any(
        "warning", place, "videos whose file and annotation differ in duration: {n}",
        "check that the file is the annotated video, uncut and complete, and that `duration` is in seconds",
        (f"{video}: {claimed:.1f} s by the file, {seconds[video]:g} s annotated"
         for video, claimed in headers.claims.items() if flags[video] in ("short", "long")),
    )  # fmt: skip


def inspect_network(name: str, model: ModelSettings) -> list[Finding]:
    """Report files of a network that are something else, by their first bytes, and an invalid class list."""
    place = f"network {name}"
    kinds = {path: _other_kind(path) for path in model.files}
    findings = if_any(
        "fault", place, "files that cannot be used: {n}", "fetch them again",
        (f"{path}: {kind}; it should hold {model.files[path]}" for path, kind in kinds.items() if kind),
    )  # fmt: skip
    if model.classes is not None and not kinds[model.classes]:
        try:
            network_classes(model.classes)
        except UserError as error:
            findings.append(refusal(place, error, "correct the key `classes` of the network, or its file"))
    return findings


def _files(folder: str, videos: Sequence[str]) -> dict[str, list[Path]]:
    """Return the files that are named like each video."""
    named: dict[str, list[Path]] = {}
    for path in files_of(folder, videos):
        named.setdefault(path.stem, []).append(path)
    return {video: named.get(f"v_{video}", []) + named.get(video, []) for video in videos}


def _other_kind(path: str) -> str | None:
    try:
        with Path(path).open("rb") as file:
            start = file.read(40)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return other_kind(start) if start else "is empty"


def _claimed(path: Path) -> float | None:
    """Return the duration that the header of a video claims [s]."""
    from bsnpp.encoding.video import VideoReader

    return VideoReader(path).claimed


def _length(claimed: float, seconds: float) -> str:
    """Return the flag of a file that is shorter or longer than annotated by a tenth and a second."""
    if claimed < min(SHORT * seconds, seconds - 1):
        return "short"
    return "long" if claimed > max(LONG * seconds, seconds + 1) else ""


def _missing(folder: str, place: str, videos: list[str]) -> list[Finding]:
    """Report the videos without a file, and files whose names differ only in spelling."""
    near = near_names(videos, (path.name for path in Path(folder).glob("**/*"))) if videos else {}
    return [
        *if_any(
            "fault", place, f"videos without a file in {folder}: {{n}}",
            "add them, or exclude them by the key `exclude`",
            (video for video in videos if video not in near),
        ),
        *if_any(
            "fault", place, f"videos with a file under another spelling in {folder}: {{n}}",
            "rename the files to <id>.<suffix> or v_<id>.<suffix>",
            (f"{video}: {', '.join(near[video])}" for video in videos if video in near),
        ),
    ]  # fmt: skip
