"""The files of a bundle: one zip archive, or a folder with the same files.

Archives are written with fixed times and without compression, so that the same files give the same bytes.
Every file but the manifest is checked against its SHA-256 when it is read.
"""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

from bsnpp.core.errors import UserError
from bsnpp.core.files import ZIP_FAULTS, whole_file
from bsnpp.core.folders import whole_folder

EPOCH = (1980, 1, 1, 0, 0, 0)
ENDING = ".zip"

Add = Callable[[str, bytes], None]
"""Adds a file, by name and content."""


def write_bundle(path: str | Path, fill: Callable[[Add], None]) -> None:
    """Write a bundle that is either complete or absent.

    Parameters
    ----------
    path : str or Path
        An archive if it ends in .zip, else a folder, which must not exist.
    fill : callable
        Called with the function that adds a file.

    Raises
    ------
    UserError
        If the folder exists, or the bundle cannot be written.
    """
    path = Path(path)
    if path.suffix == ENDING:
        with whole_file(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            fill(lambda name, data: archive.writestr(_entry(name), data))
        return
    with whole_folder(path) as temporary:
        fill(lambda name, data: _write(temporary / name, data))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    return entry


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class BundleFiles:
    """Reads the files of a bundle; nothing is extracted.

    Parameters
    ----------
    path : str or Path
        Archive or folder.

    Raises
    ------
    UserError
        If it is neither.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise UserError(f"{path}: no such bundle; make one with `bsnpp export`")
        if not self.path.is_dir() and not zipfile.is_zipfile(self.path):
            raise UserError(f"{path}: not a bundle; expected a folder or a zip archive of `bsnpp export`")
        outside = [name for name in self._names() if name.startswith("/") or ".." in name.split("/")]
        if outside:
            raise UserError(
                f"{path}: not a bundle of `bsnpp export`: it holds paths outside it ({outside[0]})"
            )

    def _names(self) -> list[str]:
        """List the files of an archive; nothing for a folder."""
        if self.path.is_dir():
            return []
        try:
            with zipfile.ZipFile(self.path) as archive:
                return [name.replace("\\", "/") for name in archive.namelist()]
        except ZIP_FAULTS as error:
            raise UserError(f"{self.path}: damaged ({error}); export the bundle again") from error

    def read(self, name: str, checksum: str | None = None) -> bytes:
        """Return the content of a file.

        Parameters
        ----------
        name : str
            Name in the bundle.
        checksum : str, optional
            SHA-256 that the content must have.

        Raises
        ------
        UserError
            If the file is missing or damaged.
        """
        try:
            data = self._content(name)
        except ZIP_FAULTS as error:
            raise UserError(f"{self.path}: {name} is missing or damaged; export the bundle again") from error
        if checksum is not None and sha256(data) != checksum:
            raise UserError(
                f"{self.path}: {name} is damaged or was edited: its SHA-256 is not that of the manifest; "
                "export the bundle again"
            )
        return data

    def _content(self, name: str) -> bytes:
        if self.path.is_dir():
            return (self.path / name).read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
