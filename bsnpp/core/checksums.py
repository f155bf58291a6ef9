"""Checksums of the files between stages: written into each file, and verified before it is used.

A checksum is the BLAKE2b digest of 8 bytes of every byte of a file but the checksum itself. It protects
against accidents (a flipped bit, a lost block, a cut), not against attackers. It is stored where the usual
readers of each format ignore it, so that h5py, pandas and others read the files as before:

- `HDF5`: in the user block, the first 512 bytes, which HDF5 leaves to applications.
- `SLOT`: in the metadata of Parquet and safetensors files.
- `TRAILER`: after the end of .npy, .npz and PyTorch files.
- `TEXT`: as 64 blank lines at the end of CSV, TSV, JSON and lists, where a line feed is a 0 and a carriage
  return a 1. Readers of these formats skip blank lines; a visible line would become a row of the table.

BLAKE2b is in the standard library, is as fast as SHA-256 with hardware support and several times faster
without, and misses a damage with a probability of 2^-64 (CRC-32: 2^-32).
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bsnpp.core.checksum_forms import TEXT, Form, Trailer
from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file

_PART = 1 << 20
_ADVICE = "if you changed it, remove the blank lines at its end; else write it again"
"""Advice for copies of files of a run that a user may have changed; they are texts."""

_verified: set[tuple[str, int, int, int]] = set()
"""Files that this process has verified: path, inode, size and time of the last change."""


@contextmanager
def checked_file(path: str | Path, form: Form) -> Iterator[Path]:
    """Yield a temporary path as `whole_file` does, and write the checksum when the block has ended.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with whole_file(path) as temporary:
        yield temporary
        try:
            add_checksum(temporary, form)
        except OSError as error:
            raise UserError(f"{path}: cannot be written ({error.strerror}); check the disk") from error


def add_checksum(path: str | Path, form: Form) -> None:
    """Write the checksum into a finished file, also over an old one of the forms `HDF5` and `SLOT`.

    Raises
    ------
    ValueError
        If the writer of the file has left no room for it.
    OSError
        If the file cannot be written.
    """
    with open(path, "r+b") as file:
        form.make_room(file)
        place = form.find(file)
        if place is None:
            raise ValueError(f"{path}: its writer has left no room for the checksum")
        checksum = form.encode(_digest(file, place, len(form.encode(bytes(8)))))
        file.seek(place)
        file.write(checksum)


def verify(path: str | Path, form: Form, required: bool = True) -> None:
    """Verify the checksum of a file, once in each process as long as the file does not change.

    The file is read in parts, so that large files need no memory.

    Parameters
    ----------
    path : str or Path
        A file of `checked_file`.
    form : Form
        Its form.
    required : bool
        Whether a file without a checksum is refused; else it is taken for one that a user made.

    Raises
    ------
    UserError
        If the file is missing, lacks its checksum or does not match it.
    """
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            state = (os.path.abspath(path), status.st_ino, status.st_size, status.st_mtime_ns)
            if state not in _verified and _is_checked(path, file, form, required):
                _verified.add(state)
    except OSError as error:
        raise _unreadable(path, error, required) from error


def checked_bytes(path: str | Path, form: Form, required: bool = True) -> bytes:
    """Read a whole file and verify its checksum; parameters and errors are those of `verify`.

    Returns
    -------
    bytes
        The content, without a checksum that follows its end.
    """
    try:
        with open(path, "rb") as file:
            checked = _is_checked(path, file, form, required)
            place = form.find(file) if checked and isinstance(form, Trailer) else None
            file.seek(0)
            return file.read() if place is None else file.read(place)
    except OSError as error:
        raise _unreadable(path, error, required) from error


def checked_text(path: str | Path, required: bool = True) -> str:
    """Read a UTF-8 text whose checksum has the form `TEXT`; parameters and errors are those of `verify`.

    Raises
    ------
    UserError
        Also if the text is not UTF-8.
    """
    try:
        return checked_bytes(path, TEXT, required).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: cannot be read ({error})") from error


def write_checked_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 text with a checksum of the form `TEXT`.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with checked_file(path, TEXT) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


def _is_checked(path: str | Path, file: BinaryIO, form: Form, required: bool) -> bool:
    """Whether a file has a checksum, which then matches; UserError if it does not, or is required."""
    place = form.find(file)
    if place is None:
        if not required:
            return False
        raise UserError(
            f"{path}: damaged or cut off, or not written by this version of bsnpp: it has no checksum; "
            "remove it and run again"
        )
    length = len(form.encode(bytes(8)))
    digest = _digest(file, place, length)
    file.seek(place)
    if file.read(length) != form.encode(digest):
        advice = "remove it and run again" if required else _ADVICE
        raise UserError(f"{path}: damaged, or changed by hand: it does not match its checksum; {advice}")
    return True


def _digest(file: BinaryIO, place: int, length: int) -> bytes:
    """Return the digest of a file without the bytes of its checksum."""
    state = hashlib.blake2b(digest_size=8)
    file.seek(0)
    left = place
    while left > 0 and (part := file.read(min(_PART, left))):
        state.update(part)
        left -= len(part)
    file.seek(place + length)
    while part := file.read(_PART):
        state.update(part)
    return state.digest()


def _unreadable(path: str | Path, error: OSError, required: bool) -> UserError:
    if isinstance(error, FileNotFoundError):
        advice = "run the stage that writes it" if required else "check the path"
        return UserError(f"{path}: no such file; {advice}")
    return UserError(f"{path}: cannot be read ({error.strerror}); check the file's permissions")
