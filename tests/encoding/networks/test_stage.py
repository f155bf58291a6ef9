"""The encoding stage, from video files to features."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")
pytest.importorskip("cv2", reason="OpenCV is not installed (extra videos)")

from bsnpp.core.errors import UserError
from bsnpp.encoding.encoding_settings import EncodingSettings
from bsnpp.encoding.events import Video
from bsnpp.encoding.files import find_videos
from bsnpp.encoding.flow import flows
from bsnpp.encoding.image_settings import ImageSettings
from bsnpp.encoding.images import Resizer
from bsnpp.encoding.network_settings import NetworkSettings
from bsnpp.encoding.networks.stage import encode_files
from bsnpp.encoding.stream_settings import StreamEncoding
from bsnpp.encoding.video import VideoReader
from tests.encoding.networks.small import CHANNELS, save_torchscript
from tests.encoding.videos import write_video
from tests.paths import ROOT

VIDEOS = {"a": 50, "b": 7, "c": 33}
"""Frames of each video."""
IMAGES = {"short_side": 40, "size": 32, "mean": [0.5, 0.4, 0.3], "deviation": [0.2, 0.3, 0.4]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three videos, and two networks."""
    (tmp_path / "videos").mkdir()
    for start, (video, frames) in enumerate(VIDEOS.items()):
        write_video(tmp_path / "videos" / f"v_{video}.mkv", range(start, start + frames))
    save_torchscript(tmp_path / "small.pt")
    save_torchscript(tmp_path / "scored.pt", classes=2)
    (tmp_path / "classes.txt").write_text("run\njump\n")
    return tmp_path


def settings(folder: Path, **changes: object) -> NetworkSettings:
    """Return settings of the network without class logits: four frames every eight."""
    content = {
        "model": {"architecture": "torchscript", "weights": str(folder / "small.pt")},
        "clips": {"interval": 8, "frames": 4, "step": 2},
        "images": IMAGES,
    }
    return NetworkSettings.model_validate({**content, **changes})


def stream(network: NetworkSettings, encoding: EncodingSettings, channels: int = CHANNELS) -> StreamEncoding:
    """Return what features depend on."""
    return StreamEncoding(network=network, encoding=encoding, channels=channels)


def encode(
    folder: Path, network: NetworkSettings, name: str = "out.h5", batch_size: int = 4, **options: object
) -> int:
    """Encode the three videos."""
    return encode_files(
        find_videos(folder / "videos", list(VIDEOS)),
        folder / name,
        folder / "scores.json",
        "digest",
        stream(network, EncodingSettings(batch_size=batch_size)),
        **options,
    ).encoded


def test_features_are_those_of_plain_loops(folder: Path) -> None:
    assert encode(folder, settings(folder)) == 3
    resizer = Resizer(ImageSettings.model_validate(IMAGES))
    with h5py.File(folder / "out.h5") as file:
        assert set(file) == {"v_a", "v_b", "v_c"}
        for video, frames in VIDEOS.items():
            reader = VideoReader(folder / "videos" / f"v_{video}.mkv")
            images = [resizer(frame.image).astype(np.float64) / 255 for frame in reader.frames()]
            expected = []
            for snippet in range(max(1, round(frames / 8 + 1e-9))):
                rows = []
                for frame in (8 * snippet + 1, 8 * snippet + 3, 8 * snippet + 5, 8 * snippet + 7):
                    image = images[min(frame, frames - 1)]
                    top, left = (image.shape[0] - 32) // 2, (image.shape[1] - 32) // 2
                    cut = (image[top : top + 32, left : left + 32] - IMAGES["mean"]) / IMAGES["deviation"]
                    rows.append([*cut.mean(axis=(0, 1)), *cut.reshape(-1, 3).std(axis=0, ddof=1)])
                expected.append(np.mean(rows, axis=0))
            features = file[f"v_{video}"]
            np.testing.assert_allclose(features[:], expected, atol=1e-4)
            assert features.attrs["rate"] == 10 and features.attrs["coverage"] == 1
            assert features.attrs["seconds"] == pytest.approx(frames / 10, abs=0.01)


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_the_batch_size_changes_only_rounding(folder: Path, batch_size: int) -> None:
    encode(folder, settings(folder), "first.h5")
    encode(folder, settings(folder), "second.h5", batch_size=batch_size)
    with h5py.File(folder / "first.h5") as first, h5py.File(folder / "second.h5") as second:
        for video in first:
            np.testing.assert_allclose(first[video][:], second[video][:], atol=1e-5)


