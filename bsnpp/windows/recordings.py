"""Read the features of recordings: sequences of the expected length, one snippet per stride."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from bsnpp.core.errors import Faults
from bsnpp.core.wording import counted
from bsnpp.features.importers import StreamReader, import_videos
from bsnpp.features.interpolation import values_at
from bsnpp.windows.snippet_settings import SnippetSettings

# Features may lack the last clips of a recording, or repeat them. A larger gap means that the stride is wrong
# or that the features belong to another recording.
COVERAGE_GAP_SNIPPETS = 4
COVERAGE_GAP_SHARE = 0.1

MIXED_RATES = 2.0
"""Largest factor between the frame rate of a recording and the usual one, if frame rates are mixed."""


def import_recordings(
    readers: Sequence[StreamReader],
    extents: Mapping[str, float],
    settings: SnippetSettings,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Iterator[tuple[str, np.ndarray]]:
    """Read recordings, one at a time.

    Parameters
    ----------
    readers : sequence of StreamReader
        Streams to join.
    extents : mapping of str to float
        Length of each recording to read [s], by id.
    settings : SnippetSettings
    progress : callable
        Wraps the loop over recordings, for a progress bar.

    Yields
    ------
    video : str
    sequence : np.ndarray
        float32 (t, C); snippet k is centred at (k + 1/2) strides.

    Raises
    ------
    UserError
        As `import_videos`, or after the last recording, with every recording whose number of snippets does
        not fit its length.
    """
    faults = Faults(
        "the features of these recordings do not fit their lengths",
        "Correct `windows.snippet_seconds`, the column `clip` of the encoder sheet, or the features. If "
        "frame rates differ between recordings, set `windows.mixed_rates`.",
    )
    for video, sequence in import_videos(readers, list(extents), progress):
        extent = extents[video]
        if not fits(len(sequence), extent, settings):
            covered, snippets = len(sequence) * settings.snippet_seconds, counted(len(sequence), "snippet")
            faults.add(
                f"{video}: the features cover {covered:.1f} s ({snippets} of {settings.snippet_seconds:g} "
                f"s), but the recording lasts {extent:.1f} s"
            )
        elif not faults:
            yield video, one_rate(sequence, extent, settings)
    faults.raise_if_any()


def fits(snippets: int, extent: float, settings: SnippetSettings) -> bool:
    """Check whether a number of snippets fits a recording of `extent` seconds.

    The time that the snippets cover may differ from the length of the recording by 4 snippets or by 10 %;
    with mixed rates, by a factor of 2.
    """
    covered = snippets * settings.snippet_seconds
    spare = COVERAGE_GAP_SNIPPETS * settings.snippet_seconds
    if settings.mixed_rates:
        return extent / MIXED_RATES - spare <= covered <= extent * MIXED_RATES + spare
    return abs(covered - extent) <= max(spare, COVERAGE_GAP_SHARE * extent)


def one_rate(sequence: np.ndarray, extent: float, settings: SnippetSettings) -> np.ndarray:
    """With mixed rates, resample a sequence (t, C) that covers `extent` seconds to the common stride.

    Returns
    -------
    np.ndarray
        float32 (extent / snippet_seconds, C), the number of rows rounded and at least 1. Values are
        interpolated linearly between snippet centres and constant beyond the first and the last. Without
        mixed rates, or if the number of rows is right already, the sequence itself.
    """
    rows = max(1, int(extent / settings.snippet_seconds + 0.5))
    if not settings.mixed_rates or rows == len(sequence):
        return sequence
    # Centres as shares of the recording
    centres = (np.arange(rows) + 0.5) * settings.snippet_seconds / extent
    return values_at(sequence, centres * len(sequence) - 0.5)
