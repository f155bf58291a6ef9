"""Fusion: equal to the cell by cell twin, and the properties that the ablation leans on."""

import itertools
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from bsnpp.errors import UserError
from bsnpp.fusion import blend
from bsnpp.fusion.settings import FusionSettings
from bsnpp.grid import ProposalGrid
from bsnpp.inference.maps import open_fused, write_maps
from tests.reference import blend as reference

GRID = ProposalGrid(9, 7)
How = Literal["boundary_map", "sequences"]
HOW: list[How] = ["boundary_map", "sequences"]
Maps = tuple[np.ndarray, np.ndarray]


def member(seed: int, count: int = 4, grid: ProposalGrid = GRID) -> Maps:
    generator = np.random.default_rng(seed)
    boundary = generator.random((count, 2, grid.scale), dtype=np.float32)
    return boundary, generator.random((count, 2, len(grid)), dtype=np.float32)


def assert_same(one: Maps, other: Maps) -> None:
    for left, right in zip(one, other, strict=True):
        assert left.dtype == right.dtype == np.float32
        np.testing.assert_array_equal(left, right)


def test_boundary_map_equals_the_loop() -> None:
    boundary = np.random.default_rng(0).random((5, 2, GRID.scale))
    for found, video in zip(blend.boundary_map(boundary, GRID), boundary, strict=True):
        np.testing.assert_array_equal(GRID.unpack(found), reference.boundary_map(video, GRID.durations))


def test_boundary_map_refuses_another_scale() -> None:
    with pytest.raises(ValueError, match="boundary must be"):
        blend.boundary_map(np.zeros((2, 8)), GRID)


@pytest.mark.parametrize("how", HOW)
def test_fusion_equals_the_loop(how: How) -> None:
    members = {name: member(seed) for seed, name in enumerate("abc")}
    weights = {"a": 0.2, "b": 0.5, "c": 0.3}
    boundary, maps = blend.fuse(members, weights, GRID, how)
    for video in range(4):
        each = [(first[video], second[video]) for first, second in members.values()]
        expected = reference.fuse(each, list(weights.values()), GRID, how)
        np.testing.assert_allclose(boundary[video], expected[0], rtol=2e-7)
        np.testing.assert_allclose(maps[video], expected[1], rtol=3e-7)


@pytest.mark.parametrize("how", HOW)
def test_one_member_is_the_identity(how: How) -> None:
    boundary, confidence = member(0)
    expected = np.concatenate([blend.boundary_map(boundary, GRID)[:, None], confidence], axis=1)
    assert_same(blend.fuse({"only": (boundary, confidence)}, {"only": 0.37}, GRID, how), (boundary, expected))


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("copies", [2, 3, 7])
def test_copies_of_a_member_are_that_member_bit_for_bit(how: How, copies: int) -> None:
    grid = ProposalGrid(60)
    single = member(1, count=40, grid=grid)
    names = [f"copy{number}" for number in range(copies)]
    weights = {name: 1 / copies + 0.01 * number for number, name in enumerate(names)}
    many = blend.fuse(dict.fromkeys(names, single), weights, grid, how)
    assert_same(many, blend.fuse({"one": single}, {"one": 1.0}, grid, how))


@pytest.mark.parametrize("copies", range(2, 12))
def test_copies_change_no_product_that_lies_between_two_float32_numbers(copies: int) -> None:
    # Half way, one to be rounded down and one up: the sum of the copies must not decide again.
    start, down, up = (np.float32((1 + times * 2**-12) / 2) for times in (1, 1, 3))
    boundary = np.array([[[start] * 4, [down, up, down, up]]])
    single = boundary, np.zeros((1, 2, 10), dtype=np.float32)
    names = [f"copy{number}" for number in range(copies)]
    many = blend.fuse(
        dict.fromkeys(names, single), dict.fromkeys(names, 1.0), ProposalGrid(4), "boundary_map"
    )
    np.testing.assert_array_equal(many[1][:, 0], blend.boundary_map(boundary, ProposalGrid(4)))


