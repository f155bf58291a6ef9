"""Clips of snippets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsnpp.encoding.clip_settings import ClipSettings
from bsnpp.encoding.clips import clip_frames, clips, snippet_count


def whole_clips(frames: int, options: ClipSettings) -> list[list[int]]:
    """Return the frames of every snippet of a video that is wholly in memory."""
    result = []
    for snippet in range(snippet_count(frames, options.interval) if frames else 0):
        wanted = clip_frames(snippet, options)
        result.append([min(max(int(number), 0), frames - 1) for number in wanted])
    return result


OPTIONS = st.builds(
    ClipSettings,
    interval=st.integers(1, 9),
    frames=st.integers(1, 12),
    step=st.integers(1, 4),
)


@given(frames=st.integers(0, 60), options=OPTIONS)
@settings(deadline=None, max_examples=300)
def test_streamed_clips_are_those_of_the_whole_video(frames: int, options: ClipSettings) -> None:
    converted: list[int] = []

    def convert(number: int) -> np.ndarray:
        converted.append(number)
        return np.full((1, 1, 1), number)

    streamed = [clip.ravel().tolist() for clip in clips(iter(range(frames)), convert, options)]
    assert streamed == whole_clips(frames, options)
    assert len(converted) == len(set(converted)), "a frame is converted more than once"


@given(frames=st.integers(1, 60), options=OPTIONS)
@settings(deadline=None, max_examples=100)
def test_only_frames_of_clips_are_converted(frames: int, options: ClipSettings) -> None:
    converted: list[int] = []

    def convert(number: int) -> np.ndarray:
        converted.append(number)
        return np.zeros((1, 1, 1))

    list(clips(range(frames), convert, options))
    shown = {number for clip in whole_clips(frames, options) for number in clip}
    beyond = [number for number in converted if number not in shown]
    reach = options.frames * options.step + options.interval
    assert all(number >= frames - reach for number in beyond), "only snippets that end early may convert more"


def test_the_reversed_video_has_the_reversed_clips() -> None:
    for options in (ClipSettings(interval=4, frames=4), ClipSettings(interval=4, frames=6, step=1)):
        forward = np.array([clip_frames(snippet, options) for snippet in range(5)])
        np.testing.assert_array_equal(forward[::-1, ::-1], 19 - forward)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ClipSettings(interval=16, frames=16), [[0, 15], [16, 31]]),
        (ClipSettings(interval=8, frames=16), [[-4, 11], [4, 19]]),
        (ClipSettings(interval=16, frames=1), [[8, 8], [24, 24]]),
        (ClipSettings(interval=16, frames=8, step=8), [[-20, 36], [-4, 52]]),
    ],
)
def test_clips_are_centred_on_their_interval(options: ClipSettings, expected: list[list[int]]) -> None:
    first, second = (clip_frames(snippet, options)[[0, -1]].tolist() for snippet in (0, 1))
    assert [first, second] == expected


def test_memory_does_not_grow_with_the_video() -> None:
    alive = 0
    most = 0

    class Image(np.ndarray):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def convert(number: int) -> np.ndarray:
        nonlocal alive, most
        alive += 1
        most = max(most, alive)
        return np.zeros((2, 2, 3)).view(Image)

    options = ClipSettings(interval=4, frames=8)
    for _ in clips(range(2000), convert, options):
        pass
    assert most < 60
