"""Read one stream of an encoder: arrays with time on the first axis, one snippet per stride."""

import re
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from bsnpp.core.errors import UserError
from bsnpp.features.interpolation import values_at
from bsnpp.features.settings import Axis, StreamSource
from bsnpp.features.sources import ArraySource, open_arrays


def first_axis_of(array: np.ndarray, channels: int) -> Axis | None:
    """Return which axis of an array comes first; None if both axes have `channels` entries.

    Raises
    ------
    UserError
        If the array does not hold numbers, is empty, or has another shape.
    """
    if array.dtype.kind not in "fiu":
        raise UserError(f"holds {array.dtype} of shape {array.shape}; it should hold an array of numbers")
    if array.size == 0:
        raise UserError(f"no snippets (shape {array.shape})")
    if array.ndim != 2 or channels not in array.shape:
        raise UserError(
            f"shape {array.shape}, should be (snippets, {channels}) or ({channels}, snippets); "
            "correct `channels` or the file"
        )
    if array.shape == (1, 1):
        return "time"
    if array.shape == (channels, channels):
        return None
    return "time" if array.shape[1] == channels else "channels"


def one_snippet_per_stride(sequence: np.ndarray, clip: float) -> np.ndarray:
    """Resample the snippets of overlapping clips to the centres of the strides (conventions 3).

    Snippet k of the source is centred at k + clip / 2 strides, snippet k of the result at k + 1 / 2. Values
    are interpolated linearly between the centres of the source and constant beyond the first and the last.

    Parameters
    ----------
    sequence : np.ndarray
        float32 (t, C).
    clip : float
        Length of a clip in strides, at least 1; t clips cover t - 1 + clip strides.

    Returns
    -------
    np.ndarray
        float32 (t - 1 + clip, C), the number of rows rounded; the sequence itself if `clip` is 1.
    """
    if clip == 1:
        return sequence
    rows = np.arange(int(len(sequence) - 1 + clip + 0.5))
    return values_at(sequence, rows + 0.5 - clip / 2)


