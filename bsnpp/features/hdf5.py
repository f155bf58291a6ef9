"""Read datasets from the HDF5 files of users, and from no file that these point to."""

import h5py
import numpy as np

from bsnpp.core.checksum_forms import HDF5
from bsnpp.core.checksums import verify
from bsnpp.core.errors import UserError

SHAPE = "shape"
"""Attribute of a one-dimensional dataset that holds the shape of its array."""
LONGEST_CHAIN = 100
"""Most soft links to follow for one name; more than that form a circle."""


def open_hdf5(path: str) -> h5py.File:
    """Open a file for reading; an error if it is missing, damaged or does not match its checksum.

    Only the files of encoded videos that this project writes have a checksum.
    """
    verify(path, HDF5, required=False)
    return h5py.File(path, "r")


def single_dataset(file: h5py.File) -> str:
    """Return the name of the only dataset of a file.

    Raises
    ------
    UserError
        If the file holds none or several.
    """
    names = dataset_names(file)
    if len(names) != 1:
        raise UserError(f"should hold one dataset, not {', '.join(names[:5]) or 'none'}")
    return names[0]


def dataset_names(file: h5py.File) -> list[str]:
    """Return the names of all datasets in the file and its groups; links are left out."""
    names: list[str] = []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return names


def locate(file: h5py.File, name: str) -> h5py.HardLink | h5py.ExternalLink | None:
    """Follow a name to its object, but never into another file.

    Each link is examined before it is followed.

    Returns
    -------
    HardLink, ExternalLink or None
        A hard link if the object is in the file itself, the external link that the name passes through, or
        None if there is no such object.
    """
    group, parts, followed = file["/"], _parts(name), 0
    link = h5py.HardLink() if not parts else None
    while parts:
        part, *parts = parts
        link = group.get(part, getlink=True) if isinstance(group, h5py.Group) else None
        if link is None or isinstance(link, h5py.ExternalLink):
            return link
        if isinstance(link, h5py.SoftLink):
            followed += 1
            if followed > LONGEST_CHAIN:
                return None
            group = file["/"] if link.path.startswith("/") else group
            parts = [*_parts(link.path), *parts]
        elif parts:
            group = group[part]
    return link


def _parts(name: str) -> list[str]:
    return [part for part in name.split("/") if part not in ("", ".")]


def read_dataset(file: h5py.File, name: str, channels: int) -> np.ndarray:
    """Read a dataset of the file itself.

    A one-dimensional dataset holds the rows of an array one after the other, as in public TSP features: its
    attribute `shape` is the shape of the array, or else each row has `channels` values.

    Parameters
    ----------
    file : h5py.File
    name : str
        Name of the dataset with its groups.
    channels : int
        Number of channels C.

    Raises
    ------
    UserError
        If there is no such dataset, if its values are in another file (external link, virtual dataset,
        external storage), or if they do not have the shape that they should have.
    """
    item = _own_dataset(file, name)
    values = np.asarray(item[()])
    return values if item.ndim != 1 else _unflattened(values, item.attrs.get(SHAPE, (-1, channels)))


def dataset_header(file: h5py.File, name: str, channels: int) -> np.ndarray:
    """Return a `placeholder` of the array that `read_dataset` would return; raises the same errors."""
    item = _own_dataset(file, name)
    values = placeholder(item.shape, item.dtype)
    return values if item.ndim != 1 else _unflattened(values, item.attrs.get(SHAPE, (-1, channels)))


def placeholder(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Return an array of a shape and type that takes no memory; its values mean nothing."""
    return np.broadcast_to(np.zeros((), dtype), shape)


def _own_dataset(file: h5py.File, name: str) -> h5py.Dataset:
    """Return a dataset whose values are in the file itself; a `UserError` if there is none."""
    link = locate(file, name)
    if link is None:
        raise UserError(f"there is no dataset {name}")
    if isinstance(link, h5py.ExternalLink):
        raise UserError(f"{name} is a link to another file, {link.filename}; copy its values into this file")
    item = file[name]
    if not isinstance(item, h5py.Dataset):
        members = ", ".join(sorted(item)[:5]) if isinstance(item, h5py.Group) else ""
        raise UserError(
            f"{name} is a group with {members or 'nothing'}; name the dataset by the column `pattern`, such "
            "as v_{video}/c3d_features"
        )
    if item.is_virtual or item.external:
        raise UserError(f"{name} takes its values from other files; copy them into this file")
    return item


def _unflattened(values: np.ndarray, shape: np.ndarray | tuple[int, ...]) -> np.ndarray:
    shape = tuple(map(int, np.ravel(shape)))
    try:
        return values.reshape(shape)
    except ValueError as error:
        raise UserError(f"{len(values)} values cannot be an array of shape {shape}") from error
