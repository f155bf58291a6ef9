"""Normalise the names of videos and subsets, and read lists of videos."""

import unicodedata
from collections.abc import Mapping

from bsnpp.annotations.exclusion import read_ids
from bsnpp.core.errors import Faults

LIST = "the ids of the videos of a subset, one per line or as a JSON list"
YOUTUBE_ID_LENGTH = 11
UNWRITABLE = ("Cc", "Cs", "Zl", "Zp")
"""Unicode categories of control characters, half characters, and separators of lines and paragraphs."""


def normalised(subset: str) -> str:
    """Return the name of a subset in lower case, without surrounding spaces."""
    return subset.strip().lower()


def bare_id(name: str) -> str:
    """Remove the prefix `v_`, except from a whole YouTube id: two ids of ActivityNet begin with `v_`."""
    return name if len(name) == YOUTUBE_ID_LENGTH else name.removeprefix("v_")


def id_fault(video: str) -> str | None:
    """Return why an id cannot name files and lines of lists; None if it can.

    Examples
    --------
    >>> id_fault("my video"), id_fault("")
    (None, "id '': empty")
    """
    if not video:
        reason = "empty"
    elif video != video.strip():
        reason = "remove the spaces around it"
    elif any(unicodedata.category(character) in UNWRITABLE for character in video):
        reason = "has a tab, a line break or another control character"
    elif video.startswith("/") or {".", ".."} & set(video.split("/")):
        reason = "is a path outside the folder of the features"
    else:
        return None
    return f"id {video!r:.80}: {reason}"


def listed_subsets(lists: Mapping[str, str]) -> dict[str, str]:
    """Read the subset of each video from a list of videos per subset, sorted by video within each list.

    Parameters
    ----------
    lists : mapping of str to str
        File of each subset: one id per line, or a JSON list; with or without `v_`.

    Raises
    ------
    UserError
        If a file is missing, unreadable or empty, if an entry is not an id, or if a video is in two lists.
    """
    subsets: dict[str, str] = {}
    faults = Faults("invalid lists of videos", "Write one id per line, and each in one list only.")
    for subset, path in lists.items():
        entries = read_ids(path, LIST)
        if not entries:
            faults.add(f"{path}: empty; it should contain {LIST}")
        for place, entry in entries.items():
            if set(entry) & set(",;\t<>{}"):
                faults.add(f"{path}, {place}: {entry!r:.60} is not an id")
        for video in sorted({bare_id(entry) for entry in entries.values()}):
            known = subsets.setdefault(video, normalised(subset))
            if known != normalised(subset):
                faults.add(f"{video}: in the lists of {known} and {normalised(subset)}")
    faults.raise_if_any()
    return subsets
