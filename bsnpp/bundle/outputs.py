"""Write the detections of new videos: as a submission, as a CSV table, and as subtitles."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from bsnpp.bundle.manifest import Manifest
from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file
from bsnpp.stores.csv_tables import write_csv
from bsnpp.submission.writer import write_submission

SUBTITLES = 10
"""Detections of a video that become subtitles, best first."""


def write_detections(
    path: str | Path, detections: pd.DataFrame, videos: pd.DataFrame, manifest: Manifest
) -> None:
    """Write the detections of all videos, in the format of the file's ending.

    Parameters
    ----------
    path : str or Path
        .json: a submission in the format of the challenge; .csv: a table with the columns video, label,
        score, start, end [s].
    detections : pd.DataFrame
        Columns video, label, score, start, end [s].
    videos : pd.DataFrame
        Columns video, duration [s].
    manifest : Manifest
        Of the bundle.

    Raises
    ------
    UserError
        If the ending is another one, or the file cannot be written.
    """
    WRITERS[checked_ending(path)](Path(path), detections, videos, manifest)


def checked_ending(path: str | Path) -> str:
    """Return the ending of an output file.

    Raises
    ------
    UserError
        If there is no such format.
    """
    ending = Path(path).suffix
    if ending not in WRITERS:
        raise UserError(f"{path}: unknown format; supported endings: {', '.join(WRITERS)}")
    return ending


def _write_json(path: Path, detections: pd.DataFrame, videos: pd.DataFrame, manifest: Manifest) -> None:
    details = manifest.external_data
    write_submission(path, detections, videos, bool(details), details)


def _write_csv(path: Path, detections: pd.DataFrame, videos: pd.DataFrame, manifest: Manifest) -> None:
    order = ["video", "score"]
    write_csv(path, detections.sort_values(order, ascending=[True, False], kind="stable"))


WRITERS: dict[str, Callable[[Path, pd.DataFrame, pd.DataFrame, Manifest], None]] = {
    ".json": _write_json,
    ".csv": _write_csv,
}


def write_subtitles(path: str | Path, detections: pd.DataFrame, most: int = SUBTITLES) -> None:
    """Write the best detections of one video as subtitles (SubRip), to look at beside the video.

    Parameters
    ----------
    path : str or Path
        The .srt file to write.
    detections : pd.DataFrame
        Columns label, score, start, end [s].
    most : int
        Detections to write.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    best = detections.nlargest(most, "score", keep="first").sort_values("start", kind="stable")
    columns: Sequence[pd.Series] = [best[name] for name in ("label", "score", "start", "end")]
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        for number, (label, score, start, end) in enumerate(zip(*columns, strict=True), start=1):
            file.write(f"{number}\n{_clock(start)} --> {_clock(end)}\n{label} ({score:.2f})\n\n")


def _clock(seconds: float) -> str:
    """Return a time as SubRip writes it, 00:01:02,345."""
    milliseconds = round(1000 * max(seconds, 0.0))
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d},{rest % 1000:03d}"
