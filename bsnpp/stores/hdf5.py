"""Open the HDF5 files between stages: with a checksum, which is verified before HDF5 reads the file.

HDF5 itself does not notice most damaged values, and hangs or crashes on some damaged structures. After a
write that the disk refuses, it crashes when it is closed: the process then ends without closing it.
"""

import atexit
import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from bsnpp.core.checksum_forms import BLOCK, HDF5
from bsnpp.core.checksums import checked_file, verify
from bsnpp.core.errors import UserError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Numbers of the errors of a full disk, quota or file."""
_refused: list[BaseException] = []
"""Errors of a full disk. They keep the objects of HDF5, which print errors when they are released."""


@contextmanager
def new_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """Yield an empty file to write; it gets its checksum and its name when the block has ended.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with checked_file(path, HDF5) as temporary:
        try:
            with h5py.File(temporary, "w", userblock_size=BLOCK) as file:
                yield file
        except (OSError, RuntimeError) as error:  # HDF5 reports a full disk in both ways
            reason = _full_disk(error)
            if reason is None:
                raise
            if not _refused:
                atexit.register(_leave)
            _refused.append(error)
            raise UserError(f"{path}: cannot be written ({reason}); check the disk") from error


def open_verified(path: str | Path) -> h5py.File:
    """Verify a file of `new_hdf5`, once in each process, and open it for reading.

    Raises
    ------
    UserError
        If the file is missing or does not match its checksum.
    OSError
        If HDF5 cannot open it nevertheless.
    """
    verify(path, HDF5)
    return h5py.File(path, "r")


def _full_disk(error: BaseException | None) -> str | None:
    """Say why the disk refuses to write, if an error or one before it has this reason."""
    while error is not None:
        match = re.search(r"errno = (\d+)", str(error))
        if match and int(match.group(1)) in _FULL:
            return os.strerror(int(match.group(1)))
        error = error.__context__
    return None


def _leave() -> None:
    """End the process without closing HDF5."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)
