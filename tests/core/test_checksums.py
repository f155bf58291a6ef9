"""Checksums: any flipped bit, cut or lost block of a file is named, and the usual tools read the file."""

import json
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsnpp.core.checksum_forms import HDF5, TEXT, TRAILER
from bsnpp.core.checksums import checked_bytes, checked_file, checked_text, verify
from bsnpp.core.errors import UserError
from bsnpp.stores.detections import read_detections, write_detections
from bsnpp.stores.evaluations import read_resamples, write_resamples
from bsnpp.stores.features import FeatureStore, write_features

DETECTIONS = pd.DataFrame(
    {"video": ["a", "a", "b"], "label": ["x", "y", "x"], "score": [0.9, 0.5, 0.1], "start": 0.0, "end": 3.5}
)
RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(3, 4, 6)).astype(np.float32)
RESAMPLES = RNG.random((5, 2))


def write_all(folder: Path) -> None:
    """Write a file of each form."""
    write_features(folder / "f.h5", "e", 6, 4, zip("abc", FEATURES, strict=True), list("abc"))
    write_detections(folder / "d.parquet", DETECTIONS)
    write_resamples(folder / "r.npy", RESAMPLES)
    with checked_file(folder / "t.tsv", TEXT) as temporary:
        DETECTIONS.to_csv(temporary, sep="\t", index=False)


def read_features(path: Path) -> None:
    with FeatureStore(path) as store:
        store.read_all()


READERS: dict[str, Callable[[Path], object]] = {
    "f.h5": read_features,
    "d.parquet": read_detections,
    "r.npy": read_resamples,
    "t.tsv": checked_text,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each form."""
    path = tmp_path_factory.mktemp("files")
    write_all(path)
    return path


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_named(folder: Path, name: str, data: st.DataObject) -> None:
    content = bytearray((folder / name).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    _expect_refusal(folder / f"flipped.{name}", bytes(content), READERS[name])


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cut_lost_or_repeated_block_is_named(folder: Path, name: str, data: st.DataObject) -> None:
    content = (folder / name).read_bytes()
    first, last = sorted(
        data.draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=2, unique=True))
    )
    block = content[first:last]
    damaged = data.draw(
        st.sampled_from(
            [
                content[:first],
                content[:first] + content[last:],
                content[:first] + bytes(len(block)) + content[last:],
                content[:last] + block + content[last:],
            ]
        )
    )
    if damaged != content:
        _expect_refusal(folder / f"cut.{name}", damaged, READERS[name])


def _expect_refusal(path: Path, content: bytes, read: Callable[[Path], object]) -> None:
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"checksum; remove it and run again") as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_every_bit_of_a_small_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "small.npy"
    with checked_file(path, TRAILER) as temporary:
        temporary.write_bytes(b"few bytes")
    content = path.read_bytes()
    assert checked_bytes(path, TRAILER) == b"few bytes"
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        _expect_refusal(path, bytes(damaged), lambda path: checked_bytes(path, TRAILER))


def test_the_usual_tools_read_the_files(folder: Path) -> None:
    with h5py.File(folder / "f.h5") as file:
        np.testing.assert_array_equal(file["features"][:], FEATURES)
    assert pd.read_parquet(folder / "d.parquet").astype(DETECTIONS.dtypes).equals(DETECTIONS)
    np.testing.assert_array_equal(np.load(folder / "r.npy", mmap_mode="r"), RESAMPLES)
    pd.testing.assert_frame_equal(pd.read_csv(folder / "t.tsv", sep="\t"), DETECTIONS)


def test_json_with_a_checksum_is_json(tmp_path: Path) -> None:
    with checked_file(tmp_path / "j.json", TEXT) as temporary:
        temporary.write_text('{"a": 1}')
    assert json.loads((tmp_path / "j.json").read_text()) == {"a": 1}
    assert checked_text(tmp_path / "j.json") == '{"a": 1}'


def test_the_same_content_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_all(tmp_path)
    for name in READERS:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_file_is_verified_again_when_it_has_changed(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "f.h5"
    path.write_bytes((folder / "f.h5").read_bytes())
    verify(path, HDF5)
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(UserError, match="does not match"):
        verify(path, HDF5)


def test_a_file_of_a_user_needs_no_checksum(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("a\nb\n")
    assert checked_text(tmp_path / "list.txt", required=False) == "a\nb\n"
    with pytest.raises(UserError, match=r"list\.txt: .* no checksum"):
        checked_text(tmp_path / "list.txt")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), checked_file(tmp_path / "a.npy", TRAILER) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
