"""The encoding stage, interrupted, and with files and networks that it cannot use."""

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
from bsnpp.encoding.files import Video, find_videos
from bsnpp.encoding.networks.stage import encode_files
from tests.encoding.networks.stages import VIDEOS, encode, settings, stream
from tests.encoding.videos import write_video
from tests.paths import ROOT


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
from tests.encoding.networks.stages import encode, settings

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
def test_a_partial_video_keeps_its_times_and_is_a_warning_above_the_minimum(
    folder: Path, share: float, minimum: float
) -> None:
    path = folder / "videos" / "v_a.mp4"
    (folder / "videos" / "v_a.mkv").unlink()
    write_video(path, range(200), gop=10, muxer={"movflags": "faststart"})
    features = []
    for size in (1.0, share):
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * size)])
        options = EncodingSettings(min_coverage=minimum)
        outcome = encode_files(
            find_videos(folder / "videos", list(VIDEOS)),
            folder / "out.h5",
            None,
            "digest",
            stream(settings(folder), options),
        )
        with h5py.File(folder / "out.h5") as file:
            features.append(file["v_a"][:])
            assert file["v_a"].attrs["seconds"] == pytest.approx(20.0, abs=0.01)
            coverage = file["v_a"].attrs["coverage"]
    assert len(outcome.partial) == 1
    assert re.match(r"a: only \d+\.\d % of 20\.0 s could be decoded", outcome.partial[0])
    whole, partial = features
    assert len(whole) == len(partial) == 25
    decoded = int(25 * coverage) - 1
    np.testing.assert_allclose(partial[:decoded], whole[:decoded], atol=1e-5)
    assert (partial[decoded + 2 :] == partial[-1]).all()


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


def test_a_video_with_the_same_size_and_time_is_encoded_again(folder: Path) -> None:
    path = folder / "videos" / "v_a.mkv"
    with pytest.raises(KilledError):
        encode(folder, settings(folder), batch_size=1, progress=killed_after(2))
    state, data = path.stat(), path.read_bytes()
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert encode(folder, settings(folder), batch_size=1) == 2


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
