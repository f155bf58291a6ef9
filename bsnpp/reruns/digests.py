"""Keep the digests of the user's files in a file, so that only files that may have changed are read again."""

import hashlib
import json
import os
import time
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

FORMAT = 1
SETTLED_NS = 2 * 10**9
"""Age of a file at which its digest is kept [ns]: a change may leave the time of a younger file as it is."""
SAVED_SECONDS = 10.0
"""Time between two savings while many files are read [s]."""

Stamp = tuple[int, int, int, int]
"""Size [bytes], times of the last change of content and of state [ns], and inode."""


class Digests:
    """SHA-256 digests of files by path, each with the stamp that the file had when it was read.

    If the file of digests is lost or damaged, or was written by another version, digests are computed again,
    with the same values.

    Parameters
    ----------
    path : str or Path
        JSON file of the digests.
    new_folder : bool
        Whether the folder of the file is created; otherwise, nothing is kept without it.
    """

    def __init__(self, path: str | Path, new_folder: bool = True) -> None:
        self._path = Path(path)
        self._new_folder = new_folder
        self._kept = _load(self._path)
        self._read: dict[str, str] = {}
        self._unsaved = False
        self._saved = time.monotonic()

    def __len__(self) -> int:
        return len(self._kept)

    def knows(self, file: str) -> bool:
        """Return whether a digest of the file is kept, current or outdated."""
        return file in self._kept

    def kept(self, file: str, state: os.stat_result, again: bool = False) -> str | None:
        """Return the digest of a file that has not changed since it was read; None if it must be read.

        Parameters
        ----------
        file : str
            Path.
        state : os.stat_result
            State of the file now.
        again : bool
            Whether to trust only digests of this process.
        """
        if file in self._read:
            return self._read[file]
        stamp, digest = self._kept.get(file, (None, None))
        return digest if stamp == stamp_of(state) and not again else None

    def read(self, file: str) -> str:
        """Read a file and keep its digest; `unreadable` if it cannot be read, which the import then reports.

        Raises
        ------
        UserError
            If the file changes while it is read.
        """
        try:
            with open(file, "rb") as stream:
                before = os.fstat(stream.fileno())
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                after = os.fstat(stream.fileno())
        except OSError:
            return "unreadable"
        if stamp_of(before) != stamp_of(after):
            raise UserError(f"{file}: changes while it is read; wait until it is complete")
        self._read[file] = digest
        if after.st_ctime_ns < time.time_ns() - SETTLED_NS:
            self._kept[file] = stamp_of(after), digest
            self._unsaved = True
        if time.monotonic() - self._saved > SAVED_SECONDS:
            self.save()
        return digest

    def save(self) -> None:
        """Write the digests; nothing happens if the folder cannot be written to."""
        if not self._unsaved or not (self._new_folder or self._path.parent.is_dir()):
            return
        content = {
            "format": FORMAT,
            "files": {file: [*stamp, digest] for file, (stamp, digest) in self._kept.items()},
        }
        try:
            with whole_file(self._path) as temporary:
                temporary.write_text(json.dumps(content), encoding="utf-8")
        except (UserError, OSError):
            pass  # the digests are then computed again
        self._unsaved, self._saved = False, time.monotonic()


def stamp_of(state: os.stat_result) -> Stamp:
    """Return what changes if a file is written to or replaced."""
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def _load(path: Path) -> dict[str, tuple[Stamp, str]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return {}
        return {
            str(file): ((int(size), int(changed), int(state), int(inode)), str(digest))
            for file, (size, changed, state, inode, digest) in content["files"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
