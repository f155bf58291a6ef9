"""Sequences of recordings that are cut into windows: of the right length, one snippet a stride."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from bsnpp.core.errors import Faults
from bsnpp.features.importers import StreamReader, import_videos
from bsnpp.features.interpolation import values_at
from bsnpp.windows.settings import SnippetSettings

# Clips at the end are lost, or filled up; beyond that the stride is wrong, or the recording another one.
TOLERATED_SNIPPETS = 4
TOLERATED_SHARE = 0.1

MIXED_RATES = 2.0
"""Factor by which frame rates may differ from the usual one where they are mixed."""


def import_recordings(
    readers: Sequence[StreamReader],
    extents: Mapping[str, float],
    settings: SnippetSettings,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Iterator[tuple[str, np.ndarray]]:
    """Read recordings, one at a time: pairs of id and float32 (t, C), snippet k centred at (k + 1/2) strides.

    Parameters
    ----------
    readers : sequence of StreamReader
        Streams that are joined.
    extents : mapping of str to float
        The recordings to read, and the seconds of each.
    settings : SnippetSettings
        The stride, and whether it is every recording's.
    progress : callable
        Wraps the loop.

    Raises
    ------
    UserError
        As `import_videos`; or after the last recording, with all whose number of snippets does not fit.
    """
    faults = Faults(
        "features that do not fit their recordings",
        "Mend `windows.snippet_seconds`, `clip` in the sheet of encoders, or the features; if frame rates "
        "differ, set `windows.mixed_rates`.",
    )
    for video, sequence in import_videos(readers, list(extents), progress):
        extent = extents[video]
        if not fits(len(sequence), extent, settings):
            covered = len(sequence) * settings.snippet_seconds
            faults.add(
                f"{video}: {len(sequence)} snippets of {settings.snippet_seconds:g} s cover {covered:.1f} s, "
                f"but the recording lasts {extent:.1f} s"
            )
        elif not faults:
            yield video, one_rate(sequence, extent, settings)
    faults.raise_if_any()


def fits(snippets: int, extent: float, settings: SnippetSettings) -> bool:
    """Whether features can be of a recording of `extent` seconds, at this stride.

    They may cover more or less by 4 snippets or by 10 %; with mixed rates by a factor of 2.
    """
    covered = snippets * settings.snippet_seconds
    spare = TOLERATED_SNIPPETS * settings.snippet_seconds
    if settings.mixed_rates:
        return extent / MIXED_RATES - spare <= covered <= extent * MIXED_RATES + spare
    return abs(covered - extent) <= max(spare, TOLERATED_SHARE * extent)


def one_rate(sequence: np.ndarray, extent: float, settings: SnippetSettings) -> np.ndarray:
    """With mixed rates, a sequence (t, C) that is spread over `extent` seconds, at the stride of all.

    Returns
    -------
    float32 (extent / snippet_seconds, C)
        The number rounded, at least 1; linear between the snippets' centres, constant beyond them. Without
        mixed rates, or where the number is right already, the sequence itself.
    """
    rows = max(1, int(extent / settings.snippet_seconds + 0.5))
    if not settings.mixed_rates or rows == len(sequence):
        return sequence
    centres = (np.arange(rows) + 0.5) * settings.snippet_seconds / extent  # shares of the recording
    return values_at(sequence, centres * len(sequence) - 0.5)
