"""Snippet features of any stream, checked, turned and joined: float32 (snippets, channels)."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from bsnpp.core.errors import Faults, UserError
from bsnpp.features.containers import Container, open_container
from bsnpp.features.interpolation import values_at
from bsnpp.features.settings import StreamSource

# Two streams differ by a few snippets (flow needs a frame more); beyond that something is mixed up.
TOLERATED_SNIPPETS = 4
TOLERATED_SHARE = 0.1


def as_sequence(array: np.ndarray, channels: int) -> np.ndarray:
    """An array (t, C) or (C, t) with time first; where both axes have length C the first is time.

    Raises
    ------
    UserError
        If it holds no numbers, is empty, or has another shape.
    """
    if array.dtype.kind not in "fiu":
        raise UserError(f"holds {array.dtype} of shape {array.shape}, should hold an array of numbers")
    if array.size == 0:
        raise UserError(f"no snippets (shape {array.shape})")
    if array.ndim != 2 or channels not in array.shape:
        raise UserError(
            f"shape {array.shape}, should be (snippets, {channels}) or ({channels}, snippets); "
            "mend `channels` or the file"
        )
    return array if array.shape[1] == channels else array.T


def one_snippet_a_stride(sequence: np.ndarray, clip: float) -> np.ndarray:
    """Bring snippets of overlapping clips to the strides' centres (conventions 3).

    Snippet k of the source is centred at k + clip / 2 strides, snippet k of the result at k + 1 / 2: linear
    between the source's centres, constant beyond them.

    Parameters
    ----------
    sequence : float32 (t, C)
    clip : float
        Length of a clip in strides, at least 1. The t clips cover t - 1 + clip strides.

    Returns
    -------
    float32 (t - 1 + clip, C), the number rounded; the sequence itself where clip is 1.
    """
    if clip == 1:
        return sequence
    rows = np.arange(int(len(sequence) - 1 + clip + 0.5))
    return values_at(sequence, rows + 0.5 - clip / 2)


class StreamReader:
    """Reads the sequences of one stream by the video's id; made by `open_source`."""

    def __init__(self, source: StreamSource, container: Container) -> None:
        self.source = source
        self.container = container

    def missing(self, videos: Iterable[str]) -> list[str]:
        """Those of `videos` that the source lacks, in their order."""
        return [video for video in videos if self.name_of(video) is None]

    def read(self, video: str) -> np.ndarray:
        """The checked sequence of a video, a snippet for each stride: float32 (t, C), t at least 1.

        An array (C, t) is transposed; where both axes have length C the first is time.

        Raises
        ------
        UserError
            If it is missing, unreadable, empty, of another number of channels, or not finite.
        """
        name = self.name_of(video)
        if name is None:
            raise UserError(self.absence(video))
        try:
            array = self.container.load(name)
            sequence = self._checked(array, self.container.where(name))
            return one_snippet_a_stride(sequence, self.source.clip)
        except UserError as error:
            raise UserError(f"{video}: {error}") from error

    def absence(self, video: str) -> str:
        """The message for a video that the source lacks."""
        names = " or ".join(self.source.names_of(video))
        return f"{video}: stream {self.source.name}: no {names} in {self.source.path}"

    def name_of(self, video: str) -> str | None:
        """The name of a video's file or dataset; None if the source lacks it."""
        return next((name for name in self.source.names_of(video) if name in self.container), None)

    def _checked(self, array: np.ndarray, where: str) -> np.ndarray:
        try:
            turned = as_sequence(array, self.source.channels)
        except UserError as error:
            raise UserError(f"{where}: {error}") from error
        with np.errstate(over="ignore"):  # becomes an infinity, told just below
            sequence = np.ascontiguousarray(turned, dtype=np.float32)
        faulty = np.nonzero(~np.isfinite(sequence).all(axis=1))[0]
        if len(faulty):
            raise UserError(
                f"{where}: NaN or infinite in {len(faulty)} of {len(sequence)} snippets, the first is "
                f"number {faulty[0] + 1}"
            )
        return sequence


def open_source(source: StreamSource) -> StreamReader:
    """Open one stream of an encoder.

    Raises
    ------
    UserError
        If the source is missing (told with what it should hold), unreadable or empty.
    """
    return StreamReader(source, open_container(source))


def join_streams(sequences: Sequence[np.ndarray]) -> np.ndarray:
    """Put streams side by side on the channel axis, cut to the shortest.

    Parameters
    ----------
    sequences : sequence of float32 (t_i, C_i)

    Returns
    -------
    float32 (min t_i, sum C_i)

    Raises
    ------
    UserError
        If the lengths differ by more than 4 snippets and by more than 10 % of the longest.
    """
    lengths = [len(sequence) for sequence in sequences]
    shortest, longest = min(lengths), max(lengths)
    if longest - shortest > max(TOLERATED_SNIPPETS, TOLERATED_SHARE * longest):
        raise UserError(
            f"streams of {' and '.join(map(str, lengths))} snippets; they may differ by {TOLERATED_SNIPPETS} "
            f"or by {TOLERATED_SHARE:.0%}: were they made from the same video, at the same stride?"
        )
    return np.concatenate([sequence[:shortest] for sequence in sequences], axis=1)


def import_video(readers: Sequence[StreamReader], video: str) -> np.ndarray:
    """Read and join all streams of a video: float32 (t, sum C).

    Raises
    ------
    UserError
        With the faults of every stream, one a line.
    """
    faults, sequences = [], []
    for reader in readers:
        try:
            sequences.append(reader.read(video))
        except UserError as error:
            faults.append(str(error))
    if faults:
        raise UserError("\n".join(faults))
    try:
        return join_streams(sequences)
    except UserError as error:
        raise UserError(f"{video}: {error}") from error


def import_videos(
    readers: Sequence[StreamReader],
    videos: Sequence[str],
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Iterator[tuple[str, np.ndarray]]:
    """Read and join the streams of many videos, one at a time: pairs of id and float32 (t, sum C).

    Raises
    ------
    UserError
        Before the first video if any is missing, with all of those; after the last one with the faults of all
        videos. Once a fault is found the rest is only checked.
    """
    missing = Faults(
        "videos without features", "Add them, or leave the videos out by the annotations' `exclude`."
    )
    for reader in readers:
        missing.extend(reader.absence(video) for video in reader.missing(videos))
    missing.raise_if_any()
    faults = Faults(
        "features that cannot be used", "Mend these files, or leave their videos out by `exclude`."
    )
    for video in progress(videos):
        try:
            sequence = import_video(readers, video)
        except UserError as error:
            faults.extend(str(error).splitlines())
            continue
        if not faults:
            yield video, sequence
    faults.raise_if_any()