def test_several_crops_are_averaged(folder: Path) -> None:
    encode(folder, settings(folder, images={**IMAGES, "crops": "five"}), "five.h5")
    encode(folder, settings(folder), "one.h5")
    with h5py.File(folder / "five.h5") as five, h5py.File(folder / "one.h5") as one:
        assert five["v_a"].shape == one["v_a"].shape
        assert not np.allclose(five["v_a"][:], one["v_a"][:])


def test_class_logits_become_a_score_file(folder: Path) -> None:
    model = {"architecture": "torchscript", "weights": str(folder / "scored.pt")}
    encode(folder, settings(folder, model={**model, "classes": str(folder / "classes.txt")}))
    scores = json.loads((folder / "scores.json").read_text())
    assert scores["class"] == ["run", "jump"], "the order of the list is that of the logits"
    assert set(scores["results"]) == set(VIDEOS) and len(scores["results"]["a"]) == 2


def test_without_a_list_of_classes_the_score_file_is_empty(folder: Path) -> None:
    encode(folder, settings(folder))
    assert json.loads((folder / "scores.json").read_text()) == {"results": {}, "class": []}


def test_flow_networks_see_stacks_of_two_channels(folder: Path) -> None:
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    path = folder / "flow.pt"
    torch.jit.trace(module, torch.rand(2, 6, 32, 32)).save(str(path))
    network = NetworkSettings.model_validate(
        {
            "model": {"architecture": "torchscript", "weights": str(path)},
            "clips": {"interval": 8, "frames": 6},
            "images": {"short_side": 40, "size": 32},
            "flow": {"stack": 3, "deviation": 1 / 255},
        }
    )
    encode(folder, network)
    with h5py.File(folder / "out.h5") as file:
        features = file["v_a"][:]
    images = [
        Resizer(network.images)(frame.image) for frame in VideoReader(folder / "videos" / "v_a.mkv").frames()
    ]
    assert network.flow is not None
    moving = np.array(list(flows(images, network.flow)), dtype=np.float64) - 128
    top, left = (moving.shape[1] - 32) // 2, (moving.shape[2] - 32) // 2
    means = moving[:, top : top + 32, left : left + 32].mean(axis=(1, 2))
    expected = [means[8 * snippet + 1 : 8 * snippet + 7].reshape(2, 6).mean(axis=0) for snippet in range(6)]
    np.testing.assert_allclose(features, expected, atol=1e-3)


class KilledError(Exception):
    """Replaces the end of the process."""


def killed_after(count: int) -> object:
    """Return a progress that stops before the video after so many."""

    def progress(videos: list[Video], total: int) -> Iterator[Video]:
        for number, video in enumerate(videos):
            if number == count:
                raise KilledError
            yield video

    return progress


@pytest.mark.parametrize("processes", [1, 3])
def test_the_number_of_processes_changes_no_byte(folder: Path, processes: int) -> None:
    encode(folder, settings(folder), "whole.h5", batch_size=3)
    encode(folder, settings(folder), "out.h5", batch_size=3, processes=processes)
    assert (folder / "out.h5").read_bytes() == (folder / "whole.h5").read_bytes()


