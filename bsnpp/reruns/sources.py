"""Detect changes of the user's files: by their content, which is read only when a file may have changed."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.wording import counted
from bsnpp.reruns.digests import Digests
from bsnpp.reruns.settings import Mode

Progress = Callable[[Iterable[str], int], Iterable[str]]
"""Wraps the loop over the files that are read, for a progress bar; called with the files and their number."""


def _quietly(files: Iterable[str], total: int) -> Iterable[str]:
    return files


class Fingerprints:
    """Fingerprints of the files of a user.

    Parameters
    ----------
    digests : Digests
        Digests of the content of files, kept from one start of the workflow to the next.
    mode : str
        See `FingerprintSettings.fingerprint`.
    read_new : bool
        Whether files without a kept digest are read. Without, their fingerprint says `not read yet`, which
        is enough to plan the first run.
    progress : callable
        Wraps the loop over the files that are read.
    """

    def __init__(
        self, digests: Digests, mode: Mode = "changed", read_new: bool = True, progress: Progress = _quietly
    ) -> None:
        self._digests = digests
        self._mode = mode
        self._read_new = read_new
        self._progress = progress
        self._lines: dict[tuple[str, tuple[str, ...]], str] = {}

    def of_source(self, path: str | Path) -> str:
        """Return the fingerprint of a file, or of all files in a folder and its subfolders (one level).

        Raises
        ------
        UserError
            If a folder cannot be listed, or a file changes while it is read.
        """
        if not os.path.exists(path):
            return f"{path}: missing"
        return self.of_files(path, sorted(_files(path, deep=True)) if os.path.isdir(path) else [str(path)])

    def of_files(self, path: str | Path, files: Sequence[str]) -> str:
        """Return the fingerprint of some files of a source, for example those of the videos of a subset.

        It is a readable line such as `data/rgb: 24 files, 1,234 bytes (32ee15ed2c1ae4c1)`. The digest is of
        the names in the source and the content of each file; in the mode `times`, of names, sizes and times,
        and the line also has the newest time (UTC).

        Parameters
        ----------
        path : str or Path
            Folder or file of the source.
        files : sequence of str
            Paths of the files, below `path` or equal to it.

        Raises
        ------
        UserError
            If a file changes while it is read.
        """
        key = str(path), tuple(files)
        if key not in self._lines:
            self._lines[key] = self._line(*key)
        return self._lines[key]

    def _line(self, path: str, files: Sequence[str]) -> str:
        states = {file: state for file in files if (state := _state(file)) is not None}
        size = sum(state.st_size for state in states.values())
        newest = ""
        contents: dict[str, str | None]
        if self._mode == "times":
            contents = {file: f"{state.st_size} {state.st_mtime_ns}" for file, state in states.items()}
            seconds = max((state.st_mtime_ns for state in states.values()), default=0) // 10**9
            newest = f", newest {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
        else:
            contents = self._contents(states)
        digest = hashlib.sha256()
        for file in files:
            name = os.path.relpath(file, path)
            digest.update(f"{name}\t{contents.get(file, 'missing')}\n".encode(errors="surrogateescape"))
        text = "not read yet" if None in contents.values() else digest.hexdigest()[:16]
        return f"{path}: {counted(len(states), 'file')}, {counted(size, 'byte')}{newest} ({text})"

    def _contents(self, states: dict[str, os.stat_result]) -> dict[str, str | None]:
        """Return the digest of the content of each file; None if it is not read yet."""
        again = self._mode == "content"
        kept = {file: self._digests.kept(file, state, again) for file, state in states.items()}
        wanted = [
            file
            for file, digest in kept.items()
            if digest is None and (self._read_new or self._digests.knows(file))
        ]
        read = {file: self._digests.read(file) for file in self._progress(wanted, len(wanted))}
        self._digests.save()
        return {**kept, **read}


def _state(file: str) -> os.stat_result | None:
    """Return the state of a regular file; None if there is none."""
    try:
        state = os.stat(file)
    except OSError:
        return None
    return state if stat.S_ISREG(state.st_mode) else None


def _files(folder: str | Path, deep: bool) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file():
                    yield entry.path
                elif deep and entry.is_dir():
                    yield from _files(entry.path, deep=False)
    except OSError as error:
        raise UserError(f"{folder}: cannot be listed ({error.strerror}); check its permissions") from error
