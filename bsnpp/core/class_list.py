"""Read and write class lists: text files with one class per line."""

from collections.abc import Iterable
from pathlib import Path

from bsnpp.core.checksum_forms import TEXT
from bsnpp.core.checksums import verify, write_checked_text
from bsnpp.core.errors import UserError
from bsnpp.core.files import read_lines
from bsnpp.core.settings import repeated

HEADER = "action"
"""First line of published class lists, which is not a class."""


def write_classes(path: str | Path, classes: Iterable[str]) -> None:
    """Write a class list, with a checksum.

    If the first class is called `action`, a header precedes it, because a first line `action` is a header.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    names = list(classes)
    lines = [*([HEADER] if names[:1] == [HEADER] else []), *names]
    write_checked_text(path, "".join(f"{name}\n" for name in lines))


def read_classes(path: str | Path, required: bool = True) -> list[str]:
    """Read a class list in canonical order, that is sorted.

    The file may be compressed with gzip. A first line `action` is a header; empty lines are skipped. If
    a class is called `action`, write it on any line but the first.

    Parameters
    ----------
    path : str or Path
        The file to read.
    required : bool
        Whether a list without a checksum is refused; else it is taken for one that a user made.

    Raises
    ------
    UserError
        If the file is missing, unreadable, damaged or empty, or if it lists a class more than once.
    """
    lines = read_lines(path, "one class per line")
    verify(path, TEXT, required)
    classes = lines[lines[:1] == [HEADER] :]
    if not classes:
        raise UserError(f"{path}: no class; list one class per line")
    duplicates = repeated(classes)
    if duplicates:
        raise UserError(f"{path}: listed more than once: {', '.join(duplicates)}; remove the duplicates")
    return sorted(classes)
