"""Where and how checksums are stored in files of each format; see `bsnpp.core.checksums`."""

import os
from typing import BinaryIO, Protocol

BLOCK = 512
"""Size of the user block of an HDF5 file [bytes], the smallest that the format allows."""

MARK = b"bsnpp checksum "
EMPTY = "0" * 16
"""Placeholder of 16 hexadecimal digits."""
ROOM = (MARK + EMPTY.encode()).decode()
"""Text that writers of Parquet and safetensors files put into the metadata; the checksum replaces its end."""


class Form(Protocol):
    """Where and how a checksum is stored in a file."""

    def make_room(self, file: BinaryIO) -> None:
        """Make room for the checksum in a file without one."""

    def find(self, file: BinaryIO) -> int | None:
        """Return the place of the checksum in a file [bytes from the start]; None if it has none."""

    def encode(self, digest: bytes) -> bytes:
        """Return the bytes that are stored; their number does not depend on the digest."""


class _UserBlock:
    """In the user block of an HDF5 file; the writer opens the file with `userblock_size=BLOCK`."""

    def make_room(self, file: BinaryIO) -> None:
        """Mark the block, which is there."""
        file.seek(0)
        file.write(MARK)

    def find(self, file: BinaryIO) -> int | None:
        """Return the start of the block."""
        file.seek(0)
        return 0 if file.read(len(MARK)) == MARK else None

    def encode(self, digest: bytes) -> bytes:
        """Return the whole block."""
        return (MARK + digest.hex().encode() + b"\n").ljust(BLOCK, b"\0")


class _Slot:
    """In the metadata, in place of `ROOM`, which the writer puts there."""

    def make_room(self, file: BinaryIO) -> None:
        """Do nothing: the room is in the metadata."""

    def find(self, file: BinaryIO) -> int | None:
        """Return the place of the only mark."""
        file.seek(0)
        data = file.read()
        place = data.rfind(MARK)
        return None if place < 0 or place + len(ROOM) > len(data) else place

    def encode(self, digest: bytes) -> bytes:
        """Return the mark and the digest."""
        return MARK + digest.hex().encode()


class Trailer:
    """After the end of a file whose readers ignore what follows."""

    def make_room(self, file: BinaryIO) -> None:
        """Append room."""
        file.seek(0, os.SEEK_END)
        file.write(self.encode(bytes(8)))

    def find(self, file: BinaryIO) -> int | None:
        """Return the place of the trailer."""
        length = len(self.encode(bytes(8)))
        place = file.seek(0, os.SEEK_END) - length
        if place < 0:
            return None
        file.seek(place)
        return place if self._is_trailer(file.read(length)) else None

    def encode(self, digest: bytes) -> bytes:
        """Return a line with the digest."""
        return MARK + digest.hex().encode() + b"\n"

    def _is_trailer(self, data: bytes) -> bool:
        return data.startswith(MARK)


class _BlankLines(Trailer):
    """At the end of a text, as blank lines."""

    def encode(self, digest: bytes) -> bytes:
        """Return a line break for each bit, the highest first."""
        bits = f"{int.from_bytes(digest, 'big'):064b}"
        return bits.replace("0", "\n").replace("1", "\r").encode()

    def _is_trailer(self, data: bytes) -> bool:
        return not data.strip(b"\r\n")


HDF5: Form = _UserBlock()
SLOT: Form = _Slot()
TRAILER: Form = Trailer()
TEXT: Form = _BlankLines()
