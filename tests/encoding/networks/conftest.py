"""Files of the tests of the encoding stage."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three videos, and two networks."""
    from tests.encoding.networks.small import save_torchscript
    from tests.encoding.networks.stages import VIDEOS
    from tests.encoding.videos import write_video

    (tmp_path / "videos").mkdir()
    for start, (video, frames) in enumerate(VIDEOS.items()):
        write_video(tmp_path / "videos" / f"v_{video}.mkv", range(start, start + frames))
    save_torchscript(tmp_path / "small.pt")
    save_torchscript(tmp_path / "scored.pt", classes=2)
    (tmp_path / "classes.txt").write_text("run\njump\n")
    return tmp_path
