"""The benchmark of fusion makes what it says and fuses it."""

from pathlib import Path

import pytest

from benchmarks import fusion
from bsnpp.stores.maps import open_fused


def test_members_are_made_and_fused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "SCALE", 6)
    videos = [f"v{number}" for number in range(fusion.BATCH + 1)]
    for seed in range(2):
        fusion.make_member(tmp_path / f"member{seed}.h5", videos, seed)
    seconds, peak = fusion.fuse(tmp_path)
    assert seconds > 0 and peak > 0
    assert list(open_fused(tmp_path / "fused.h5").videos) == sorted(videos)
