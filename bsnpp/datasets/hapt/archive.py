"""The zip of UCI data set 341, read in place: nothing of it is ever written to the disk."""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np

from bsnpp.core.errors import UserError

ADVICE = "Is this UCI data set 341 (HAPT)? Download it anew."
# What zipfile raises at damaged, encrypted and oddly packed members.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


class HaptArchive:
    """Members of the zip by their bare names: releases differ in their folders, not in their names.

    Attributes
    ----------
    path : Path
    names : list of str
        Bare names of all files, sorted.

    Raises
    ------
    UserError
        If the file is missing or no zip, if a member's name leaves the archive's folder, or if a name stands
        there twice.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise UserError(f"{path}: no such file; it should hold UCI data set 341 as a zip")
        try:
            self._zip = zipfile.ZipFile(self.path)
        except UNREADABLE as error:
            raise UserError(f"{path}: not a whole zip ({error}). {ADVICE}") from error
        try:
            self._members = self._index()
        except UserError:
            self.close()
            raise
        self.names = sorted(self._members)

    def _index(self) -> dict[str, str]:
        members: dict[str, str] = {}
        for full in self._zip.namelist():
            place = PurePosixPath(full.replace("\\", "/"))
            if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
                raise UserError(f"{self.path}: holds {full!r}, which leaves its folder. {ADVICE}")
            if full.endswith("/") or place.parts[0] == "__MACOSX":
                continue
            if place.name in members:
                raise UserError(f"{self.path}: holds both {members[place.name]} and {full}. {ADVICE}")
            members[place.name] = full
        return members

    def read(self, name: str) -> bytes:
        """The content of a member.

        Raises
        ------
        UserError
            If it is missing or damaged.
        """
        if name not in self._members:
            raise UserError(f"{name} is missing")
        try:
            return self._zip.read(self._members[name])
        except UNREADABLE as error:
            raise UserError(f"{name} is damaged ({error})") from error

    def read_numbers(self, name: str, columns: int) -> np.ndarray:
        """A member with `columns` finite numbers on each line: float64 (lines, columns); blank lines skipped.

        Raises
        ------
        UserError
            If it is missing, damaged, empty, or has another line: told with the line's number.
        """
        data = self.read(name)
        words = data.split()
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        if len(words) != columns * lines or not words:
            _check_lines(name, data, columns, lambda line: len(line) == columns)
        try:
            numbers = np.array(words, dtype=np.float64)
        except ValueError:
            numbers = np.array([np.nan])
        if not np.isfinite(numbers).all():
            _check_lines(name, data, columns, _are_finite)
        return numbers.reshape(-1, columns)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


def _are_finite(words: list[bytes]) -> bool:
    try:
        return bool(np.isfinite([float(word) for word in words]).all())
    except ValueError:
        return False


def _check_lines(name: str, data: bytes, columns: int, sound: Callable[[list[bytes]], bool]) -> None:
    """Raise at the first line that is not sound, or if all are blank."""
    found = False
    for number, line in enumerate(data.splitlines(), start=1):
        words = line.split()
        found |= bool(words)
        if words and not sound(words):
            text = line.decode("utf-8", "replace")
            raise UserError(
                f"{name}: line {number} is {text!r:.60}, should be {columns} numbers; is the file cut off?"
            )
    if not found:
        raise UserError(f"{name} is empty")
