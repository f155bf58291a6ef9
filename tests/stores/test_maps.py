"""Map files are read as they were written, and errors have clear messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.core.checksum_forms import HDF5
from bsnpp.core.checksums import add_checksum
from bsnpp.core.errors import UserError
from bsnpp.core.grid import ProposalGrid
from bsnpp.stores.maps import Kind, open_fused, open_member, write_maps

GRID = ProposalGrid(6, 4)
VIDEOS = ["b", "a", "ü", "d", "e"]
OPEN = {"member": open_member, "fused": open_fused}
CHANNELS: dict[Kind, int] = {"member": 2, "fused": 3}


def arrays(count: int, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(7)
    boundary = generator.random((count, 2, GRID.scale), dtype=np.float32)
    return boundary, generator.random((count, CHANNELS[kind], len(GRID)), dtype=np.float32)


def write(path: Path, kind: Kind = "member", batch: int = 2) -> tuple[np.ndarray, np.ndarray]:
    boundary, maps = arrays(len(VIDEOS), kind)
    parts = [(boundary[i : i + batch], maps[i : i + batch]) for i in range(0, len(VIDEOS), batch)]
    write_maps(path, GRID, VIDEOS, parts, kind)
    return boundary, maps


@pytest.mark.parametrize("kind", ["member", "fused"])
def test_maps_are_read_as_written(tmp_path: Path, kind: Kind) -> None:
    boundary, maps = write(tmp_path / "maps.h5", kind)
    file = OPEN[kind](tmp_path / "maps.h5")
    assert file.videos == tuple(VIDEOS)
    assert file.grid == GRID
    for rows in ([0, 1, 2, 3, 4], [4, 0, 1, 1, 3], [2], []):
        stored_boundary, stored_maps = file.read(rows)
        np.testing.assert_array_equal(stored_boundary, boundary[rows])
        np.testing.assert_array_equal(stored_maps, maps[rows])


def test_rows_of_videos(tmp_path: Path) -> None:
    boundary, _ = write(tmp_path / "maps.h5")
    file = open_member(tmp_path / "maps.h5")
    np.testing.assert_array_equal(file.read([file.rows["ü"]])[0][0], boundary[2])


@pytest.mark.parametrize("rows", [[-1], [5]])
def test_rows_outside_the_file_are_refused(tmp_path: Path, rows: list[int]) -> None:
    write(tmp_path / "maps.h5")
    with pytest.raises(ValueError, match="rows must be in"):
        open_member(tmp_path / "maps.h5").read(rows)


def test_the_same_maps_in_other_batches_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one.h5", batch=1)
    write(tmp_path / "two.h5", batch=5)
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()


def test_a_file_without_videos(tmp_path: Path) -> None:
    write_maps(tmp_path / "maps.h5", GRID, [], [], "fused")
    file = open_fused(tmp_path / "maps.h5")
    assert file.videos == ()
    assert file.read([])[1].shape == (0, 3, len(GRID))


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    boundary, maps = arrays(len(VIDEOS), "member")
    maps[1, 0, 3] = np.nan
    with pytest.raises(UserError, match=r"^a: .*not finite"):
        write_maps(tmp_path / "maps.h5", GRID, VIDEOS, [(boundary, maps)], "member")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", ["too few", "too many", "channels", "grid", "twice"])
def test_wrong_batches_are_refused(tmp_path: Path, fault: str) -> None:
    boundary, maps = arrays(6 if fault == "too many" else 5, "fused" if fault == "channels" else "member")
    if fault == "grid":
        maps = maps[:, :, :-1]
    videos = ["a", "a", "b", "c", "d"] if fault == "twice" else VIDEOS
    rows = slice(0, 4 if fault == "too few" else None)
    with pytest.raises(ValueError):
        write_maps(tmp_path / "maps.h5", GRID, videos, [(boundary[rows], maps[rows])], "member")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.h5: no such map file"):
        open_member(tmp_path / "nowhere.h5")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def garble(path: Path) -> None:
    path.write_bytes(b"not HDF5")


@contextmanager
def edited(path: Path) -> Iterator[h5py.File]:
    """Edit a file so that its checksum is right again."""
    with h5py.File(path, "a") as file:
        yield file
    add_checksum(path, HDF5)


def drop_scale(path: Path) -> None:
    with edited(path) as file:
        del file.attrs["scale"]


def other_grid(path: Path) -> None:
    with edited(path) as file:
        file.attrs["durations"] = 3


def other_attribute(path: Path) -> None:
    with edited(path) as file:
        file.attrs["scale"] = "hundred"


def repeat_video(path: Path) -> None:
    with edited(path) as file:
        file["video"][1] = "b"


def replace_by_group(path: Path) -> None:
    with edited(path) as file:
        del file["boundary"]
        file.create_group("boundary")


@pytest.mark.parametrize(
    "damage", [truncate, garble, drop_scale, other_grid, other_attribute, repeat_video, replace_by_group]
)
def test_a_damaged_file_is_reported(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    write(tmp_path / "maps.h5")
    damage(tmp_path / "maps.h5")
    with pytest.raises(UserError, match=r"maps\.h5: damaged"):
        open_member(tmp_path / "maps.h5")


def test_a_file_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "maps.h5", "member")
    with pytest.raises(UserError, match="not a map file of this kind"):
        open_fused(tmp_path / "maps.h5")


def test_a_file_damaged_after_it_was_opened_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "maps.h5")
    file = open_member(tmp_path / "maps.h5")
    garble(tmp_path / "maps.h5")
    with pytest.raises(UserError, match="damaged"):
        file.read([0])