@pytest.mark.parametrize("how", HOW)
def test_the_order_of_the_members_changes_nothing(how: How) -> None:
    members = {name: member(seed, count=30) for seed, name in enumerate("abcd")}
    weights = {"a": 0.123, "b": 0.456, "c": 0.3, "d": 0.121}
    first = blend.fuse(members, weights, GRID, how)
    for order in itertools.permutations("abcd"):
        again = {name: members[name] for name in order}
        assert_same(blend.fuse(again, {name: weights[name] for name in reversed(order)}, GRID, how), first)


def test_equal_weights_are_the_mean() -> None:
    members = {name: member(seed) for seed, name in enumerate("abc")}
    boundary, maps = blend.fuse(members, dict.fromkeys("abc", 5.0), GRID, "boundary_map")
    np.testing.assert_allclose(boundary, np.mean([each[0] for each in members.values()], axis=0), rtol=3e-7)
    np.testing.assert_allclose(
        maps[:, 1:], np.mean([each[1] for each in members.values()], axis=0), rtol=3e-7
    )
    product = np.mean([blend.boundary_map(each[0], GRID) for each in members.values()], axis=0)
    np.testing.assert_allclose(maps[:, 0], product, rtol=3e-7)


def test_boundary_maps_and_sequences_differ_where_members_do() -> None:
    members = {"a": member(0), "b": member(1)}
    paper = blend.fuse(members, {"a": 1.0, "b": 1.0}, GRID, "boundary_map")
    other = blend.fuse(members, {"a": 1.0, "b": 1.0}, GRID, "sequences")
    assert_same((paper[0], paper[1][:, 1:]), (other[0], other[1][:, 1:]))
    assert np.abs(paper[1][:, 0] - other[1][:, 0]).max() > 0.01


def test_weights_may_differ_from_video_to_video() -> None:
    members = {"a": member(0), "b": member(1)}
    weights = {"a": np.array([1.0, 0, 1, 3]), "b": np.array([0.0, 1, 1, 1])}
    found = blend.fuse(members, weights, GRID, "boundary_map")
    for video in range(4):
        alone = {name: (first[[video]], second[[video]]) for name, (first, second) in members.items()}
        expected = blend.fuse(
            alone, {name: float(weights[name][video]) for name in "ab"}, GRID, "boundary_map"
        )
        assert_same((found[0][[video]], found[1][[video]]), expected)


@pytest.mark.parametrize("weights", [{"a": 0.0}, {"a": -1.0}, {"a": float("nan")}, {"b": 1.0}, {}])
def test_weights_that_make_no_mean_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        blend.fuse({"a": member(0)}, weights, GRID, "boundary_map")


def write_member(path: Path, seed: int, videos: list[str], grid: ProposalGrid = GRID) -> dict[str, Maps]:
    """A map file, and what it holds by video; the maps of a video depend on seed and id alone."""
    held = {video: member(1000 * seed + ord(video[-1]), 1, grid) for video in videos}
    write_maps(path, grid, videos, [held[video] for video in videos], "member")
    return held


def fused(path: Path, video: str) -> Maps:
    file = open_fused(path)
    return file.read([file.rows[video]])


@pytest.mark.parametrize("batch", [2, 32])
def test_files_are_fused_by_id_and_not_by_position(
    tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blend, "BATCH", batch)
    held = {
        "a": write_member(tmp_path / "a.h5", 1, ["v1", "v2", "v3", "v4", "v5"]),
        "b": write_member(tmp_path / "b.h5", 2, ["v4", "v1", "v5", "v3", "v2"]),
    }
    weights = {"a": 0.25, "b": 0.75}
    paths = {name: tmp_path / f"{name}.h5" for name in "ba"}
    assert blend.fuse_files(paths, weights, tmp_path / "out.h5", FusionSettings()) == 0
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
        monkeypatch.setattr(blend, "BATCH", batch)
        paths = {name: tmp_path / f"{name}.h5" for name in order}
        blend.fuse_files(paths, {"a": 0.3, "b": 0.3, "c": 0.4}, tmp_path / f"{out}.h5", FusionSettings())
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()


