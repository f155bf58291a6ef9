"""Optical flow that is computed once, for all networks that read it."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")
pytest.importorskip("cv2", reason="OpenCV is not installed (extra videos)")

from bsnpp.core.errors import UserError
from bsnpp.encoding.files import Video
from bsnpp.encoding.flow import flows
from bsnpp.encoding.flow_source_settings import FlowSource
from bsnpp.encoding.flow_store import FlowFolder, compute_flows
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.stage import encode_files
from bsnpp.encoding.stream_settings import StreamEncoding
from bsnpp.encoding.video import VideoReader
from bsnpp.stores.flow import read_flow, read_flow_numbers
from bsnpp.stores.flow_list import read_flow_list, write_flow_list
from tests.encoding.videos import write_video

FRAMES = {"a": 40, "b": 7, "c": 21}


@pytest.fixture
def videos(tmp_path: Path) -> list[Video]:
    """Three short videos."""
    return [(name, write_video(tmp_path / f"{name}.mkv", range(count))) for name, count in FRAMES.items()]


def network(stack: int = 5, **images: object) -> NetworkSettings:
    """Return settings of BN-Inception on stacks of flow."""
    return NetworkSettings.model_validate(
        {
            "model": {"architecture": "bn_inception"},
            "clips": {"interval": 8, "frames": 10},
            "images": {"short_side": 40, "size": 32, **images},
            "flow": {"stack": stack},
        }
    )


def flow_source(settings: NetworkSettings) -> FlowSource:
    """Return what the flow of a network depends on."""
    assert settings.flow_source is not None
    return settings.flow_source


def folder_of(tmp_path: Path, code: str = "code") -> FlowFolder:
    """Return the folder of the flow."""
    return FlowFolder(tmp_path / "flow", flow_source(network()), code)


@pytest.mark.parametrize("processes", [0, 2])
def test_the_stored_flow_is_that_of_the_frames(videos: list[Video], processes: int, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    assert compute_flows(videos, folder, processes) == 3
    for video, path in videos:
        resizer = Resizer(folder.settings.resize)
        images = [resizer(frame.image) for frame in VideoReader(path).frames()]
        stored = list(read_flow(folder.path_of(video)))
        np.testing.assert_array_equal(stored, list(flows(images, folder.settings.flow)))
        numbers = read_flow_numbers(folder.path_of(video))
        assert numbers["rate"] == 10 and numbers["coverage"] == 1
        assert numbers["seconds"] == pytest.approx(len(images) / 10, abs=0.01)


def test_networks_share_the_flow_and_see_what_they_would_compute(videos: list[Video], tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    compute_flows(videos, folder, 0)
    files = {video: folder.path_of(video) for video, _ in videos}
    for number, settings in enumerate((network(), network(stack=2, crops="three"))):
        assert settings.flow_source == folder.settings, "another stack or crop needs no other flow"
        stream = StreamEncoding(network=settings)
        shared, own = tmp_path / f"shared{number}.h5", tmp_path / f"own{number}.h5"
        encode_files(videos, shared, None, "digest", stream, flow=files)
        encode_files(videos, own, None, "digest", stream)
        assert shared.read_bytes() == own.read_bytes()


def test_flow_depends_on_the_content_of_a_video_alone(videos: list[Video], tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    compute_flows(videos, folder, 0)
    (_, first), (_, second), _ = videos
    os.utime(first)
    assert compute_flows(videos, folder, 0) == 0, "a video that is merely touched"
    state, data = second.stat(), bytearray(second.read_bytes())
    data[-1] ^= 1
    second.write_bytes(data)
    os.utime(second, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert [folder.holds(video, path) for video, path in videos] == [True, False, True]


def test_another_size_rate_or_algorithm_is_another_flow() -> None:
    content = network().model_dump()
    changes = [
        {"flow": {"method": "farneback"}},
        {"flow": {"bound": 15}},
        {"images": {"short_side": 48}},
        {"images": {"interpolation": "area"}},
        {"clips": {"rate": 12.5}},
    ]
    keys = {flow_source(network()).key}
    for change in changes:
        changed = {**content, **{name: {**content[name], **keys} for name, keys in change.items()}}
        keys.add(flow_source(NetworkSettings.model_validate(changed)).key)
    assert len(keys) == 6


def test_flow_is_kept_until_the_video_or_the_code_changes(videos: list[Video], tmp_path: Path) -> None:
    assert compute_flows(videos, folder_of(tmp_path), 0) == 3
    assert compute_flows(videos, folder_of(tmp_path), 0) == 0
    write_video(videos[1][1], range(30))
    assert compute_flows(videos, folder_of(tmp_path), 0) == 1
    assert len(list(read_flow(folder_of(tmp_path).path_of("b")))) == 30
    assert compute_flows(videos, folder_of(tmp_path, "other code"), 0) == 3


class KilledError(Exception):
    """Replaces the end of the process."""


@pytest.mark.parametrize("processes", [0, 2])
def test_an_interrupted_run_goes_on_to_the_same_bytes(
    videos: list[Video], processes: int, tmp_path: Path
) -> None:
    def killed(todo: list[Video], total: int) -> Iterator[Video]:
        yield from todo[:1]
        raise KilledError

    whole = FlowFolder(tmp_path / "whole", flow_source(network()), "code")
    compute_flows(videos, whole, 0)
    with pytest.raises(KilledError):
        compute_flows(videos, folder_of(tmp_path), processes, killed)
    assert compute_flows(videos, folder_of(tmp_path), processes) in (2, 3)
    for video, _ in videos:
        assert folder_of(tmp_path).path_of(video).read_bytes() == whole.path_of(video).read_bytes()


def test_videos_that_cannot_be_read_are_listed_after_the_others(videos: list[Video], tmp_path: Path) -> None:
    videos[0][1].write_bytes(b"text")
    videos[2][1].unlink()
    videos[2][1].write_bytes(b"")
    with pytest.raises(UserError) as error:
        compute_flows(videos, folder_of(tmp_path), 0)
    assert "a: " in str(error.value) and "c: " in str(error.value)
    assert folder_of(tmp_path).path_of("b").exists()


def test_too_little_of_a_video_is_noticed_in_its_flow(videos: list[Video], tmp_path: Path) -> None:
    data = videos[0][1].read_bytes()
    videos[0][1].write_bytes(data[: len(data) // 3])
    folder = folder_of(tmp_path)
    compute_flows(videos, folder, 0)
    files = {video: folder.path_of(video) for video, _ in videos}
    with pytest.raises(UserError, match=r"a: .*only \d+ frames up to .* of 4\.0 s could be decoded"):
        encode_files(
            videos, tmp_path / "out.h5", None, "digest", StreamEncoding(network=network()), flow=files
        )


def test_a_full_disk_is_named_and_leaves_no_file(videos: list[Video], tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(UserError, match=r"a: .*a\.zip: cannot be written .*check the disk"):
            compute_flows(videos, folder_of(tmp_path), 0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((tmp_path / "flow").glob("*a.zip*"))


@pytest.mark.parametrize("content", [None, b"text", b""])
def test_files_that_hold_no_flow_are_named(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.zip: not an archive of optical flow"):
        list(read_flow(tmp_path / "a.zip"))


def test_damaged_flow_is_named(videos: list[Video], tmp_path: Path) -> None:
    compute_flows(videos, folder_of(tmp_path), 0)
    path = folder_of(tmp_path).path_of("a")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    with pytest.raises(UserError, match=r"a\.zip: damaged optical flow"):
        list(read_flow(path))


def test_the_list_of_files_may_move_with_them(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    write_flow_list(tmp_path / "old/list.tsv", {"007": tmp_path / "old/list/007.zip"})
    (tmp_path / "old").rename(tmp_path / "new")
    assert read_flow_list(tmp_path / "new/list.tsv") == {"007": tmp_path / "new/list/007.zip"}
