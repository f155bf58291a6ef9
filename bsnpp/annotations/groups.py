"""Read groups of videos that belong together, for example all recordings of one person."""

from collections.abc import Sequence
from pathlib import Path

from bsnpp.annotations.names import bare_id
from bsnpp.annotations.tables import read_table
from bsnpp.core.errors import Faults
from bsnpp.core.near_names import hint, near_names

CONTENT = "a header, then a video and its group on every line, separated by a tab"


def read_groups(path: str | Path | None, videos: Sequence[str]) -> dict[str, str]:
    """Read the group of each of these videos. Without a table, every video is a group of its own.

    Parameters
    ----------
    path : path, optional
        Table with a header, separated by tabs or commas; columns: video (with or without `v_`), group. Rows
        of other videos are ignored, so that the bootstrap resamples only groups of the scored videos.
    videos : sequence of str
        Ids of the videos.

    Returns
    -------
    dict of str to str
        Group of each video, in the order of `videos`.

    Raises
    ------
    UserError
        If the file cannot be read, has no header, a row does not have two columns, or a video has no group
        or more than one.
    """
    if path is None:
        return {video: video for video in videos}
    table = read_table(str(path), CONTENT)
    wanted = set(videos)
    faults = Faults(f"{path}: expected {CONTENT}")
    if len(table.header) != 2:
        faults.add(f"line 1, the header: {table.header!r:.100}")
    elif bare_id(table.header[0]) in wanted:
        faults.add(f"line 1: {table.header[0]!r} is a video; write a header above it")
    faults.raise_if_any()
    first, second = table.header
    faults = Faults(f"{path}: videos with more than one group", "Remove all lines but one of each video.")
    lines: dict[str, tuple[int, str]] = {}
    for line, cells in table.rows:
        name, group = cells[first].strip(), cells[second].strip()
        video = name if name in wanted else bare_id(name)
        known_line, known = lines.setdefault(video, (line, group))
        if known != group:
            faults.add(f"{video}: {known!r} on line {known_line}, {group!r} on line {line}")
    faults.raise_if_any()
    groups = {video: group for video, (_, group) in lines.items() if group}
    missing = [video for video in videos if video not in groups]
    near = near_names(missing, groups)
    faults = Faults(f"{path}: videos without a group", "Add a line for each of them.")
    faults.extend(f"{video}{hint(video, near, 'the table')}" for video in missing)
    faults.raise_if_any()
    return {video: groups[video] for video in videos}
