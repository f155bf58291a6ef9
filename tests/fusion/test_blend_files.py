"""Fusion of map files: matching by id, batches, and missing videos."""

from pathlib import Path
from typing import Literal

import pytest

from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.fusion import blend
from bsnpp.fusion import blend_files as files
from bsnpp.fusion.blend_settings import BlendSettings
from bsnpp.stores.maps import open_fused, write_maps
from tests.fusion.maps import GRID, Maps, assert_same, member


def write_member(path: Path, seed: int, videos: list[str], grid: ProposalGrid = GRID) -> dict[str, Maps]:
    """Write a map file and return its maps by video; they depend on the seed and the id only."""
    held = {video: member(1000 * seed + ord(video[-1]), 1, grid) for video in videos}
    write_maps(path, grid, videos, [held[video] for video in videos], "member")
    return held


def fused(path: Path, video: str) -> Maps:
    file = open_fused(path)
    return file.read([file.rows[video]])


@pytest.mark.parametrize("batch", [2, 32])
def test_videos_are_matched_by_id(tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", batch)
    held = {
        "a": write_member(tmp_path / "a.h5", 1, ["v1", "v2", "v3", "v4", "v5"]),
        "b": write_member(tmp_path / "b.h5", 2, ["v4", "v1", "v5", "v3", "v2"]),
    }
    weights = {"a": 0.25, "b": 0.75}
    paths = {name: tmp_path / f"{name}.h5" for name in "ba"}
    assert files.fuse_files(paths, weights, tmp_path / "out.h5", BlendSettings()) == 0
    assert open_fused(tmp_path / "out.h5").videos == ("v1", "v2", "v3", "v4", "v5")
    for video in held["a"]:
        expected = blend.fuse({name: held[name][video] for name in "ab"}, weights, GRID, "boundary_map")
        assert_same(fused(tmp_path / "out.h5", video), expected)


def test_files_in_another_order_and_batch_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed, name in enumerate("abc"):
        write_member(tmp_path / f"{name}.h5", seed, ["v3", "v1", "v2"])
    for out, order, batch in (("one", "abc", 2), ("two", "cba", 32)):
        monkeypatch.setattr(files, "BATCH", batch)
        paths = {name: tmp_path / f"{name}.h5" for name in order}
        files.fuse_files(paths, {"a": 0.3, "b": 0.3, "c": 0.4}, tmp_path / f"{out}.h5", BlendSettings())
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()


def test_missing_videos_are_all_listed_and_nothing_is_written(tmp_path: Path) -> None:
    write_member(tmp_path / "a.h5", 1, ["v1", "v2", "v3"])
    write_member(tmp_path / "b.h5", 2, ["v2", "v4"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    with pytest.raises(UserError) as caught:
        files.fuse_files(paths, {"a": 0.5, "b": 0.5}, tmp_path / "out.h5", BlendSettings())
    for line in ("v1: missing in b", "v3: missing in b", "v4: missing in a"):
        assert line in str(caught.value)
    assert "v2" not in str(caught.value)
    assert not (tmp_path / "out.h5").exists()


def test_missing_videos_are_fused_from_the_other_members_on_request(tmp_path: Path) -> None:
    held = {
        "a": write_member(tmp_path / "a.h5", 1, ["v1", "v2"]),
        "b": write_member(tmp_path / "b.h5", 2, ["v2", "v3"]),
        "c": write_member(tmp_path / "c.h5", 3, ["v3", "v2", "v1"]),
    }
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    settings = BlendSettings(missing="renormalise")
    paths = {name: tmp_path / f"{name}.h5" for name in "abc"}
    assert files.fuse_files(paths, weights, tmp_path / "out.h5", settings) == 2
    for video, names in {"v1": "ac", "v2": "abc", "v3": "bc"}.items():
        present = {name: held[name][video] for name in names}
        expected = blend.fuse(present, {name: weights[name] for name in names}, GRID, "boundary_map")
        assert_same(fused(tmp_path / "out.h5", video), expected)


@pytest.mark.parametrize("missing", ["error", "renormalise"])
def test_an_expected_video_that_no_member_has_is_an_error(
    tmp_path: Path, missing: Literal["error", "renormalise"]
) -> None:
    for name in "ab":
        write_member(tmp_path / f"{name}.h5", 1, ["v1"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    settings = BlendSettings(missing=missing)
    with pytest.raises(UserError, match="v2: missing in a, b"):
        files.fuse_files(paths, {"a": 0.5, "b": 0.5}, tmp_path / "out.h5", settings, ["v2", "v1"])
    assert not (tmp_path / "out.h5").exists()


@pytest.mark.parametrize("missing", ["error", "renormalise"])
def test_a_video_that_no_weighted_member_has_is_an_error(
    tmp_path: Path, missing: Literal["error", "renormalise"]
) -> None:
    write_member(tmp_path / "a.h5", 1, ["v1"])
    write_member(tmp_path / "b.h5", 2, ["v1", "v2"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    with pytest.raises(UserError, match="v2: missing in a"):
        files.fuse_files(paths, {"a": 1.0, "b": 0.0}, tmp_path / "out.h5", BlendSettings(missing=missing))


def test_a_member_without_weight_may_lack_videos(tmp_path: Path) -> None:
    held = write_member(tmp_path / "a.h5", 1, ["v1", "v2"])
    write_member(tmp_path / "b.h5", 2, ["v1"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    assert files.fuse_files(paths, {"a": 1.0, "b": 0.0}, tmp_path / "out.h5", BlendSettings()) == 0
    expected = blend.fuse({"a": held["v2"]}, {"a": 1.0}, GRID, "boundary_map")
    assert_same(fused(tmp_path / "out.h5", "v2"), expected)


def test_the_key_maps_is_used(tmp_path: Path) -> None:
    held = {name: write_member(tmp_path / f"{name}.h5", seed, ["v1"]) for seed, name in enumerate("ab")}
    weights = {"a": 0.5, "b": 0.5}
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    files.fuse_files(paths, weights, tmp_path / "out.h5", BlendSettings(maps="sequences"))
    expected = blend.fuse({name: held[name]["v1"] for name in "ab"}, weights, GRID, "sequences")
    assert_same(fused(tmp_path / "out.h5", "v1"), expected)


def test_maps_of_two_scales_are_refused(tmp_path: Path) -> None:
    write_member(tmp_path / "a.h5", 1, ["v1"])
    write_member(tmp_path / "b.h5", 2, ["v1"], ProposalGrid(9))
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    with pytest.raises(UserError, match=r"(?s)a\.h5: T = 9, D = 7.*b\.h5: T = 9, D = 9"):
        files.fuse_files(paths, {"a": 0.5, "b": 0.5}, tmp_path / "out.h5", BlendSettings())


def test_a_scale_without_videos_gives_an_empty_file(tmp_path: Path) -> None:
    write_member(tmp_path / "a.h5", 1, [])
    files.fuse_files({"a": tmp_path / "a.h5"}, {"a": 1.0}, tmp_path / "out.h5", BlendSettings())
    assert open_fused(tmp_path / "out.h5").videos == ()