def test_missing_videos_are_all_listed_and_nothing_is_written(tmp_path: Path) -> None:
    write_member(tmp_path / "a.h5", 1, ["v1", "v2", "v3"])
    write_member(tmp_path / "b.h5", 2, ["v2", "v4"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    with pytest.raises(UserError) as caught:
        blend.fuse_files(paths, {"a": 0.5, "b": 0.5}, tmp_path / "out.h5", FusionSettings())
    for line in ("v1: missing in b", "v3: missing in b", "v4: missing in a"):
        assert line in str(caught.value)
    assert "v2" not in str(caught.value)
    assert not (tmp_path / "out.h5").exists()


def test_missing_videos_are_blended_from_the_others_when_asked(tmp_path: Path) -> None:
    held = {
        "a": write_member(tmp_path / "a.h5", 1, ["v1", "v2"]),
        "b": write_member(tmp_path / "b.h5", 2, ["v2", "v3"]),
        "c": write_member(tmp_path / "c.h5", 3, ["v3", "v2", "v1"]),
    }
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    settings = FusionSettings(missing="renormalise")
    paths = {name: tmp_path / f"{name}.h5" for name in "abc"}
    assert blend.fuse_files(paths, weights, tmp_path / "out.h5", settings) == 2
    for video, names in {"v1": "ac", "v2": "abc", "v3": "bc"}.items():
        present = {name: held[name][video] for name in names}
        expected = blend.fuse(present, {name: weights[name] for name in names}, GRID, "boundary_map")
        assert_same(fused(tmp_path / "out.h5", video), expected)


@pytest.mark.parametrize("missing", ["error", "renormalise"])
def test_a_video_that_no_weighted_member_has_is_an_error(
    tmp_path: Path, missing: Literal["error", "renormalise"]
) -> None:
    write_member(tmp_path / "a.h5", 1, ["v1"])
    write_member(tmp_path / "b.h5", 2, ["v1", "v2"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    with pytest.raises(UserError, match="v2: missing in a"):
        blend.fuse_files(paths, {"a": 1.0, "b": 0.0}, tmp_path / "out.h5", FusionSettings(missing=missing))


def test_a_member_without_weight_may_lack_videos(tmp_path: Path) -> None:
    held = write_member(tmp_path / "a.h5", 1, ["v1", "v2"])
    write_member(tmp_path / "b.h5", 2, ["v1"])
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    assert blend.fuse_files(paths, {"a": 1.0, "b": 0.0}, tmp_path / "out.h5", FusionSettings()) == 0
    expected = blend.fuse({"a": held["v2"]}, {"a": 1.0}, GRID, "boundary_map")
    assert_same(fused(tmp_path / "out.h5", "v2"), expected)


def test_the_key_maps_reaches_the_files(tmp_path: Path) -> None:
    held = {name: write_member(tmp_path / f"{name}.h5", seed, ["v1"]) for seed, name in enumerate("ab")}
    weights = {"a": 0.5, "b": 0.5}
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    blend.fuse_files(paths, weights, tmp_path / "out.h5", FusionSettings(maps="sequences"))
    expected = blend.fuse({name: held[name]["v1"] for name in "ab"}, weights, GRID, "sequences")
    assert_same(fused(tmp_path / "out.h5", "v1"), expected)


def test_maps_of_two_scales_are_not_blended(tmp_path: Path) -> None:
    write_member(tmp_path / "a.h5", 1, ["v1"])
    write_member(tmp_path / "b.h5", 2, ["v1"], ProposalGrid(9))
    paths = {name: tmp_path / f"{name}.h5" for name in "ab"}
    with pytest.raises(UserError, match=r"(?s)a\.h5: T = 9, D = 7.*b\.h5: T = 9, D = 9"):
        blend.fuse_files(paths, {"a": 0.5, "b": 0.5}, tmp_path / "out.h5", FusionSettings())


def test_a_scale_that_no_video_needs_stays_empty(tmp_path: Path) -> None:
    write_member(tmp_path / "a.h5", 1, [])
    blend.fuse_files({"a": tmp_path / "a.h5"}, {"a": 1.0}, tmp_path / "out.h5", FusionSettings())
    assert open_fused(tmp_path / "out.h5").videos == ()
