"""Read what `bsnpp predict` is given: a table of videos, a folder of features, and score files."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from bsnpp.annotations.names import bare_id
from bsnpp.annotations.tables import read_table
from bsnpp.bundle.manifest import Manifest
from bsnpp.bundle.parts import Stream
from bsnpp.bundle.videos import NewVideo, joined_sequences
from bsnpp.classification.outside_results import read_scores
from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import verify
from bsnpp.core.errors import Faults, UserError
from bsnpp.features.importers import read_streams
from bsnpp.features.streams import StreamReader, open_source
from bsnpp.stores.class_scores import ClassScores

CONTENT = "a table of videos with the columns video and duration [s]"
FILE_ENDINGS = (".h5", ".hdf5")


def read_durations(path: str | Path) -> pd.DataFrame:
    """Read the table of new videos.

    Parameters
    ----------
    path : str or Path
        Separated by tabs or commas, with the columns video (id without `v_`) and duration [s], and optionally
        extent: the seconds that the features cover, if these are not the duration.

    Returns
    -------
    pd.DataFrame
        Columns video, duration, extent, sorted by video.

    Raises
    ------
    UserError
        If it is not such a table, or with every row that is faulty.
    """
    given = read_table(str(path), CONTENT)
    verify(path, TEXT, required=False)  # of a run or `bsnpp encode`
    for name in ("video", "duration"):
        if name not in given.header:
            raise UserError(f"{path}: no column {name}; expected {CONTENT}")
    times = ["duration", *(["extent"] if "extent" in given.header else [])]
    faults = Faults(f"{path}: faulty rows")
    rows: dict[str, list[float]] = {}
    lines: dict[str, tuple[int, str]] = {}
    for line, cells in given.rows:
        video = cells["video"].strip()
        first, spelt = lines.setdefault(bare_id(video), (line, video))
        if first != line:
            also = "" if spelt == video else f" as {spelt}"
            faults.add(f"{video}: listed more than once, on line {first}{also} and on line {line}")
        rows[video] = [_seconds(cells[name]) for name in times]
        faults.extend(
            f"{video}: {name} is {cells[name].strip() or 'empty'}, expected a number of seconds above 0"
            for name, seconds in zip(times, rows[video], strict=True)
            if not (math.isfinite(seconds) and seconds > 0)
        )
    faults.raise_if_any()
    table = [(video, seconds[0], seconds[-1]) for video, seconds in sorted(rows.items())]
    return pd.DataFrame(table, columns=["video", "duration", "extent"])


def _seconds(cell: str) -> float:
    """Return the number of a cell; NaN if it holds none."""
    try:
        return math.nan if "_" in cell else float(cell)  # Python would read 1_5 as 15
    except ValueError:
        return math.nan


def open_features(folder: str | Path, manifest: Manifest) -> dict[str, list[StreamReader]]:
    """Open the features of every encoder that a bundle reads.

    Stream S of encoder E is `E/S`, `E/S.h5` or `E/S.hdf5` in the folder. If the encoder has one stream, it
    may also be `E`, `E.h5` or `E.hdf5`; if there is only one encoder, the folder itself.

    Raises
    ------
    UserError
        With every stream that is not there, and where it was looked for.
    """
    faults = Faults(f"{folder}: streams without features")
    places: list[tuple[str, Stream, Path]] = []
    for encoder in manifest.used_encoders:
        streams = manifest.encoders[encoder]
        for stream in streams:
            candidates = _candidates(Path(folder), encoder, stream.name, len(streams), manifest)
            existing = next((path for path in candidates if path.exists()), None)
            if existing is None:
                names = ", ".join(str(path) for path in candidates)
                faults.add(f"{encoder}, stream {stream.name}: none of {names}")
            else:
                places.append((encoder, stream, existing))
    faults.raise_if_any()
    readers: dict[str, list[StreamReader]] = {}
    for encoder, stream, path in places:
        readers.setdefault(encoder, []).append(open_source(stream.at(str(path))))
    return readers


def _candidates(folder: Path, encoder: str, stream: str, streams: int, manifest: Manifest) -> list[Path]:
    """Return where the features of a stream may be, the likeliest first."""
    names = [folder / encoder / stream]
    if streams == 1:
        names.append(folder / encoder)
    files = [name.with_name(name.name + ending) for name in names for ending in FILE_ENDINGS]
    only = [folder] if streams == 1 and len(manifest.used_encoders) == 1 else []
    return [names[0], *files, *names[1:], *only]


def read_class_scores(
    paths: Mapping[str, str], manifest: Manifest, videos: Sequence[str]
) -> dict[str, ClassScores]:
    """Read the score file of every outside classifier of a bundle.

    Parameters
    ----------
    paths : mapping of str to str
        JSON file by classifier, in either public layout.
    manifest : Manifest
        Names the classifiers.
    videos : sequence of str
        Videos to read.

    Raises
    ------
    UserError
        With every classifier that is missing or unknown, or with the faults of a file.
    """
    outside = {member.name: member.scores for member in manifest.outside}
    faults = Faults("score files of the bundle's classifiers", "Give each as --scores NAME=FILE.")
    faults.extend(f"{name}: no score file" for name in outside if name not in paths)
    faults.extend(
        f"{name}: not one of the bundle's classifiers ({', '.join(outside) or 'none is needed'})"
        for name in paths
        if name not in outside
    )
    faults.raise_if_any()
    return {name: read_scores(paths[name], manifest.classes, videos, kind) for name, kind in outside.items()}


def read_videos(
    table: pd.DataFrame,
    readers: Mapping[str, Sequence[StreamReader]],
    scores: Mapping[str, ClassScores],
    manifest: Manifest,
) -> Iterator[NewVideo]:
    """Read the videos of a table, one at a time in memory.

    Parameters
    ----------
    table : pd.DataFrame
        Columns video, duration [s], extent [s].
    readers : mapping of str to sequence of StreamReader
        Streams of each encoder.
    scores : mapping of str to ClassScores
        Scores of the videos by each outside classifier, in the order of the table.
    manifest : Manifest
        Of the bundle.

    Raises
    ------
    UserError
        Before the first video with all that lack features; then at the first whose features are not usable.
    """
    missing = Faults("videos without features", "Add them, or remove the videos from the table.")
    for streams in readers.values():
        for reader in streams:
            missing.extend(reader.absence(video) for video in reader.missing(table["video"]))
    missing.raise_if_any()
    columns = (table[name] for name in ("video", "duration", "extent"))
    for row, (video, duration, extent) in enumerate(zip(*columns, strict=True)):
        arrays = {encoder: read_streams(streams, video) for encoder, streams in readers.items()}
        try:
            sequences = joined_sequences(arrays, manifest, extent)
        except UserError as error:
            raise UserError(f"{video}: {error}") from error
        logits = {name: one.logits[row] for name, one in scores.items()}
        yield NewVideo(video, duration, extent, sequences, logits)
