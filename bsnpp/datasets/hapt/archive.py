"""The zip file of UCI data set 341, read in place: nothing is extracted to disk."""

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np

from bsnpp.core.errors import UserError

ADVICE = "Is this UCI data set 341 (HAPT)? Download it again."


class HaptArchive:
    """Members of the zip file by name without folders: releases differ in their folders only.

    Attributes
    ----------
    path : Path
    names : list of str
        Names of all files, sorted.

    Raises
    ------
    UserError
        If the file is missing or not a zip file, if the path of a member leads out of the archive, or if two
        members have the same name.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise UserError(f"{path}: no such file; it should be the zip file of UCI data set 341")
        try:
            self._zip = zipfile.ZipFile(self.path)
        except Exception as error:  # zipfile raises anything for damaged bytes
            raise UserError(f"{path}: not a complete zip file ({error}). {ADVICE}") from error
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
            if place.is_absolute() or ".." in place.parts or ":" in full:
                raise UserError(f"{self.path}: the path {full!r} leads out of the archive. {ADVICE}")
            if full.endswith("/") or not place.name or "__MACOSX" in place.parts:
                continue
            if place.name in members:
                raise UserError(f"{self.path}: holds both {members[place.name]} and {full}. {ADVICE}")
            members[place.name] = full
        return members

    def read(self, name: str) -> bytes:
        """Read a member.

        Raises
        ------
        UserError
            If it is missing or damaged.
        """
        if name not in self._members:
            raise UserError(f"{name} is missing")
        try:
            return self._zip.read(self._members[name])
        except Exception as error:  # for example zlib.error
            raise UserError(f"{name} is damaged ({error})") from error

    def read_numbers(self, name: str, columns: int) -> np.ndarray:
        """Read a member with `columns` finite numbers per line; blank lines are skipped.

        Returns
        -------
        np.ndarray
            float64 (lines, columns).

        Raises
        ------
        UserError
            If it is missing, damaged or empty, or with the number of the first other line.
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


def _check_lines(name: str, data: bytes, columns: int, is_valid: Callable[[list[bytes]], bool]) -> None:
    """Raise a `UserError` at the first line that is not valid, or if all lines are blank."""
    empty = True
    for number, line in enumerate(data.splitlines(), start=1):
        words = line.split()
        empty &= not words
        if words and not is_valid(words):
            text = line.decode("utf-8", "replace")
            raise UserError(
                f"{name}: line {number} is {text!r:.60}, should be {columns} numbers; is the file incomplete?"
            )
    if empty:
        raise UserError(f"{name} is empty")
