"""Sources of arrays: a folder with one file per video, or HDF5 files with one dataset per video."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.features.containers import (
    CONTAINERS,
    ReadOptions,
    container_of,
    other_content,
    read_file,
    read_header,
)
from bsnpp.features.hdf5 import dataset_header, dataset_names, locate, open_hdf5, read_dataset
from bsnpp.features.settings import StreamSource


class ArraySource(Protocol):
    """Arrays by name."""

    def __contains__(self, name: str) -> bool:
        """Check whether there is an array of that name."""
        ...

    def names(self) -> Iterable[str]:
        """Return the names of all arrays, sorted."""
        ...

    def place_of(self, name: str) -> str:
        """Return where an array is, for messages."""
        ...

    def files_of(self, name: str) -> list[str]:
        """Return the paths of the files that may hold an array; several are a fault that `load` reports."""
        ...

    def load(self, name: str) -> np.ndarray:
        """Read an array as it is stored, unchecked; a `UserError` if it cannot be read."""
        ...

    def header(self, name: str) -> np.ndarray | None:
        """Return an array of the same shape and type whose values mean nothing; None if that needs `load`."""
        ...


def open_arrays(source: StreamSource) -> ArraySource:
    """Open the folder or HDF5 file of a stream.

    In a folder that has only HDF5 files, the first one decides: if it has several datasets, each file has one
    dataset per video, as the files of each subset in public TSP features.

    Raises
    ------
    UserError
        If it is missing or unreadable, or if it is a folder without a feature file.
    """
    if not os.path.exists(source.path):
        raise UserError(f"{source.path}: does not exist; it should hold {source.content}")
    if not os.path.isdir(source.path):
        return _Hdf5File(source)
    files = [file for file in _files(Path(source.path)) if container_of(file) is not None]
    return _Hdf5Files(source, files) if _have_videos(source, files) else _Folder(source)


def _have_videos(source: StreamSource, files: Sequence[str]) -> bool:
    """Return whether all files are HDF5 files, and the first one has several datasets."""
    if not files or any(container_of(file) is not CONTAINERS["hdf5"] for file in files):
        return False
    try:
        return len(_Hdf5File(_in_folder(source, files[0])).names()) > 1
    except UserError:
        return False  # reported when its video is read


def _in_folder(source: StreamSource, file: str) -> StreamSource:
    return source.model_copy(update={"path": os.path.join(source.path, file)})


class _Folder:
    """A folder with one file per video, in the folder itself or one level below; a name has no suffix."""

    def __init__(self, source: StreamSource) -> None:
        self._path = source.path
        self._options = ReadOptions(source.channels, source.pickles)
        self._files: dict[str, list[str]] = {}
        for file in _files(Path(source.path)):
            if container_of(file) is not None:
                self._files.setdefault(os.path.splitext(file)[0], []).append(file)
        if not self._files:
            raise UserError(f"{source.path}: holds no feature file; it should hold {source.content}")

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def names(self) -> Iterable[str]:
        return sorted(self._files)

    def place_of(self, name: str) -> str:
        return self.files_of(name)[0]

    def files_of(self, name: str) -> list[str]:
        return [os.path.join(self._path, file) for file in self._files[name]]

    def load(self, name: str) -> np.ndarray:
        return read_file(self._only_file(name), self._options)

    def header(self, name: str) -> np.ndarray | None:
        return read_header(self._only_file(name), self._options)

    def _only_file(self, name: str) -> str:
        if len(self._files[name]) > 1:
            raise UserError(f"{self._path}: holds both {' and '.join(self._files[name])}; keep one")
        return self.place_of(name)


class _Hdf5File:
    """One HDF5 file with one dataset per video, possibly in groups."""

    def __init__(self, source: StreamSource) -> None:
        self._path = source.path
        self._channels = source.channels
        try:
            self._file = open_hdf5(source.path)
        except (OSError, RuntimeError) as error:
            reason = other_content(source.path) or f"cannot be opened as HDF5 ({error!s:.200})"
            raise UserError(f"{source.path}: {reason}; it should hold {source.content}") from error

    def __contains__(self, name: str) -> bool:
        try:
            return locate(self._file, name) is not None
        except Exception as error:
            raise self._damaged(error) from error

    def names(self) -> list[str]:
        try:
            return sorted(dataset_names(self._file))
        except Exception as error:
            raise self._damaged(error) from error

    def place_of(self, name: str) -> str:
        return f"{self._path}, dataset {name}"

    def files_of(self, name: str) -> list[str]:
        return [self._path]

    def load(self, name: str) -> np.ndarray:
        return self._called(read_dataset, name)

    def header(self, name: str) -> np.ndarray | None:
        return self._called(dataset_header, name)

    def _called(self, read: Callable[[h5py.File, str, int], np.ndarray], name: str) -> np.ndarray:
        try:
            return read(self._file, name, self._channels)
        except UserError as error:
            raise UserError(f"{self._path}: {error}") from error
        except Exception as error:  # h5py raises anything for damaged bytes
            raise UserError(f"{self.place_of(name)}: cannot be read ({error!s:.200})") from error

    def _damaged(self, error: Exception) -> UserError:
        return UserError(f"{self._path}: is damaged, its datasets cannot be listed ({error!s:.200})")


class _Hdf5Files:
    """A folder of HDF5 files with one dataset per video each."""

    def __init__(self, source: StreamSource, files: Sequence[str]) -> None:
        self._paths = [os.path.join(source.path, file) for file in files]
        self._parts = [_Hdf5File(_in_folder(source, file)) for file in files]

    def __contains__(self, name: str) -> bool:
        return any(name in part for part in self._parts)

    def names(self) -> Iterable[str]:
        return sorted({name for part in self._parts for name in part.names()})

    def place_of(self, name: str) -> str:
        return next(part.place_of(name) for part in self._parts if name in part)

    def files_of(self, name: str) -> list[str]:
        return self._paths  # each of them may hold another dataset of that name

    def load(self, name: str) -> np.ndarray:
        return self._only_part(name).load(name)

    def header(self, name: str) -> np.ndarray | None:
        return self._only_part(name).header(name)

    def _only_part(self, name: str) -> _Hdf5File:
        places = [part for part in self._parts if name in part]
        if len(places) > 1:
            raise UserError(f"{' and '.join(part.place_of(name) for part in places)}: keep one of them")
        return places[0]


def _files(folder: Path) -> list[str]:
    """List the files in a folder and one level below, as paths relative to it."""
    files = []
    try:
        for entry in os.scandir(folder):
            if entry.is_dir():
                files += [f"{entry.name}/{file.name}" for file in os.scandir(entry.path) if file.is_file()]
            elif entry.is_file() or entry.is_symlink():  # a broken link is reported when its video is read
                files.append(entry.name)
    except OSError as error:
        raise UserError(f"{folder}: cannot be listed ({error.strerror}); check its permissions") from error
    return sorted(files)
