"""Decoding by time stamps."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")

from bsnpp.core.errors import UserError
from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.sampling import at_rate
from bsnpp.encoding.video import Frame, VideoReader
from tests.encoding.videos import number_of, write_video

NUMBER = Resizer(ImageSettings(short_side=48, size=32))
DAMAGED = {"demo.ogg", "demo.ogv"}
"""Files of iscc-samples whose packets FFmpeg mostly refuses."""


def numbers(frames: list[Frame]) -> list[int]:
    """Return the numbers that frames show."""
    return [number_of(NUMBER(frame.image)) for frame in frames]


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".avi", ".mov", ".ts"])
def test_frames_come_in_order_with_their_times(suffix: str, tmp_path: Path) -> None:
    reader = VideoReader(write_video(tmp_path / f"video{suffix}", range(30)))
    frames = list(reader.frames())
    assert numbers(frames) == list(range(30))
    np.testing.assert_allclose([frame.time for frame in frames], np.arange(30) / 10, atol=1e-3)
    assert reader.decoded.frames == 30 and reader.decoded.end == pytest.approx(3.0, abs=0.01)
    assert reader.coverage == pytest.approx(1.0, abs=0.02)
    assert float(reader.rate) == 10


def test_b_frames_come_in_order_of_their_times(tmp_path: Path) -> None:
    reader = VideoReader(write_video(tmp_path / "video.mp4", range(40), codec="libx264"))
    frames = list(reader.frames())
    assert numbers(frames) == list(range(40))
    assert (np.diff([frame.time for frame in frames]) > 0).all()


TIMES = [0.0, 0.1, 0.2, 0.7, 0.8, 1.5, 1.52, 1.54, 1.56, 1.8]


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_unevenly_spaced_frames_are_sampled_as_they_are_shown(suffix: str, tmp_path: Path) -> None:
    reader = VideoReader(write_video(tmp_path / f"video{suffix}", range(10), times=TIMES))
    sampled = list(at_rate(reader.frames(), 10.0, reader))
    centres = (np.arange(len(sampled)) + 0.5) / 10
    shown = np.searchsorted(TIMES, centres + 1e-6, side="right") - 1
    assert numbers(sampled) == shown.tolist()
    assert len(sampled) in (18, 19)


def test_a_stream_that_begins_late_shows_its_first_frame_before(tmp_path: Path) -> None:
    times = [0.5 + place / 10 for place in range(10)]
    reader = VideoReader(write_video(tmp_path / "video.ts", range(10), times=times))
    first = next(reader.frames())
    sampled = list(at_rate(reader.frames(), 10.0, reader))
    assert numbers(sampled)[: len(sampled) - 9] == [0] * (len(sampled) - 9)
    assert len(sampled) == round(10 * (first.time + 1.0))


@pytest.mark.parametrize("rate", [5.0, 10.0, 20.0])
def test_the_rate_of_samples_is_free(rate: float, tmp_path: Path) -> None:
    reader = VideoReader(write_video(tmp_path / "video.mkv", range(20)))
    sampled = list(at_rate(reader.frames(), rate, reader))
    assert len(sampled) == 2 * rate
    expected = np.floor((np.arange(len(sampled)) + 0.5) * 10 / rate).astype(int)
    assert numbers(sampled) == expected.tolist()


def test_one_frame_is_a_video(tmp_path: Path) -> None:
    reader = VideoReader(write_video(tmp_path / "video.mkv", [7]))
    assert numbers(list(at_rate(reader.frames(), 10.0, reader))) == [7]


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (0, -1)), (90, (0, 0)), (180, (-1, 0)), (-90, (-1, -1))]
)
def test_rotated_videos_are_upright(rotation: int, corner: tuple[int, int], tmp_path: Path) -> None:
    path = write_video(tmp_path / "video.mp4", [0], rotation=rotation)
    image = NUMBER(next(VideoReader(path).frames()).image)
    assert image.shape == ((48, 64, 3) if rotation in (0, 180) else (64, 48, 3))
    quarter = [slice(0, 8) if side == 0 else slice(-8, None) for side in corner]
    assert image[tuple(quarter)].mean() == pytest.approx(192, abs=8), (
        "the bright quarter is not where it should be"
    )


@pytest.mark.parametrize("codec", ["mpeg2video", "libx264"])
def test_interlaced_videos_are_deinterlaced(codec: str, tmp_path: Path) -> None:
    path = write_video(tmp_path / "video.mkv", range(12), interlaced=True, codec=codec)
    frames = list(VideoReader(path).frames())
    assert len(frames) == 12
    for frame in frames[1:-1]:
        image = frame.image.to_ndarray(format="gray").astype(float)
        comb = np.abs(image[1:-1] - (image[:-2] + image[2:]) / 2)[:, :16].mean()
        assert comb < 25, "the lines of two fields alternate"


@pytest.mark.parametrize("start", [0.0, 0.05, 1.2, 2.999, 7.31, 9.95])
@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".avi"])
def test_seeking_is_exact(suffix: str, start: float, tmp_path: Path) -> None:
    reader = VideoReader(write_video(tmp_path / f"video{suffix}", range(100), gop=25))
    assert numbers(list(reader.frames(start))) == list(range(int(start * 10 + 1e-6), 100))


def test_the_containers_of_the_samples_are_read(samples: list[Path]) -> None:
    read = [path for path in samples if path.name not in DAMAGED and path.suffix != ".gif"]
    assert len(read) >= 15
    thumbnails = {}
    for path in read:
        reader = VideoReader(path)
        frames = list(at_rate(reader.frames(), 1.0, reader))
        assert len(frames) == 60, path.name
        assert reader.coverage > 0.98, path.name
        thumbnails[path.name] = np.array(
            [NUMBER(frame.image).mean(axis=2)[:, :58].ravel() for frame in frames]
        )
    reference = thumbnails["demo.mp4"]
    for name, own in thumbnails.items():
        likeness = np.corrcoef(reference, own[30])[-1, :-1]
        assert likeness.argmax() == 30, f"{name}: shows another second of the film at 30.5 s"


def test_damaged_packets_are_counted(samples: list[Path]) -> None:
    path = next(path for path in samples if path.name == "demo.ogv")
    reader = VideoReader(path)
    frames = list(reader.frames())
    assert reader.decoded.damaged > 500 and len(frames) > 300
    assert reader.coverage < 0.5


def test_a_truncated_file_has_a_low_coverage(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mkv", range(200), gop=10)
    data = whole.read_bytes()
    (tmp_path / "cut.mkv").write_bytes(data[: len(data) // 2])
    reader = VideoReader(tmp_path / "cut.mkv")
    frames = list(reader.frames())
    assert 0 < len(frames) < 150
    assert reader.coverage < 0.8


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_file_that_claims_more_frames_than_it_holds_has_a_low_coverage(
    share: float, tmp_path: Path
) -> None:
    path = tmp_path / "video.mp4"
    write_video(path, range(200), muxer={"movflags": "faststart"})  # the index comes first
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    reader = VideoReader(path)
    shown = numbers(list(reader.frames()))
    assert shown[:-1] == list(range(len(shown) - 1)), "only the last frame may be cut"
    assert reader.claimed == pytest.approx(20.0)
    assert reader.coverage == pytest.approx(len(shown) / 200, abs=0.01) and reader.coverage < share + 0.05


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.mp4", None, "no such video"),
        ("text.mp4", b"text" * 100, "not a readable video"),
        ("empty.mp4", b"", "not a readable video"),
    ],
)
def test_files_that_are_no_videos_are_named(
    name: str, content: bytes | None, words: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{name}: {words}"):
        VideoReader(tmp_path / name)


def test_a_file_of_sound_holds_no_video(samples: list[Path]) -> None:
    with pytest.raises(UserError, match=r"demo\.wav: holds no video stream"):
        VideoReader(samples[0].parents[1] / "audio" / "demo.wav")
