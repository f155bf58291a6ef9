"""Groups of videos that belong together: the recordings of a person, say."""

import csv
from collections.abc import Sequence
from pathlib import Path

from bsnpp.core.errors import Faults, UserError


def read_groups(path: str | Path | None, videos: Sequence[str]) -> dict[str, str]:
    """The group, for example the person, of each of these videos; without a table each is one of its own.

    Parameters
    ----------
    path : path, optional
        Tab-separated, with a header: the video, then its group. Other videos' lines are left out, so that a
        bootstrap draws from the groups of the videos that are scored, and from no other.
    videos : sequence of str

    Raises
    ------
    UserError
        If the file cannot be read, a line has not two columns, or a video has no group.
    """
    if path is None:
        return {video: video for video in videos}
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))[1:]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: no table of videos and their groups ({error})") from error
    faults = Faults(f"{path}: should hold a video and its group in every line")
    faults.extend(f"line {line}: {row}" for line, row in enumerate(rows, start=2) if len(row) != 2)
    faults.raise_if_any()
    groups = {video: group for video, group in rows if group}
    faults = Faults(f"{path}: videos without a group", "Add a line for each.")
    faults.extend(video for video in videos if video not in groups)
    faults.raise_if_any()
    return {video: groups[video] for video in videos}
