"""Containers: formats of files that hold the features of one video each (conventions 1).

A new container is one entry of `CONTAINERS`. Settings, error messages and the manual take the list from it.
"""

import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.files import other_kind
from bsnpp.features.csv_files import read_csv
from bsnpp.features.hdf5 import dataset_header, open_hdf5, placeholder, read_dataset, single_dataset

NPZ_KEY = "feats"


@dataclass(frozen=True)
class ReadOptions:
    """What a reader may need to know about the stream.

    Attributes
    ----------
    channels : int
        Number of channels C.
    pickles : bool
        Whether pickled Python objects may be loaded; they can run any program.
    """

    channels: int
    pickles: bool = False


@dataclass(frozen=True)
class Container:
    """A format of files that hold the features of one video each.

    Attributes
    ----------
    suffixes : tuple of str
        Suffixes of its files in lower case, such as `.npy`.
    description : str
        What such a file must hold, for the manual; one line.
    read : callable
        Read the array of a file as it is stored; called with the path and the options. Whatever it raises is
        reported as a fault of that file.
    """

    suffixes: tuple[str, ...]
    description: str
    read: Callable[[str, ReadOptions], np.ndarray]
    header: Callable[[str, ReadOptions], np.ndarray] | None = None
    """Return a `placeholder` of the array without reading it; None if only a full read gives the shape."""


def container_of(path: str) -> Container | None:
    """Return the container of a file by its suffix; None if the file is no feature file."""
    suffix = os.path.splitext(path)[1].lower()
    return next((container for container in CONTAINERS.values() if suffix in container.suffixes), None)


def read_file(path: str, options: ReadOptions) -> np.ndarray:
    """Read the array of a feature file as it is stored.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    container = container_of(path)
    if container is None:
        raise UserError(f"{path}: not a feature file; supported are {listed_suffixes()}")
    return _called(container.read, path, options)


def read_header(path: str, options: ReadOptions) -> np.ndarray | None:
    """Return a `placeholder` of the array of a feature file; None if only a full read gives the shape.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    container = container_of(path)
    return None if container is None or not container.header else _called(container.header, path, options)


def _called(read: Callable[[str, ReadOptions], np.ndarray], path: str, options: ReadOptions) -> np.ndarray:
    try:
        return read(path, options)
    except UserError as error:
        raise UserError(f"{path}: {other_content(path) or f'cannot be read: {error}'}") from error
    except Exception as error:  # readers raise anything for damaged bytes: TokenError, zlib.error, ...
        if other_content(path) is not None:
            raise UserError(f"{path}: {other_content(path)}") from error
        raise UserError(f"{path}: cannot be read ({type(error).__name__}: {error!s:.200})") from error


def other_content(path: str) -> str | None:
    """Describe a file that cannot be read as features (`other_kind`); None if its kind is not known."""
    try:
        with open(path, "rb") as file:
            return other_kind(file.read(40))
    except OSError:
        return None


def listed_suffixes() -> str:
    """Return the suffixes of all containers, for messages: `.csv, .npy, ... or .h5`."""
    suffixes = [suffix for container in CONTAINERS.values() for suffix in container.suffixes]
    return " or ".join(filter(None, [", ".join(suffixes[:-1]), suffixes[-1]]))


def described_containers() -> str:
    """Return every container with its description, for the manual."""
    return "; ".join(
        f"{' or '.join(container.suffixes)}: {container.description}" for container in CONTAINERS.values()
    )


def _read_csv(path: str, options: ReadOptions) -> np.ndarray:
    return read_csv(path)


def _read_npy(path: str, options: ReadOptions) -> np.ndarray:
    return np.load(path, allow_pickle=options.pickles)


def _npy_header(path: str, options: ReadOptions) -> np.ndarray:
    if os.path.getsize(path) == 0:
        raise UserError("the file is empty")
    array = np.load(path, mmap_mode="r", allow_pickle=False)  # fails for files that are too short
    return placeholder(array.shape, array.dtype)


def _read_npz(path: str, options: ReadOptions) -> np.ndarray:
    with open(path, "rb") as file, np.load(file, allow_pickle=options.pickles) as archive:
        if NPZ_KEY not in archive:
            raise UserError(f"no array {NPZ_KEY!r}, only {', '.join(archive.files) or 'nothing'}")
        array = archive[NPZ_KEY]
        if not isinstance(array, np.ndarray):  # a member whose header is damaged is read as bytes
            raise UserError(f"{NPZ_KEY!r} is not an array; is the file damaged?")
        return array


def _read_pt(path: str, options: ReadOptions) -> np.ndarray:
    import torch

    return _as_array(torch.load(path, map_location="cpu", weights_only=not options.pickles))


def _read_pkl(path: str, options: ReadOptions) -> np.ndarray:
    if not options.pickles:
        raise UserError("a pickle can run any program; set `pickles: true` if you trust these files")
    with open(path, "rb") as file:
        return _as_array(pickle.load(file))


def _read_hdf5(path: str, options: ReadOptions) -> np.ndarray:
    with open_hdf5(path) as file:
        return read_dataset(file, single_dataset(file), options.channels)


def _hdf5_header(path: str, options: ReadOptions) -> np.ndarray:
    with open_hdf5(path) as file:
        return dataset_header(file, single_dataset(file), options.channels)


def _as_array(value: Any) -> np.ndarray:
    """Convert a tensor, also of bfloat16, or anything else that NumPy can convert."""
    return value.detach().float().numpy() if hasattr(value, "detach") else np.asarray(value)


CONTAINERS: dict[str, Container] = {
    "csv": Container((".csv",), "one snippet per line, with or without a header", _read_csv),
    "npy": Container((".npy",), "one array", _read_npy, _npy_header),
    "npz": Container((".npz",), f"an array under the key `{NPZ_KEY}`", _read_npz),
    "pt": Container((".pt",), "one tensor, saved by PyTorch", _read_pt),
    "pkl": Container((".pkl",), "one pickled array (needs `pickles`)", _read_pkl),
    "hdf5": Container((".h5", ".hdf5"), "a single dataset", _read_hdf5, _hdf5_header),
}