class StreamReader:
    """Read the sequences of one stream by the id of the video; see `open_source`."""

    def __init__(self, source: StreamSource, arrays: ArraySource) -> None:
        self.source = source
        self._arrays = arrays

    def missing(self, videos: Iterable[str]) -> list[str]:
        """Return those of `videos` that the stream lacks, in their order."""
        return [video for video in videos if self.name_of(video) is None]

    def absence(self, video: str) -> str:
        """Return the message for a video that the stream lacks."""
        names = " or ".join(self.source.names_of(video))
        return f"{video}: stream {self.source.name}: no {names} in {self.source.path}"

    def name_of(self, video: str) -> str | None:
        """Return the name of the file or dataset of a video, the first one if there are two; None without."""
        return next(iter(self._names_of(video)), None)

    def place_of(self, video: str) -> str | None:
        """Return the file or dataset of a video, for messages; None without."""
        name = self.name_of(video)
        return None if name is None else self._arrays.place_of(name)

    def names(self) -> list[str]:
        """Return the names of all files (without suffix) or datasets of the stream, sorted."""
        return list(self._arrays.names())

    def header(self, video: str) -> np.ndarray | None:
        """Return an array of the shape and type of that of a video, whose values mean nothing.

        It is None if only a full read gives the shape.

        Raises
        ------
        UserError
            As `load`.
        """
        return self._arrays.header(self._only_name(video))

    def load(self, video: str) -> np.ndarray:
        """Read the array of a video as it is stored.

        Raises
        ------
        UserError
            If it is missing or unreadable, or if two names of the video are there.
        """
        return self._arrays.load(self._only_name(video))

    def time_first(self, array: np.ndarray) -> np.ndarray:
        """Transpose an array (C, t) of the stream to (t, C); an array (t, C) is returned as it is.

        The column `first_axis` decides which axis is time, or else the shape. If both axes have C entries,
        the other arrays of the stream decide.

        Raises
        ------
        UserError
            If the array does not hold numbers, is empty, has another shape, or if nothing decides.
        """
        first = first_axis_of(array, self.source.channels)
        wanted = self.source.first_axis
        if wanted is not None and first not in (None, wanted) and array.shape != (1, 1):
            shape = (
                ("snippets", self.source.channels) if wanted == "time" else (self.source.channels, "snippets")
            )
            raise UserError(
                f"shape {array.shape}, should be ({shape[0]}, {shape[1]}); correct `first_axis` or the file"
            )
        return array if (wanted or first or self._usual_first_axis()) == "time" else array.T

    def read(self, video: str) -> np.ndarray:
        """Read and check the sequence of a video, one snippet per stride.

        Returns
        -------
        np.ndarray
            float32 (t, C), t at least 1.

        Raises
        ------
        UserError
            If it is missing, unreadable, empty, of another number of channels, or not finite.
        """
        place = self.place_of(video)
        if place is None:
            raise UserError(self.absence(video))
        try:
            array = self.load(video)
        except UserError as error:
            raise UserError(f"{video}: {error}") from error
        try:
            sequence = _finite(self.time_first(array))
        except UserError as error:
            raise UserError(f"{video}: {place}: {error}") from error
        return one_snippet_per_stride(sequence, self.source.clip)

    def _only_name(self, video: str) -> str:
        names = self._names_of(video)
        if not names:
            raise UserError(self.absence(video))
        if len(names) > 1:
            raise UserError(f"{self.source.path}: holds both {' and '.join(names)}; keep one")
        return names[0]

    def _names_of(self, video: str) -> list[str]:
        return [name for name in self.source.names_of(video) if name in self._arrays]

    def _usual_first_axis(self) -> Axis:
        """Return the first axis of the arrays of the stream whose shape is not square."""
        if len(self._examples) == 1:
            return next(iter(self._examples))
        reason = "so are all others of the stream"
        if self._examples:
            places = [
                f"{axis} first in {self._arrays.place_of(name)}" for axis, name in self._examples.items()
            ]
            reason = f"others of the stream have {' and '.join(places)}"
        raise UserError(
            f"square, with {self.source.channels} snippets or channels on each axis, and {reason}; set the "
            "column `first_axis` to `time` or `channels`"
        )

    @cached_property
    def _examples(self) -> dict[Axis, str]:
        """For each first axis that arrays of the stream have, the name of one of them."""
        examples: dict[Axis, str] = {}
        for name in filter(self._is_of_a_video, self._arrays.names()):
            try:
                first = first_axis_of(self._arrays.load(name), self.source.channels)
            except UserError:
                continue  # reported when its video is read
            if first is not None:
                examples.setdefault(first, name)
            if len(examples) == 2:
                break
        return examples

    def _is_of_a_video(self, name: str) -> bool:
        patterns = (re.escape(pattern).replace("\0", "[^/]+") for pattern in self.source.names_of("\0"))
        return any(re.fullmatch(pattern, name) for pattern in patterns)


def _finite(sequence: np.ndarray) -> np.ndarray:
    """Convert a sequence to contiguous float32, and raise a `UserError` if a value is not finite."""
    with np.errstate(over="ignore"):  # becomes infinite, which is checked next
        sequence = np.ascontiguousarray(sequence, dtype=np.float32)
    faulty = np.nonzero(~np.isfinite(sequence).all(axis=1))[0]
    if len(faulty):
        raise UserError(
            f"NaN or infinite in {len(faulty)} of {len(sequence)} snippets, the first is number "
            f"{faulty[0] + 1}"
        )
    return sequence


def open_source(source: StreamSource) -> StreamReader:
    """Open one stream of an encoder.

    Raises
    ------
    UserError
        If the source is missing, unreadable or empty; the message says what it should hold.
    """
    return StreamReader(source, open_arrays(source))
