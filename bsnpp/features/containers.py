"""What holds the features of many videos: a folder of files, or one HDF5 file (conventions 1)."""

import os
import pickle
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource

NPZ_KEY = "feats"
# What the readers of the formats raise at a damaged file, or at another kind of file under that name.
UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, RuntimeError, AttributeError, ImportError),
    *(zipfile.BadZipFile, pickle.UnpicklingError),
)


class Container(Protocol):
    """Arrays by name."""

    def __contains__(self, name: str) -> bool:
        """Whether there is an array of that name."""
        ...

    def where(self, name: str) -> str:
        """The place of an array, for messages."""
        ...

    def load(self, name: str) -> np.ndarray:
        """The array as it stands there, unchecked; UserError if it cannot be read."""
        ...


def open_container(source: StreamSource) -> Container:
    """Open the folder or HDF5 file of a stream.

    Raises
    ------
    UserError
        If it is missing, unreadable, or a folder without any feature file.
    """
    if not os.path.exists(source.path):
        raise UserError(f"{source.path}: not there; it should hold {source.content}")
    return _Folder(source) if os.path.isdir(source.path) else _Hdf5(source)


class _Folder:
    """A folder with a file per video, in itself or one folder deeper; names go without the ending."""

    def __init__(self, source: StreamSource) -> None:
        self._pickles = source.pickles
        self._path = source.path
        self._files: dict[str, list[str]] = {}
        for file in _files(Path(source.path)):
            name, ending = os.path.splitext(file)
            if ending in LOADERS:
                self._files.setdefault(name, []).append(file)
        if not self._files:
            raise UserError(f"{source.path}: holds no feature file; it should hold {source.content}")

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def where(self, name: str) -> str:
        return os.path.join(self._path, self._files[name][0])

    def load(self, name: str) -> np.ndarray:
        if len(self._files[name]) > 1:
            raise UserError(
                f"{self._path}: {' and '.join(sorted(self._files[name]))} are both there; keep one"
            )
        path = self.where(name)
        try:
            return LOADERS[os.path.splitext(path)[1]](path, self._pickles)
        except UNREADABLE as error:
            raise UserError(f"{path}: cannot be read ({type(error).__name__}: {error!s:.200})") from error


class _Hdf5:
    """One HDF5 file with a dataset per video, possibly in groups."""

    def __init__(self, source: StreamSource) -> None:
        self._path = source.path
        try:
            self._file = h5py.File(source.path, "r")
        except OSError as error:
            raise UserError(
                f"{source.path}: cannot be opened as HDF5 ({error!s:.200}); it should hold {source.content}"
            ) from error

    def __contains__(self, name: str) -> bool:
        return name in self._file

    def where(self, name: str) -> str:
        return f"{self._path}, dataset {name}"

    def load(self, name: str) -> np.ndarray:
        try:
            dataset = self._file[name]
            if isinstance(dataset, h5py.Dataset):
                return dataset[()]
            members = ", ".join(sorted(dataset))
        except UNREADABLE as error:
            raise UserError(f"{self.where(name)}: cannot be read ({error!s:.200})") from error
        raise UserError(
            f"{self._path}: {name} is a group with {members or 'nothing'}; name the dataset by the key "
            "`pattern`, such as v_{video}/c3d_features"
        )


def _files(folder: Path) -> list[str]:
    """Files in the folder and in its folders, as paths relative to it."""
    found = []
    try:
        for entry in os.scandir(folder):
            if entry.is_dir():
                found += [f"{entry.name}/{file.name}" for file in os.scandir(entry.path) if file.is_file()]
            else:
                found.append(entry.name)
    except OSError as error:
        raise UserError(f"{folder}: cannot be listed ({error.strerror}); check its permissions") from error
    return sorted(found)


def _load_csv(path: str, pickles: bool) -> np.ndarray:
    with open(path, encoding="utf-8-sig") as file:
        first = file.readline().split(",")[0].strip()
    try:
        float(first)
        header = 0
    except ValueError:
        header = 1  # "f0" or "# f0"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # no rows: told by the check of the length
        return np.loadtxt(path, np.float32, comments=None, delimiter=",", skiprows=header, ndmin=2)


def _load_npy(path: str, pickles: bool) -> np.ndarray:
    return np.load(path, allow_pickle=pickles)


def _load_npz(path: str, pickles: bool) -> np.ndarray:
    with np.load(path, allow_pickle=pickles) as archive:
        if NPZ_KEY not in archive:
            raise KeyError(f"no array {NPZ_KEY!r}, only {', '.join(archive.files) or 'nothing'}")
        return archive[NPZ_KEY]


def _load_pt(path: str, pickles: bool) -> np.ndarray:
    import torch

    return _as_array(torch.load(path, map_location="cpu", weights_only=not pickles))


def _load_pkl(path: str, pickles: bool) -> np.ndarray:
    if not pickles:
        raise ValueError("a pickle can run any program; set `pickles: true` if you trust these files")
    with open(path, "rb") as file:
        return _as_array(pickle.load(file))


def _load_h5(path: str, pickles: bool) -> np.ndarray:
    with h5py.File(path, "r") as file:
        names: list[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        if len(names) != 1:
            raise ValueError(f"should hold one dataset, not {', '.join(names) or 'none'}")
        return file[names[0]][()]


def _as_array(value: Any) -> np.ndarray:
    """An array of a tensor (bfloat16 too) or of anything that NumPy understands."""
    return value.detach().float().numpy() if hasattr(value, "detach") else np.asarray(value)


LOADERS: dict[str, Callable[[str, bool], np.ndarray]] = {
    ".csv": _load_csv,
    ".npy": _load_npy,
    ".npz": _load_npz,
    ".pt": _load_pt,
    ".pkl": _load_pkl,
    ".h5": _load_h5,
    ".hdf5": _load_h5,
}
