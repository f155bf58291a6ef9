"""Read and write rescaled features.

An HDF5 file holds the features of N videos: the datasets `features`, float32 (N, C, T), and `video`, UTF-8
(N,), and the attributes `encoder` and `scale` (T).
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import h5py
import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.stores.hdf5 import new_hdf5, open_verified


def write_features(
    path: str | Path,
    encoder: str,
    scale: int,
    channels: int,
    items: Iterable[tuple[str, np.ndarray]],
    videos: Sequence[str],
) -> None:
    """Write features one video at a time. The same input gives the same bytes.

    Parameters
    ----------
    path : str or Path
        The file to write.
    encoder : str
        Name of the encoder.
    scale, channels : int
        T and C.
    items : iterable of (str, np.ndarray)
        Id and features, float32 (C, T), of every video, in the order of `videos`.
    videos : sequence of str
        Ids of the N videos. N may be 0, if no video needs this scale.

    Raises
    ------
    UserError
        If the file cannot be written.
    ValueError
        If the items have another shape, or are not in the order of `videos`.
    """
    shape = (len(videos), channels, scale)
    names = np.array([video.encode() for video in videos], dtype=np.bytes_)
    text = h5py.string_dtype("utf-8", length=max(names.itemsize, 1))
    with new_hdf5(path) as file:
        file.attrs["encoder"], file.attrs["scale"] = encoder, scale
        file.create_dataset("video", data=names.astype(text))
        features = file.create_dataset(
            "features", shape, np.float32, chunks=(1, *shape[1:]) if videos else None
        )
        for index, ((name, values), video) in enumerate(zip(items, videos, strict=True)):
            if name != video or values.shape != shape[1:]:
                raise ValueError(f"item {index} is {name} {values.shape}, expected {video} {shape[1:]}")
            features[index] = values


class FeatureStore:
    """An open file of rescaled features; also a context manager that closes it.

    Parameters
    ----------
    path : str or Path
        A file of `write_features`.

    Attributes
    ----------
    videos : list of str
        Ids of the N videos, in the order of the rows.
    channels, scale : int
        C and T.

    Raises
    ------
    UserError
        If the file is missing, damaged or not a feature file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise UserError(f"{path}: no such file; it should contain rescaled features (HDF5)")
        try:
            self._file = open_verified(path)
            self._features = self._file["features"]
            self.videos: list[str] = self._file["video"].asstr()[:].tolist()
            _, self.channels, self.scale = self._features.shape
        except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise UserError(f"{path}: damaged feature file ({error}); remove it and run again") from error

    def read(self, indices: Sequence[int] | np.ndarray) -> np.ndarray:
        """Read the features of some videos.

        Parameters
        ----------
        indices : sequence of int (n,)
            Rows of the file, in any order.

        Returns
        -------
        np.ndarray
            float32 (n, C, T), in the order of `indices`.

        Raises
        ------
        UserError
            If the file is damaged.
        """
        values = np.empty((len(indices), self.channels, self.scale), np.float32)
        try:
            for row, index in enumerate(indices):
                values[row] = self._features[int(index)]
        except OSError as error:
            raise UserError(f"{self.path}: cannot be read ({error}); remove it and run again") from error
        return values

    def read_ahead(self, parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Yield the features of every part (see `read`); a thread reads the next part in the meantime."""
        with ThreadPoolExecutor(1) as pool:
            reads = (pool.submit(self.read, part) for part in parts)
            following = next(reads, None)
            while following is not None:
                current, following = following, next(reads, None)
                yield current.result()

    def read_all(self) -> np.ndarray:
        """Read the features of all videos: float32 (N, C, T)."""
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
