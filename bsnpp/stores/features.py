"""Rescaled features of many videos in one HDF5 file: `features` (N, C, T) float32 and `video` (N,)."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file


def write_features(
    path: str | Path,
    encoder: str,
    scale: int,
    channels: int,
    items: Iterable[tuple[str, np.ndarray]],
    videos: Sequence[str],
) -> None:
    """Write features as they come, one video at a time in memory; the same input gives the same bytes.

    Parameters
    ----------
    path : path
        Whole or absent afterwards.
    encoder : str
        Kept as an attribute, as is `scale`, T.
    scale, channels : int
        T and C.
    items : iterable of (video, float32 (C, T))
        In the order of `videos`.
    videos : sequence of str
        Ids of the N videos; N may be 0 (no video needs this scale).

    Raises
    ------
    UserError
        If the file cannot be written.
    ValueError
        If the items are not those of `videos` in their order, or of another shape.
    """
    shape = (len(videos), channels, scale)
    names = np.array([video.encode() for video in videos], dtype=np.bytes_)
    text = h5py.string_dtype("utf-8", length=max(names.itemsize, 1))
    with whole_file(path) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["encoder"], file.attrs["scale"] = encoder, scale
        file.create_dataset("video", data=names.astype(text))
        features = file.create_dataset(
            "features", shape, np.float32, chunks=(1, *shape[1:]) if videos else None
        )
        for index, ((name, values), video) in enumerate(zip(items, videos, strict=True)):
            if name != video or values.shape != shape[1:]:
                raise ValueError(f"item {index} is {name} {values.shape}, not {video} {shape[1:]}")
            features[index] = values


class FeatureStore:
    """Reads a feature file; a context manager, open until `close` or the end of its block.

    Attributes
    ----------
    videos : list of str
        Ids in the order of the rows.
    encoder : str
    channels, scale : int
        C and T.

    Raises
    ------
    UserError
        If the file is missing, corrupt or no feature file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise UserError(f"{path}: no such file; it should hold rescaled features as HDF5")
        try:
            self._file = h5py.File(path, "r")
            self._features = self._file["features"]
            self.videos: list[str] = self._file["video"].asstr()[:].tolist()
            self.encoder = str(self._file.attrs["encoder"])
            _, self.channels, self.scale = self._features.shape
        except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise UserError(f"{path}: no whole feature file ({error}); delete it and run again") from error

    def read(self, indices: Sequence[int] | np.ndarray) -> np.ndarray:
        """Features of the videos at `indices`, in their order: float32 (n, C, T)."""
        values = np.empty((len(indices), self.channels, self.scale), np.float32)
        try:
            for row, index in enumerate(indices):
                values[row] = self._features[int(index)]
        except OSError as error:
            raise UserError(f"{self.path}: cannot be read ({error}); delete it and run again") from error
        return values

    def read_ahead(self, parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """What `read` gives for each part, which a thread reads while the caller uses the one before."""
        with ThreadPoolExecutor(1) as pool:
            reads = (pool.submit(self.read, part) for part in parts)
            following = next(reads, None)
            while following is not None:
                current, following = following, next(reads, None)
                yield current.result()

    def read_all(self) -> np.ndarray:
        """Features of all videos: float32 (N, C, T)."""
        return self.read(range(len(self.videos)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