@pytest.mark.parametrize("after", [1, 2])
def test_an_interrupted_run_goes_on_to_the_same_bytes(folder: Path, after: int) -> None:
    encode(folder, settings(folder), "whole.h5", batch_size=3)
    with pytest.raises(KilledError):
        encode(folder, settings(folder), "cut.h5", batch_size=3, progress=killed_after(after))
    assert not (folder / "cut.h5").exists()
    left = encode(folder, settings(folder), "cut.h5", batch_size=3)
    assert 0 < left < 3
    assert (folder / "cut.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    assert not (folder / "cut.h5.parts").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.encoding.networks.test_stage import encode, settings

def killed(videos, total):
    for number, video in enumerate(videos):
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield video

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    encode(folder, settings(folder), "cut.h5", batch_size=1, progress=killed)
"""


def test_a_killed_process_is_taken_up_to_the_same_bytes(folder: Path) -> None:
    encode(folder, settings(folder), "whole.h5", batch_size=1)
    (folder / "killed.py").write_text(KILLED)
    command = [sys.executable, str(folder / "killed.py"), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == -9
    assert not (folder / "cut.h5").exists()
    assert encode(folder, settings(folder), "cut.h5", batch_size=1, processes=1) == 1
    assert (folder / "cut.h5").read_bytes() == (folder / "whole.h5").read_bytes()


@pytest.mark.parametrize(("share", "minimum"), [(0.9, 0.5), (0.5, 0.0)])
def test_a_video_of_which_a_part_is_missing_is_a_warning_above_the_minimum(
    folder: Path, share: float, minimum: float
) -> None:
    path = write_video(folder / "videos" / "v_a.mkv", range(200), gop=10)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    outcome = encode_files(
        find_videos(folder / "videos", list(VIDEOS)),
        folder / "out.h5",
        None,
        "digest",
        stream(settings(folder), EncodingSettings(min_coverage=minimum)),
    )
    assert len(outcome.partial) == 1 and re.match(r"a: \d+\.\d % decoded, up to", outcome.partial[0])
    with h5py.File(folder / "out.h5") as file:
        assert file["v_a"].attrs["coverage"] < 0.98
        assert len(file["v_a"]) == pytest.approx(file["v_a"].attrs["seconds"] * 10 / 8, abs=1)


def test_a_network_of_other_images_is_refused(folder: Path) -> None:
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 6, 1), torch.nn.AdaptiveAvgPool2d(1))
    torch.jit.trace(module, torch.rand(2, 3, 32, 32)).save(str(folder / "small.pt"))
    network = settings(folder, flow={"stack": 2})
    with pytest.raises(UserError, match=r"small\.pt: refuses an input of shape \(8, 4, 32, 32\)"):
        encode(folder, network)


def test_a_changed_video_is_encoded_again(folder: Path) -> None:
    with pytest.raises(KilledError):
        encode(folder, settings(folder), batch_size=1, progress=killed_after(2))
    write_video(folder / "videos" / "v_a.mkv", range(500, 540))
    assert encode(folder, settings(folder), batch_size=1) == 2
    with h5py.File(folder / "out.h5") as file:
        assert len(file["v_a"]) == 5


def test_videos_that_cannot_be_used_are_listed_together(folder: Path) -> None:
    data = (folder / "videos" / "v_a.mkv").read_bytes()
    (folder / "videos" / "v_a.mkv").write_bytes(data[: len(data) // 3])
    (folder / "videos" / "v_b.mkv").write_bytes(b"text")
    with pytest.raises(UserError) as error:
        encode(folder, settings(folder))
    assert "a: " in str(error.value) and "of 5.0 s could be decoded" in str(error.value)
    assert "b: " in str(error.value) and "not a readable video" in str(error.value)
    assert not (folder / "out.h5").exists()


def test_missing_and_doubled_files_are_listed_together(folder: Path) -> None:
    (folder / "videos" / "v_a.mkv").rename(folder / "videos" / "other.mkv")
    write_video(folder / "videos" / "b.mp4", range(5))
    with pytest.raises(UserError) as error:
        encode(folder, settings(folder))
    assert "a: no file v_a.* or a.*" in str(error.value)
    assert "b: several files (v_b.mkv, b.mp4)" in str(error.value)


@pytest.mark.parametrize(
    ("channels", "classes", "words"),
    [
        (7, None, "returns 6 channels, but the sheet declares 7"),
        (6, "classes.txt", r"2 classes, but the network .* returns 0 logits"),
    ],
)
def test_a_network_of_another_output_is_refused(
    folder: Path, channels: int, classes: str | None, words: str
) -> None:
    model = {"architecture": "torchscript", "weights": str(folder / "small.pt")}
    if classes:
        model["classes"] = str(folder / classes)
    with pytest.raises(UserError, match=words):
        encode_files(
            find_videos(folder / "videos", ["a"]),
            folder / "out.h5",
            None,
            "digest",
            stream(settings(folder, model=model), EncodingSettings(), channels),
        )


def test_a_full_disk_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="No space left on device"):
        encode(folder, settings(folder))
