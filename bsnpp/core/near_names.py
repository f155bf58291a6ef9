"""Find names that differ only in spelling."""

import os
import re
from collections.abc import Iterable

EXTENSIONS = re.compile(r"(\.(mp4|mkv|avi|mov|webm|npy|npz|csv|pt|pkl|h5|hdf5))+$")


def normalised_name(name: str) -> str:
    """Return a name without case, surrounding spaces, folder, `v_`, and extensions of videos and features.

    Examples
    --------
    >>> normalised_name("videos/v_Run1.MP4")
    'run1'
    """
    return EXTENSIONS.sub("", os.path.basename(name.strip()).lower()).removeprefix("v_")


def near_names(wanted: Iterable[str], names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names that equal a wanted one only after `normalised_name`.

    Wanted names without such a name are left out.

    Parameters
    ----------
    wanted : iterable of str
        Names that are missing.
    names : iterable of str
        Names that exist.
    """
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(normalised_name(name), []).append(name)
    others_of = {name: alike.get(normalised_name(name), []) for name in wanted}
    return {
        name: [other for other in others if other != name] for name, others in others_of.items() if others
    }


def hint(name: str, near: dict[str, list[str]], holder: str = "the file") -> str:
    """Return the end of a message about a missing name: what exists in its place, if something does."""
    return f"; {holder} has {' and '.join(map(repr, near[name]))}" if near.get(name) else ""
