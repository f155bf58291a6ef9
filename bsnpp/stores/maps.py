"""Read and write proposal maps: the maps of one member, or the fused maps of a blend.

An HDF5 file holds the maps of N videos: the datasets `video`, UTF-8 (N,), and `boundary`, float32 (N, 2, T),
and one more: `confidence`, float32 (N, 2, V), of a member, or `maps`, float32 (N, 3, V), of a blend. The
attributes are `scale` (T) and `durations` (D). Only the V valid cells are stored, in the order of
`ProposalGrid`, without compression, for speed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.stores.hdf5 import new_hdf5, open_verified

Kind = Literal["member", "fused"]

LAYOUT: dict[Kind, tuple[str, int]] = {"member": ("confidence", 2), "fused": ("maps", 3)}
"""Name and number of channels of the dataset next to `boundary`: (classification, regression) confidences
of a member, or (boundary, classification, regression) maps of a blend."""


@dataclass(frozen=True)
class ProposalMaps:
    """A map file. `read` reads the maps of some of its videos.

    Attributes
    ----------
    path : Path
        The file.
    kind : {"member", "fused"}
        Which of the two layouts the file has.
    grid : ProposalGrid
        T cells, D durations.
    videos : tuple of str
        The N videos, in the order of the file.
    """

    path: Path
    kind: Kind
    grid: ProposalGrid
    videos: tuple[str, ...]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each video."""
        return {video: row for row, video in enumerate(self.videos)}

    def read(self, indices: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Read the maps of some videos.

        Parameters
        ----------
        indices : sequence of int (n,)
            Rows of the file in any order, 0 to N - 1.

        Returns
        -------
        boundary : np.ndarray
            Start and end probabilities, float32 (n, 2, T).
        maps : np.ndarray
            float32 (n, 2, V) of a member, (n, 3, V) of a blend.

        Raises
        ------
        UserError
            If the file is damaged or has been removed.
        """
        name, _ = LAYOUT[self.kind]
        try:
            with open_verified(self.path) as file:
                return _read_rows(file["boundary"], indices), _read_rows(file[name], indices)
        except (OSError, KeyError) as error:
            raise _unreadable(self.path, error) from error


def open_member(path: str | Path) -> ProposalMaps:
    """Open the maps that one generator predicted from the features of one encoder.

    Raises
    ------
    UserError
        If the file is missing, damaged or has another layout.
    """
    return _open(Path(path), "member")


def open_fused(path: str | Path) -> ProposalMaps:
    """Open the fused maps of a blend.

    Raises
    ------
    UserError
        If the file is missing, damaged or has another layout.
    """
    return _open(Path(path), "fused")


def write_maps(
    path: str | Path,
    grid: ProposalGrid,
    videos: Sequence[str],
    batches: Iterable[tuple[np.ndarray, np.ndarray]],
    kind: Kind,
) -> None:
    """Write a map file batch by batch. The same maps give the same bytes.

    Parameters
    ----------
    path : str or Path
        The file to write.
    grid : ProposalGrid
        T cells, D durations.
    videos : sequence of str (N,)
        Ids without duplicates; N may be 0.
    batches : iterable of (boundary, maps)
        Maps of n consecutive videos in the order of `videos`: boundary probabilities (n, 2, T), and
        confidences (n, 2, V) of a member or maps (n, 3, V) of a blend. They are stored as float32.
    kind : {"member", "fused"}
        Which layout to write.

    Raises
    ------
    ValueError
        If a video is listed twice, or the batches do not match the videos and the grid.
    UserError
        If a value is not finite, or the file cannot be written.
    """
    if len(set(videos)) != len(videos):
        raise ValueError("a video is listed twice")
    name, channels = LAYOUT[kind]
    with new_hdf5(path) as file:
        file.attrs["scale"] = grid.scale
        file.attrs["durations"] = grid.durations
        file.create_dataset("video", data=np.array(videos, dtype=object), dtype=h5py.string_dtype("utf-8"))
        boundary_rows = file.create_dataset("boundary", (len(videos), 2, grid.scale), dtype="f4")
        map_rows = file.create_dataset(name, (len(videos), channels, len(grid)), dtype="f4")
        first = 0
        for boundary, maps in batches:
            last = first + len(boundary)
            _check_batch(videos[first:last], boundary, maps, (boundary_rows.shape, map_rows.shape))
            boundary_rows[first:last] = boundary
            map_rows[first:last] = maps
            first = last
        if first != len(videos):
            raise ValueError(f"{len(videos)} videos, but maps of {first}")


def _check_batch(
    videos: Sequence[str],
    boundary: np.ndarray,
    maps: np.ndarray,
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
) -> None:
    """Check the shapes of a batch, and that all values are finite."""
    expected = tuple((len(videos), *shape[1:]) for shape in shapes)
    if (boundary.shape, maps.shape) != expected:
        raise ValueError(
            f"a batch has the shapes {boundary.shape}, {maps.shape}, expected {expected[0]}, {expected[1]}"
        )
    for video, *values in zip(videos, boundary, maps, strict=True):
        if not all(np.isfinite(value).all() for value in values):
            raise UserError(
                f"{video}: the maps contain values that are not finite (NaN or Inf), because the model "
                "diverged; lower the learning rate and train again"
            )


def _open(path: Path, kind: Kind) -> ProposalMaps:
    """Read the videos and the grid of a file, and check the shapes of its maps."""
    if not path.exists():
        raise UserError(f"{path}: no such map file; run the stage that writes it")
    name, channels = LAYOUT[kind]
    try:
        with open_verified(path) as file:
            scale, durations = int(file.attrs["scale"]), int(file.attrs["durations"])
            videos = tuple(file["video"].asstr()[:])
            shapes = file["boundary"].shape, file[name].shape
        grid = ProposalGrid(scale, durations)
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from error
    expected = (len(videos), 2, grid.scale), (len(videos), channels, len(grid))
    if shapes != expected:
        raise _unreadable(path, f"boundary and {name} have shapes {shapes}, expected {expected}")
    if len(set(videos)) != len(videos):
        raise _unreadable(path, "a video is listed twice")
    return ProposalMaps(path, kind, grid, videos)


def _unreadable(path: Path, reason: object) -> UserError:
    return UserError(f"{path}: damaged, or not a map file of this kind ({reason}); remove it and run again")


def _read_rows(dataset: h5py.Dataset, indices: Sequence[int] | np.ndarray) -> np.ndarray:
    """Read rows in any order, one slice per run of consecutive rows: much faster than h5py's own indexing."""
    rows = np.asarray(indices, dtype=np.int64)
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(dataset)):
        raise ValueError(f"rows must be in 0..{len(dataset) - 1}")
    runs = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1) if len(rows) else []
    parts = [dataset[run[0] : run[-1] + 1] for run in runs]
    return np.concatenate(parts) if parts else np.empty((0, *dataset.shape[1:]), dtype=dataset.dtype)
