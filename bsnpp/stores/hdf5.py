"""Open the HDF5 files between stages: with a checksum, which is verified before HDF5 reads the file.

HDF5 itself does not notice most damaged values, and hangs or crashes on some damaged structures.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from bsnpp.core.checksum_forms import BLOCK, HDF5
from bsnpp.core.checksums import checked_file, verify


@contextmanager
def new_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """Yield an empty file to write; it gets its checksum and its name when the block has ended.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with checked_file(path, HDF5) as temporary, h5py.File(temporary, "w", userblock_size=BLOCK) as file:
        yield file


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
