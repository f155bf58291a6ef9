"""Fusion of maps: equal to the loop over cells, and the properties on which the ablation relies."""

import itertools
from typing import Literal

import numpy as np
import pytest

from bsnpp.core.grid import ProposalGrid
from bsnpp.fusion import blend
from tests.fusion.maps import GRID, assert_same, member
from tests.reference import blend as reference
from tests.reference.packing import unpack

How = Literal["boundary_map", "sequences"]
HOW: list[How] = ["boundary_map", "sequences"]


def test_boundary_map_equals_the_loop() -> None:
    boundary = np.random.default_rng(0).random((5, 2, GRID.scale))
    for packed, video in zip(blend.boundary_map(boundary, GRID), boundary, strict=True):
        np.testing.assert_array_equal(unpack(packed, GRID), reference.boundary_map(video, GRID.durations))


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
def test_copies_of_a_member_give_exactly_its_maps(how: How, copies: int) -> None:
    grid = ProposalGrid(60)
    single = member(1, count=40, grid=grid)
    names = [f"copy{number}" for number in range(copies)]
    weights = {name: 1 / copies + 0.01 * number for number, name in enumerate(names)}
    many = blend.fuse(dict.fromkeys(names, single), weights, grid, how)
    assert_same(many, blend.fuse({"one": single}, {"one": 1.0}, grid, how))


@pytest.mark.parametrize("copies", range(2, 12))
def test_copies_do_not_change_products_between_two_float32_numbers(copies: int) -> None:
    # One product rounds down and one up from half way; summing the copies must not change the rounding.
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


def test_boundary_maps_and_sequences_differ_if_the_members_do() -> None:
    members = {"a": member(0), "b": member(1)}
    paper = blend.fuse(members, {"a": 1.0, "b": 1.0}, GRID, "boundary_map")
    other = blend.fuse(members, {"a": 1.0, "b": 1.0}, GRID, "sequences")
    assert_same((paper[0], paper[1][:, 1:]), (other[0], other[1][:, 1:]))
    assert np.abs(paper[1][:, 0] - other[1][:, 0]).max() > 0.01


def test_weights_may_differ_between_videos() -> None:
    members = {"a": member(0), "b": member(1)}
    weights = {"a": np.array([1.0, 0, 1, 3]), "b": np.array([0.0, 1, 1, 1])}
    fused = blend.fuse(members, weights, GRID, "boundary_map")
    for video in range(4):
        alone = {name: (first[[video]], second[[video]]) for name, (first, second) in members.items()}
        expected = blend.fuse(
            alone, {name: float(weights[name][video]) for name in "ab"}, GRID, "boundary_map"
        )
        assert_same((fused[0][[video]], fused[1][[video]]), expected)


@pytest.mark.parametrize("weights", [{"a": 0.0}, {"a": -1.0}, {"a": float("nan")}, {"b": 1.0}, {}])
def test_invalid_weights_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        blend.fuse({"a": member(0)}, weights, GRID, "boundary_map")
