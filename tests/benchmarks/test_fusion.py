"""The benchmark of fusion writes and fuses maps."""

from pathlib import Path

import pytest

from benchmarks import fusion
from bsnpp.stores.maps import open_fused


def test_members_are_written_and_fused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "SCALE", 6)
    videos = [f"v{number}" for number in range(fusion.BATCH + 1)]
    for seed in range(2):
        fusion.make_member(tmp_path / f"member{seed}.h5", videos, seed)
    seconds, peak = fusion.fuse(tmp_path)
    assert seconds > 0 and peak > 0
    assert list(open_fused(tmp_path / "fused.h5").videos) == sorted(videos)
