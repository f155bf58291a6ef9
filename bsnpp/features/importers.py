"""Import the snippet features of an encoder: read its streams, check them, and join them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from bsnpp.core.errors import Faults, UserError
from bsnpp.features.streams import StreamReader

# Streams of the same video differ by a few snippets, since optical flow needs one frame more. A larger gap
# means that the streams do not belong together.
STREAM_GAP_SNIPPETS = 4
STREAM_GAP_SHARE = 0.1


def join_streams(sequences: Sequence[np.ndarray]) -> np.ndarray:
    """Concatenate streams along the channels, cut to the length of the shortest.

    Parameters
    ----------
    sequences : sequence of np.ndarray
        float32 (t_i, C_i) each.

    Returns
    -------
    np.ndarray
        float32 (min t_i, sum C_i).

    Raises
    ------
    UserError
        If the lengths differ by more than 4 snippets and by more than 10 % of the longest.
    """
    lengths = [len(sequence) for sequence in sequences]
    shortest, longest = min(lengths), max(lengths)
    if longest - shortest > max(STREAM_GAP_SNIPPETS, STREAM_GAP_SHARE * longest):
        raise UserError(
            f"streams of {' and '.join(map(str, lengths))} snippets; they may differ by "
            f"{STREAM_GAP_SNIPPETS} or by {STREAM_GAP_SHARE:.0%}: were they extracted from the same video, "
            "with the same stride?"
        )
    return np.concatenate([sequence[:shortest] for sequence in sequences], axis=1)


def read_streams(readers: Sequence[StreamReader], video: str) -> list[np.ndarray]:
    """Read all streams of a video: float32 (t_i, C_i) each.

    Raises
    ------
    UserError
        With the faults of every stream, one per line.
    """
    faults, sequences = [], []
    for reader in readers:
        try:
            sequences.append(reader.read(video))
        except UserError as error:
            faults.append(str(error))
    if faults:
        raise UserError("\n".join(faults))
    return sequences


def import_video(readers: Sequence[StreamReader], video: str) -> np.ndarray:
    """Read and join all streams of a video: float32 (t, sum of C).

    Raises
    ------
    UserError
        With the faults of every stream, one per line, or if their lengths do not fit.
    """
    sequences = read_streams(readers, video)
    try:
        return join_streams(sequences)
    except UserError as error:
        raise UserError(f"{video}: {error}") from error


def import_videos(
    readers: Sequence[StreamReader],
    videos: Sequence[str],
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Iterator[tuple[str, np.ndarray]]:
    """Read and join the streams of many videos, one video at a time.

    Parameters
    ----------
    readers : sequence of StreamReader
        The streams of the encoder, in the order in which they are joined.
    videos : sequence of str
        Ids.
    progress : callable
        Wraps the loop over videos, for a progress bar.

    Yields
    ------
    video : str
    sequence : np.ndarray
        float32 (t, sum of C).

    Raises
    ------
    UserError
        Before the first video, with every video that is missing or shares its features with another one;
        after the last video, with the faults of all. After the first fault, the remaining videos are checked
        but not yielded.
    """
    _check_names(readers, videos)
    faults = Faults(
        "features that cannot be used", "Correct these files, or exclude their videos by the key `exclude`."
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


def _check_names(readers: Sequence[StreamReader], videos: Sequence[str]) -> None:
    """Raise a `UserError` if a stream lacks a video, or has the same features for two of them."""
    missing = Faults(
        "videos without features", "Add the features, or exclude the videos by the key `exclude`."
    )
    shared = Faults(
        "videos that share their features",
        "Set the column `pattern`, so that each video has a name of its own.",
    )
    for reader in readers:
        missing.extend(reader.absence(video) for video in reader.missing(videos))
        owners: dict[str, str] = {}
        for video in videos:
            name = reader.name_of(video)
            owner = owners.setdefault(name, video) if name is not None else video
            if owner != video:
                shared.add(f"{owner} and {video}: stream {reader.source.name}: both would read {name}")
    missing.raise_if_any()
    shared.raise_if_any()


def available_videos(
    readers: Sequence[StreamReader], videos: Sequence[str], subset: Sequence[str]
) -> list[str]:
    """Select the videos that every stream has; all of them if no video of the subset is available.

    An encoder that lacks a whole subset is a mistake, which the import then reports.

    Parameters
    ----------
    readers : sequence of StreamReader
        The streams of the encoder.
    videos : sequence of str
        Ids to select from.
    subset : sequence of str
        Ids of all videos of the subset.
    """
    absent = {video for reader in readers for video in reader.missing(subset)}
    if absent.issuperset(subset):
        return list(videos)
    return [video for video in videos if video not in absent]
