"""Read lists of videos to exclude, and report entries that name no video."""

import json
from collections.abc import Collection, Iterator
from pathlib import PurePath

from bsnpp.core.errors import Faults, UserError
from bsnpp.core.files import read_text

CONTENT = "the ids of the videos to exclude, one per line or as a JSON list"


def read_excluded(path: str | None) -> frozenset[str]:
    """Read the ids to exclude: a JSON list, or one id per line. Without a file, there are none.

    Raises
    ------
    UserError
        If the file is missing or unreadable.
    """
    return frozenset() if path is None else frozenset(read_ids(path).values())


def is_excluded(video: str, excluded: Collection[str]) -> bool:
    """Return whether a list names a video, with or without `v_`."""
    return video in excluded or f"v_{video}" in excluded


def unmatched_entries(path: str | None, videos: Collection[str]) -> list[str]:
    """List the entries of a file that name no video. Lines that start with `#` are comments.

    Parameters
    ----------
    path : str, optional
        A file that `read_excluded` reads.
    videos : collection of str
        Ids of all videos without `v_`, before the exclusion.

    Returns
    -------
    list of str
        The file, the place and the entry, for each of them.

    Raises
    ------
    UserError
        If an entry looks like the id of a video with something added, for example `c.mp4` or `c  # blocked`.
        The message lists all of them.
    """
    if path is None:
        return []
    known = set(videos)
    faults = Faults(f"{path}: entries that are not the id of a video", "Write exactly one id per line.")
    unmatched = []
    for place, entry in read_ids(path).items():
        if {entry, entry.removeprefix("v_")} & known or entry.startswith("#"):
            continue
        similar = next((name for name in _bare_names(entry) if name in known), None)
        if similar is None:
            unmatched.append(f"{path}, {place}: {entry!r:.80} names no video, so nothing is excluded")
        else:
            faults.add(f"{place}: {entry!r:.80}; did you mean {similar!r}?")
    faults.raise_if_any()
    return unmatched


def read_ids(path: str, content: str = CONTENT) -> dict[str, str]:
    """Read ids of videos: a JSON list, or one id per line.

    Parameters
    ----------
    path : str
        The file.
    content : str
        What it should contain, for messages.

    Returns
    -------
    dict of str to str
        Every entry by its place.

    Raises
    ------
    UserError
        If the file is missing or unreadable, or contains JSON other than a list of texts.
    """
    text = read_text(path, content)
    if text.lstrip().startswith("{"):
        raise UserError(f"{path}: contains a JSON object; it should contain {content}")
    if not text.lstrip().startswith("["):
        lines = (line.strip() for line in text.splitlines())
        return {f"line {number}": line for number, line in enumerate(lines, start=1) if line}
    try:
        entries = list(enumerate(json.loads(text), start=1))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: begins like a JSON list but is not valid JSON ({error})") from error
    faults = Faults(f"{path}: should contain {content}")
    faults.extend(
        f"entry {number} is {video!r:.60}" for number, video in entries if not isinstance(video, str | int)
    )
    faults.raise_if_any()
    return {f"entry {number}": str(video) for number, video in entries}


def _bare_names(entry: str) -> Iterator[str]:
    """Yield what may be the id in an entry with a comment, more columns, quotes, a folder or an extension."""
    for text in (entry, entry.split("#")[0], *(entry.split(mark)[0] for mark in (None, ",", ";"))):
        name = PurePath(text.strip().strip("\"',;")).name
        for each in (name, PurePath(name).stem):
            yield each
            yield each.removeprefix("v_")
