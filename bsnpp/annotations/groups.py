"""Read groups of videos that belong together, for example all recordings of one person."""

import csv
from collections.abc import Sequence
from pathlib import Path

from bsnpp.core.errors import Faults, UserError


def read_groups(path: str | Path | None, videos: Sequence[str]) -> dict[str, str]:
    """Read the group of each of these videos. Without a table, every video is a group of its own.

    Parameters
    ----------
    path : path, optional
        Tab-separated table with a header; columns: video, group. Rows of other videos are ignored, so that
        the bootstrap resamples only groups of the scored videos.
    videos : sequence of str
        Ids of the videos.

    Returns
    -------
    dict of str to str
        Group of each video, in the order of `videos`.

    Raises
    ------
    UserError
        If the file cannot be read, a row does not have two columns, or a video has no group or more than one.
    """
    if path is None:
        return {video: video for video in videos}
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file, delimiter="\t")) or [["video", "group"]]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not a table of videos and groups ({error})") from error
    faults = Faults(f"{path}: every line must contain a video and its group")
    if len(header) != 2:
        faults.add(f"line 1, the header: {header!r:.100}")
    faults.extend(f"line {line}: {row}" for line, row in enumerate(rows, start=2) if len(row) != 2)
    faults.raise_if_any()
    faults = Faults(f"{path}: videos with more than one group", "Remove all lines but one of each video.")
    lines: dict[str, tuple[int, str]] = {}
    for line, (video, group) in enumerate(rows, start=2):
        first, known = lines.setdefault(video, (line, group))
        if known != group:
            faults.add(f"{video}: {known!r} on line {first}, {group!r} on line {line}")
    faults.raise_if_any()
    groups = {video: group for video, group in rows if group}
    faults = Faults(f"{path}: videos without a group", "Add a line for each of them.")
    faults.extend(video for video in videos if video not in groups)
    faults.raise_if_any()
    return {video: groups[video] for video in videos}
