"""Normalise the names of videos and subsets, and read lists of videos."""

from collections.abc import Mapping

from bsnpp.annotations.exclusion import read_excluded
from bsnpp.core.errors import Faults

YOUTUBE_ID_LENGTH = 11


def normalised(subset: str) -> str:
    """Return the name of a subset in lower case, without surrounding spaces."""
    return subset.strip().lower()


def bare_id(name: str) -> str:
    """Remove the prefix `v_`, except from a whole YouTube id: two ids of ActivityNet begin with `v_`."""
    return name if len(name) == YOUTUBE_ID_LENGTH else name.removeprefix("v_")


def listed_subsets(lists: Mapping[str, str]) -> dict[str, str]:
    """Read the subset of each video from a list of videos per subset, sorted by video within each list.

    Parameters
    ----------
    lists : mapping of str to str
        File of each subset: one id per line, or a JSON list; with or without `v_`.

    Raises
    ------
    UserError
        If a file is missing or unreadable, or if a video is in two lists.
    """
    subsets: dict[str, str] = {}
    faults = Faults(f"{', '.join(lists.values())}: videos in more than one list", "Keep each in one list.")
    for subset, path in lists.items():
        for video in sorted({bare_id(entry) for entry in read_excluded(path)}):
            known = subsets.setdefault(video, normalised(subset))
            if known != normalised(subset):
                faults.add(f"{video}: {known} and {normalised(subset)}")
    faults.raise_if_any()
    return subsets
