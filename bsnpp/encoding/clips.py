"""Group sampled frames into the clips of snippets."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np

from bsnpp.encoding.clip_settings import ClipSettings

Item = TypeVar("Item")


def clip_frames(snippet: int, settings: ClipSettings) -> np.ndarray:
    """Return the numbers of the frames that a snippet shows.

    Snippet k covers the frames k sigma to (k + 1) sigma; its clip is centred there.

    Parameters
    ----------
    snippet : int
        Number k of the snippet.
    settings : ClipSettings
        Interval sigma, frames and step.

    Returns
    -------
    np.ndarray
        int64 (frames,), rising. Beyond the video, its first or last frame is repeated.

    Examples
    --------
    >>> clip_frames(2, ClipSettings(interval=4, frames=4))
    array([ 8,  9, 10, 11])
    >>> clip_frames(0, ClipSettings(interval=4, frames=4, step=2))
    array([-1,  1,  3,  5])
    """
    centre = (snippet + 0.5) * settings.interval
    offsets = (np.arange(settings.frames) + 0.5 - settings.frames / 2) * settings.step
    return np.floor(centre + offsets + 1e-9).astype(np.int64)


def snippet_count(frames: int, interval: int) -> int:
    """Return the number of snippets of a video: one per interval, the last one if half of it is there.

    A video shorter than that has one snippet.

    Examples
    --------
    >>> [snippet_count(frames, 16) for frames in (1, 8, 23, 24, 160)]
    [1, 1, 1, 2, 10]
    """
    return max(1, (2 * frames + interval) // (2 * interval))


def clips(
    frames: Iterable[Item], convert: Callable[[Item], np.ndarray], settings: ClipSettings
) -> Iterator[np.ndarray]:
    """Yield the clip of every snippet of a video.

    Only frames that a clip shows are converted, and only those of open clips are in memory.

    Parameters
    ----------
    frames : iterable
        Sampled frames; none gives no clip.
    convert : callable
        Turns a frame into an array (H, W, C).
    settings : ClipSettings
        Interval, frames and step.

    Yields
    ------
    np.ndarray
        (frames, H, W, C), snippet after snippet.
    """
    shown = clip_frames(0, settings)
    kept: dict[int, np.ndarray] = {}
    snippet, number, newest = 0, -1, None
    for number, newest in enumerate(frames):
        if _is_shown(number, snippet, shown, settings.interval):
            kept[number] = convert(newest)
        while shown[-1] + snippet * settings.interval <= number:
            yield _stacked(kept, shown + snippet * settings.interval, number)
            snippet += 1
            first = int(shown[0]) + snippet * settings.interval
            kept = {each: image for each, image in kept.items() if each >= first}
    if newest is None:
        return
    last = snippet_count(number + 1, settings.interval)
    if snippet < last and number not in kept:
        kept[number] = convert(newest)
    for each in range(snippet, last):
        yield _stacked(kept, shown + each * settings.interval, number)


def _is_shown(number: int, snippet: int, shown: np.ndarray, interval: int) -> bool:
    """Return whether a frame belongs to a snippet from `snippet` on; frame 0 replaces earlier ones."""
    if number == 0 and shown[0] < 0:
        return True
    latest = (number - int(shown[0])) // interval
    starts = number - np.arange(snippet, latest + 1) * interval
    return bool(np.isin(starts, shown).any())


def _stacked(kept: dict[int, np.ndarray], wanted: np.ndarray, last: int) -> np.ndarray:
    """Stack the wanted frames; beyond the video its first or last frame is repeated."""
    return np.stack([kept[number] for number in np.clip(wanted, 0, last).tolist()])
