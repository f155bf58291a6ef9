"""Several processes that decode videos."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest

pytest.importorskip("av", reason="PyAV is not installed (extra videos)")

from bsnpp.core.errors import UserError
from bsnpp.encoding.clips_of_videos import ClipSource
from bsnpp.encoding.decoders import events_of
from bsnpp.encoding.events import Clip, End
from bsnpp.encoding.files import Video
from bsnpp.encoding.network_settings import NetworkSettings
from tests.encoding.videos import write_video
from tests.paths import ROOT

FRAMES = {"a": 50, "b": 7, "c": 33, "d": 1, "e": 20}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> list[Video]:
    """Five short videos, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("videos")
    files = [
        (name, write_video(folder / f"{name}.mkv", range(count, 2 * count))) for name, count in FRAMES.items()
    ]
    (folder / "x.mkv").write_bytes(b"text")
    return [*files[:3], ("x", folder / "x.mkv"), *files[3:]]


def source(**keys: object) -> ClipSource:
    """Return what cuts videos into clips of two frames, one every four."""
    content = {
        "model": {"architecture": "bn_inception"},
        "clips": {"interval": 4, "frames": 2},
        "images": {"short_side": 40, "size": 32},
        **keys,
    }
    return ClipSource(NetworkSettings.model_validate(content))


def by_video(events: Iterator[Clip | End]) -> dict[str, list[object]]:
    """Return the bytes of the clips of each video, and its end."""
    result: dict[str, list[object]] = {}
    for event in events:
        result.setdefault(event.video, []).append(
            event.images.tobytes() if isinstance(event, Clip) else event
        )
    return result


@pytest.mark.parametrize("processes", [1, 2, 9])
@pytest.mark.parametrize("keys", [{}, {"flow": {"stack": 2}}, {"images": {"size": 16, "crops": "three"}}])
def test_the_clips_of_a_video_are_the_same_in_any_number_of_processes(
    videos: list[Video], keys: dict[str, object], processes: int
) -> None:
    if "flow" in keys:
        pytest.importorskip("cv2", reason="OpenCV is not installed (extra videos)")
    plain = by_video(events_of(source(**keys), videos, 0, 8))
    assert by_video(events_of(source(**keys), videos, processes, 8)) == plain
    assert set(plain) == {*FRAMES, "x"}
    assert "not a readable video" in str(plain["x"][-1].fault)


def test_the_order_of_clips_is_the_same_each_time(videos: list[Video]) -> None:
    first, second = ([event.video for event in events_of(source(), videos, 2, 8)] for _ in range(2))
    assert first == second
    assert first[:4] == ["a", "b", "a", "b"], "the processes take turns"


@dataclass(frozen=True)
class Faulty:
    """A video that cannot be decoded, in one way or another."""

    how: str

    def events(self, video: str, path: Path) -> Iterator[Clip | End]:
        """Fail after a clip."""
        yield Clip(video, np.zeros((1, 2, 2, 3), np.uint8))
        if self.how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        raise ValueError("a fault of the program")


def test_a_killed_process_is_named() -> None:
    with pytest.raises(UserError, match=r"ended with code -9; .* lower the key `encoding\.processes`"):
        list(events_of(Faulty("killed"), [("a", Path("a"))], 1, 8))


def test_a_fault_of_the_program_comes_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="a fault of the program"):
        list(events_of(Faulty("raised"), [("a", Path("a"))], 1, 8))


@dataclass(frozen=True)
class Counting:
    """A long video that writes down how many of its clips are made."""

    note: Path

    def events(self, video: str, path: Path) -> Iterator[Clip | End]:
        """Yield clips that no buffer of the system takes up."""
        for number in range(1000):
            self.note.write_text(str(number))
            yield Clip(video, np.zeros((1, 1000, 1000, 3), np.uint8))


def test_a_process_waits_when_it_is_some_clips_ahead(tmp_path: Path) -> None:
    events = events_of(Counting(tmp_path / "note"), [("a", Path("a"))], 1, 5)
    next(events)
    made = 0
    for _ in range(300):
        before, made = made, int((tmp_path / "note").read_text() or 0)
        if made > 3 and made == before:
            break
        time.sleep(0.1)
    assert 3 < made < 12
    events.close()


STARTED = """
import os, signal, sys, psutil
from pathlib import Path
from tests.encoding.test_decoders import source
from bsnpp.encoding.decoders import events_of

if __name__ == "__main__":
    videos = [(name, Path(name)) for name in sys.argv[1:]]
    events = events_of(source(), videos, 2, 4)
    next(events)
    print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_when_the_one_that_started_them_is_killed(videos: list[Video], tmp_path: Path) -> None:
    (tmp_path / "started.py").write_text(STARTED)
    outcome = subprocess.run(
        [sys.executable, tmp_path / "started.py", *(str(path) for _, path in videos)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    children = [int(word) for word in outcome.stdout.split()]
    assert len(children) >= 2, outcome.stderr
    for _ in range(200):
        if not any(psutil.pid_exists(child) for child in children):
            break
        time.sleep(0.1)
    alive = [child for child in children if psutil.pid_exists(child)]
    assert all(psutil.Process(child).status() == psutil.STATUS_ZOMBIE for child in alive)
