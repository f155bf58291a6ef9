"""The middle frame of snippets."""

from pathlib import Path

import pytest

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")

from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.snippet_frames import snippet_frames
from tests.encoding.videos import number_of, write_video


@pytest.mark.parametrize(
    ("clips", "expected"),
    [
        ({"interval": 4, "frames": 1}, [2, 6, 18]),
        ({"interval": 4, "frames": 4}, [2, 6, 18]),
        ({"interval": 4, "frames": 2, "step": 4}, [4, 8, 19]),
    ],
)
def test_middle_frames_are_those_of_the_clips(
    clips: dict[str, int], expected: list[int], tmp_path: Path
) -> None:
    settings = NetworkSettings.model_validate({"model": {"architecture": "bn_inception"}, "clips": clips})
    images, times = snippet_frames(write_video(tmp_path / "a.mkv", range(20)), settings, [0, 1, 4])
    assert [number_of(image) for image in images] == expected
    assert times == [pytest.approx((number + 0.5) / 10) for number in expected]
