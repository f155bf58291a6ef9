"""HDF5 files: datasets in groups, one-dimensional datasets, and nothing that lies in another file."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.features.streams import open_source
from tests.features.files import sequence_of, stream_of


@pytest.mark.parametrize(
    ("dataset", "pattern"),
    [("a", None), ("v_a", None), ("v_a/c3d_features", "v_{video}/c3d_features"), ("a_pool", "{video}_pool")],
)
def test_one_file_for_all_videos(tmp_path: Path, dataset: str, pattern: str | None) -> None:
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file[dataset] = sequence_of(5)
    reader = open_source(stream_of(tmp_path / "all.h5", pattern=pattern))
    assert (reader.read("a") == sequence_of(5)).all()
    assert reader.missing(["a", "b"]) == ["b"]


def test_a_group_in_place_of_a_dataset(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["v_a/c3d_features"] = sequence_of(4)
    with pytest.raises(UserError, match=r"v_a is a group with c3d_features; .*`pattern`"):
        open_source(stream_of(tmp_path / "all.h5")).read("a")


def test_files_that_are_not_whole(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "whole.h5", "w") as file:
        file["a"] = sequence_of(2000)
    content = (tmp_path / "whole.h5").read_bytes()
    (tmp_path / "cut.h5").write_bytes(content[:4000])
    with pytest.raises(UserError, match=r"cut\.h5: cannot be opened as HDF5"):
        open_source(stream_of(tmp_path / "cut.h5"))
    for mark in (b"SNOD", b"TREE", b"HEAP"):  # symbol table, tree and heap of the root group
        assert mark in content
        (tmp_path / "damaged.h5").write_bytes(content.replace(mark, b"XXXX"))
        with pytest.raises(UserError, match=r"damaged\.h5: is damaged"):
            open_source(stream_of(tmp_path / "damaged.h5")).read("a")


@pytest.mark.parametrize("folder", [True, False])
def test_one_dimensional_datasets(tmp_path: Path, folder: bool) -> None:
    """As in public TSP features: one row after the other; the attribute `shape` may give the shape."""
    arrays = {
        "declared": (sequence_of(5), None),
        "by shape": (sequence_of(5), (5, 3)),
        "channels first": (sequence_of(5).T, (3, 5)),
        "one snippet": (sequence_of(1), None),
    }
    for video, (array, shape) in arrays.items():
        paths = (tmp_path / f"{video}.h5", tmp_path / "all.h5")
        for path in paths[:1] if folder else paths[1:]:
            with h5py.File(path, "a") as file:
                file[video] = array.ravel()
                if shape is not None:
                    file[video].attrs["shape"] = shape
    reader = open_source(stream_of(tmp_path if folder else tmp_path / "all.h5"))
    for video, (array, shape) in arrays.items():
        np.testing.assert_array_equal(reader.read(video), array.T if shape == (3, 5) else array)


@pytest.mark.parametrize(
    ("values", "shape", "message"),
    [
        (14, None, r"14 values cannot be an array of shape \(-1, 3\)"),
        (15, (4, 3), r"15 values cannot be an array of shape \(4, 3\)"),
        (16, (4, 4), r"shape \(4, 4\), should be \(snippets, 3\)"),
        (15, (15,), r"shape \(15,\), should be \(snippets, 3\)"),
        (0, None, "no snippets"),
    ],
)
def test_one_dimensional_datasets_of_another_size(
    tmp_path: Path, values: int, shape: tuple[int, ...] | None, message: str
) -> None:
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["a"] = np.zeros(values)
        if shape is not None:
            file["a"].attrs["shape"] = shape
    with pytest.raises(UserError, match=rf"^a: .*all\.h5.*{message}"):
        open_source(stream_of(tmp_path / "all.h5")).read("a")


def external_link(file: h5py.File, other: Path) -> None:
    file["a"] = h5py.ExternalLink(str(other), "a")


def external_group(file: h5py.File, other: Path) -> None:
    file["group"] = h5py.ExternalLink(str(other), "/")
    file["a"] = h5py.SoftLink("/group/a")


def chain_of_links(file: h5py.File, other: Path) -> None:
    file["one/two"] = h5py.ExternalLink(str(other), "/")
    file["a"] = h5py.SoftLink("b")
    file["b"] = h5py.SoftLink("one/./two/a")


def virtual_dataset(file: h5py.File, other: Path) -> None:
    layout = h5py.VirtualLayout(shape=(5, 3), dtype=np.float32)
    layout[:] = h5py.VirtualSource(str(other), "a", shape=(5, 3))
    file.create_virtual_dataset("a", layout)


def external_storage(file: h5py.File, other: Path) -> None:
    file.create_dataset("a", (5, 3), np.float32, external=[(str(other), 0, h5py.h5f.UNLIMITED)])


OUTSIDE: list[Callable[[h5py.File, Path], None]] = [
    external_link,
    external_group,
    chain_of_links,
    virtual_dataset,
    external_storage,
]


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("write", OUTSIDE, ids=lambda write: write.__name__)
def test_values_in_another_file_are_refused(
    tmp_path: Path, write: Callable[[h5py.File, Path], None], exists: bool
) -> None:
    other = tmp_path / "other.h5"
    if exists:
        with h5py.File(other, "w") as file:
            file["a"] = sequence_of(5)
    with h5py.File(tmp_path / "all.h5", "w") as file:
        write(file, other)
    with pytest.raises(UserError, match=r"^a: .*all\.h5: a .* (another|other) files?.*; copy"):
        open_source(stream_of(tmp_path / "all.h5")).read("a")


@pytest.mark.parametrize("write", [virtual_dataset, external_storage], ids=lambda write: write.__name__)
def test_values_in_another_file_are_refused_in_a_file_per_video(
    tmp_path: Path, write: Callable[[h5py.File, Path], None]
) -> None:
    (tmp_path / "features").mkdir()
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["a"] = sequence_of(5)
    with h5py.File(tmp_path / "features/a.h5", "w") as file:
        write(file, tmp_path / "other.h5")
    with pytest.raises(UserError, match=r"a\.h5: .* takes its values from other files; copy"):
        open_source(stream_of(tmp_path / "features")).read("a")


def test_links_inside_the_file_are_followed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["real/a"] = sequence_of(5)
        file["a"] = h5py.SoftLink("/real/a")
        file["b"] = file["real/a"]
        file["c"] = h5py.SoftLink("a")
        file["circle"] = h5py.SoftLink("/circle")
        file["nothing"] = h5py.SoftLink("/none")
    reader = open_source(stream_of(tmp_path / "all.h5"))
    for video in "abc":
        assert (reader.read(video) == sequence_of(5)).all()
    assert reader.missing(["a", "circle", "nothing", "a/b", "real"]) == ["circle", "nothing", "a/b"]


def test_a_folder_of_files_with_several_datasets_each(tmp_path: Path) -> None:
    values = {name: sequence_of(4 + number) for number, name in enumerate(("a", "b", "c"))}
    for file, names in (("train", ("a", "b")), ("valid", ("c",))):
        with h5py.File(tmp_path / f"{file}.h5", "w") as target:
            for name in names:
                target[f"v_{name}"] = values[name]
    reader = open_source(stream_of(tmp_path))
    for name, expected in values.items():
        np.testing.assert_array_equal(reader.read(name), expected)
    assert reader.missing(["a", "d"]) == ["d"]
    assert reader.place_of("c") == f"{tmp_path}/valid.h5, dataset v_c"


def test_a_video_in_two_files_of_a_folder_is_refused(tmp_path: Path) -> None:
    for file in ("train", "valid"):
        with h5py.File(tmp_path / f"{file}.h5", "w") as target:
            target["v_a"] = target["v_b"] = sequence_of(4)
    with pytest.raises(UserError, match=r"train.h5, dataset v_a and .*valid.h5, dataset v_a: keep one"):
        open_source(stream_of(tmp_path)).read("a")
