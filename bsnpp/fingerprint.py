"""Has a user's source changed? Told from names, sizes and times, never from contents."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from bsnpp.errors import UserError


def source_fingerprint(path: str | Path) -> str:
    """A short hash of a file's size and time, or of those of all files in a folder and its folders.

    "missing" if nothing is there. Quick enough for 20,000 files at every start of the workflow.

    Raises
    ------
    UserError
        If a folder may not be listed.
    """
    if not os.path.exists(path):
        return "missing"
    lines = sorted(_folder_lines(path, deep=True)) if os.path.isdir(path) else [_line("", os.stat(path))]
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:16]


def _folder_lines(folder: str | Path, deep: bool, prefix: str = "") -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_file():
                    yield _line(name, entry.stat())
                elif deep and entry.is_dir():
                    yield from _folder_lines(entry.path, deep=False, prefix=f"{name}/")
    except OSError as error:
        raise UserError(f"{folder}: cannot be listed ({error.strerror}); check its permissions") from error


def _line(name: str, status: os.stat_result) -> str:
    return f"{name}\t{status.st_size}\t{status.st_mtime_ns}"
