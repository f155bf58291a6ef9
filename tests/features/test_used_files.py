"""The files of used videos, and headers that tell the shape of arrays without reading them."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.core.errors import UserError
from bsnpp.features.settings import StreamSource
from bsnpp.features.streams import open_source
from bsnpp.features.used_files import UsedFiles


def stream(path: Path) -> StreamSource:
    return StreamSource(name="rgb", path=str(path), channels=4)


def test_only_files_of_the_videos_are_listed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("v_a.npy", "a.csv", "b.npy", "c.npy", "a.txt", "ab.npy"):
        (tmp_path / name).touch()
    files = UsedFiles().of_videos(stream(tmp_path), ["a", "b", "missing"])
    assert files == [str(tmp_path / name) for name in ("a.csv", "b.npy", "v_a.npy")]


def test_a_file_of_several_videos_counts_as_a_whole(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["a"] = np.zeros((3, 4))
    assert UsedFiles().of_videos(stream(tmp_path / "all.h5"), ["a", "b"]) == [str(tmp_path / "all.h5")]


def test_each_file_of_a_folder_with_several_videos_each_counts(tmp_path: Path) -> None:
    for part, names in (("one", "ab"), ("two", "cd")):
        with h5py.File(tmp_path / f"{part}.h5", "w") as file:
            for name in names:
                file[name] = np.zeros((3, 4))
    files = [str(tmp_path / "one.h5"), str(tmp_path / "two.h5")]
    assert UsedFiles().of_videos(stream(tmp_path), ["a"]) == files


@pytest.mark.parametrize("shape", [(3, 4), (4, 9), (1, 4)])
def test_a_header_has_the_shape_and_type_of_the_array(tmp_path: Path, shape: tuple[int, int]) -> None:
    array = np.ones(shape, np.float32)
    (tmp_path / "files").mkdir()
    np.save(tmp_path / "files/a.npy", array)
    with h5py.File(tmp_path / "files/b.h5", "w") as file:
        file["x"] = array
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["a"] = array
        file["b"] = array.ravel()
        file["b"].attrs["shape"] = shape
    for path in ("files", "all.h5"):
        reader = open_source(stream(tmp_path / path))
        for video in ("a", "b"):
            header, loaded = reader.header(video), reader.load(video)
            assert header is not None
            assert (header.shape, header.dtype) == (loaded.shape, loaded.dtype)


def test_containers_without_a_header_must_be_read(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "a.csv", np.ones((3, 4)), delimiter=",")
    assert open_source(stream(tmp_path)).header("a") is None


@pytest.mark.parametrize("bytes_left", [0, 60, 140])
def test_the_header_of_a_truncated_file_is_a_fault(tmp_path: Path, bytes_left: int) -> None:
    np.save(tmp_path / "a.npy", np.ones((30, 4)))
    content = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(content[:bytes_left])
    with pytest.raises(UserError, match=r"a\.npy: cannot be read"):
        open_source(stream(tmp_path)).header("a")
