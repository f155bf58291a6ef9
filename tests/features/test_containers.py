"""Files of every container give the same array; damaged and dangerous ones end in a message."""

import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from bsnpp.challenge.reference import with_references
from bsnpp.core.errors import UserError
from bsnpp.features.containers import CONTAINERS, Container, ReadOptions, described_containers, read_file
from bsnpp.features.importers import import_videos
from bsnpp.features.streams import open_source
from tests.features.files import WRITERS, sequence_of, stream_of, write_csv


@pytest.mark.parametrize("prefix", ["", "v_"])
@pytest.mark.parametrize("container", sorted(WRITERS))
def test_folders_of_every_container(tmp_path: Path, container: str, prefix: str) -> None:
    WRITERS[container](tmp_path / f"{prefix}a", sequence_of(5))
    reader = open_source(stream_of(tmp_path, pickles=container == "pkl"))
    sequence = reader.read("a")
    assert (sequence == sequence_of(5)).all()
    assert (sequence.dtype, sequence.flags.c_contiguous) == (np.float32, True)
    assert reader.missing(["b", "a"]) == ["b"]


def test_every_container_is_tested(tmp_path: Path) -> None:
    suffixes = set()
    for name, write in WRITERS.items():
        (tmp_path / name).mkdir()
        write(tmp_path / name / "a", sequence_of(5))
        suffixes |= {path.suffix for path in (tmp_path / name).iterdir()}
    assert suffixes | {".hdf5"} == {
        suffix for container in CONTAINERS.values() for suffix in container.suffixes
    }


@pytest.fixture
def toy() -> Iterator[None]:
    """Register a container from outside: numbers between blanks, one snippet per line."""
    CONTAINERS["toy"] = Container(
        (".toy", ".txt"), "numbers between blanks", lambda path, options: np.loadtxt(path, ndmin=2)
    )
    yield
    del CONTAINERS["toy"]


def test_a_container_registered_from_outside_is_read(tmp_path: Path, toy: None) -> None:
    for video in "ab":
        np.savetxt(tmp_path / f"v_{video}.toy", sequence_of(5), fmt="%.9g")
    (tmp_path / "v_c.txt").write_text("no numbers\n")
    source = stream_of(tmp_path)
    for video, sequence in import_videos([open_source(source)], ["b", "a"]):
        np.testing.assert_array_equal(sequence, sequence_of(5), err_msg=video)
    with pytest.raises(UserError, match=r"v_c\.txt: cannot be read \(ValueError: "):
        open_source(source).read("c")


def test_a_container_registered_from_outside_is_listed(tmp_path: Path, toy: None) -> None:
    assert ".toy or .txt: numbers between blanks" in described_containers()
    assert ".toy or .txt file per video" in stream_of(tmp_path).content
    with pytest.raises(UserError, match=r"holds no feature file; .*\.toy or \.txt file per video"):
        open_source(stream_of(tmp_path))


def test_the_manual_lists_every_container() -> None:
    marks = ("keys", "presets", "encoders", "classifiers", "external_detections")
    manual = with_references("".join(f"<!-- {name} --><!-- end of {name} -->" for name in marks))
    for container in CONTAINERS.values():
        assert f"{' or '.join(container.suffixes)}: {container.description}" in manual


def test_suffixes_may_be_in_upper_case(tmp_path: Path) -> None:
    write_csv()(tmp_path / "a", sequence_of(4))
    (tmp_path / "a.csv").rename(tmp_path / "a.CSV")
    assert (open_source(stream_of(tmp_path)).read("a") == sequence_of(4)).all()


def test_half_precision_tensor(tmp_path: Path) -> None:
    torch.save(torch.arange(6.0, dtype=torch.bfloat16).reshape(2, 3), tmp_path / "a.pt")
    assert (open_source(stream_of(tmp_path)).read("a") == np.arange(6).reshape(2, 3)).all()


@pytest.mark.parametrize("suffix", ["csv", "npy", "npz", "pt", "h5"])
def test_other_content_under_the_suffix(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(b"1,2,3\nno numbers, at all\n")
    with pytest.raises(UserError, match=rf"^a: .*a\.{suffix}: cannot be read"):
        open_source(stream_of(tmp_path)).read("a")


def _replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def damage(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return damage


def _zeroed(start: float, stop: float) -> Callable[[bytes], bytes]:
    """Overwrite a part of the bytes, given as shares of the file."""

    def damage(content: bytes) -> bytes:
        first, last = int(start * len(content)), int(stop * len(content))
        return content[:first] + bytes(last - first) + content[last:]

    return damage


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "header of a .npy that is not Python": ("npy", _replaced(b"'descr'", b"'descr(")),
    "header of a .npy that does not end": ("npy", _replaced(b"}", b"(")),
    "header of a .npy with a negative shape": ("npy", _replaced(b"(40, 3)", b"(40,-3)")),
    "header of a .npy that asks for more memory than there is": ("npy", _replaced(b"(40, 3)", b"(9**9,)")),
    "shape of a .npy that is larger than the file": ("npy", _replaced(b"(40, 3)", b"(99, 3)")),
    "middle of a deflated .npz": ("npz, deflated", _zeroed(0.3, 0.6)),
    "middle of a .pt": ("pt", _zeroed(0.1, 0.5)),
    "middle of a .pkl": ("pkl", _zeroed(0.05, 0.2)),
    "symbol table of a .h5": ("h5", _replaced(b"SNOD", b"SNOX")),
    "tree of a .h5": ("h5", _replaced(b"TREE", b"TREX")),
    "heap of a .h5": ("h5", _replaced(b"HEAP", b"HEAX")),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_files_are_named(tmp_path: Path, name: str) -> None:
    container, damage = DAMAGES[name]
    WRITERS[container](tmp_path / "a", sequence_of(40))
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError) as caught:
        open_source(stream_of(tmp_path, pickles=True)).read("a")
    assert str(caught.value).startswith(f"a: {path}: ")


@pytest.mark.parametrize("container", sorted(WRITERS))
@pytest.mark.parametrize("seed", range(20))
def test_cut_and_flipped_files_end_in_a_message_or_a_sequence(
    tmp_path: Path, container: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    WRITERS[container](tmp_path / "a", sequence_of(40))
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    for place in rng.integers(0, len(content), 3):
        content[place] ^= 1 << int(rng.integers(8))
    path.write_bytes(content[: int(rng.integers(len(content) // 2, len(content) + 1))])
    try:
        assert np.isfinite(open_source(stream_of(tmp_path, pickles=container == "pkl")).read("a")).all()
    except UserError as error:
        assert str(path) in str(error)


class Trap:
    """A pickle that runs a program."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return eval, ("1/0",)


@pytest.mark.parametrize("suffix", ["npy", "npz", "pt", "pkl"])
def test_pickles_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix == "pt":
        torch.save(Trap(), path)
    elif suffix == "pkl":
        path.write_bytes(pickle.dumps(Trap()))
    else:
        trap = np.array([Trap()], dtype=object)
        np.save(path, trap) if suffix == "npy" else np.savez(path, feats=trap)
    with pytest.raises(UserError, match="cannot be read") as refused:
        open_source(stream_of(tmp_path)).read("a")
    assert "ZeroDivisionError" not in str(refused.value)
    with pytest.raises(UserError, match=r"cannot be read \(ZeroDivisionError"):  # the trap is real
        open_source(stream_of(tmp_path, pickles=True)).read("a")


def test_a_file_of_no_container(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a\.mat: not a feature file; supported are \.csv, "):
        read_file(str(tmp_path / "a.mat"), ReadOptions(channels=3))


def test_an_archive_without_the_key(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", rgb=sequence_of(4))
    with pytest.raises(UserError, match=r"a\.npz: cannot be read: no array 'feats', only rgb"):
        open_source(stream_of(tmp_path)).read("a")


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".npz", ".pt", ".pkl", ".h5"])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "is a pointer of Git LFS"),
        (b"<!DOCTYPE html>\n<html>Sign in</html>", "is a web page, perhaps of a download that failed"),
    ],
)
def test_what_is_no_feature_file_is_recognised(
    tmp_path: Path, suffix: str, data: bytes, message: str
) -> None:
    (tmp_path / f"a{suffix}").write_bytes(data)
    with pytest.raises(UserError, match=message) as caught:
        open_source(stream_of(tmp_path, pickles=True)).read("a")
    assert f"a{suffix}: is a " in str(caught.value)


def test_a_pointer_in_the_place_of_an_hdf5_file_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "all.h5").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(UserError, match=r"all.h5: is a pointer of Git LFS.*; it should hold the features"):
        open_source(stream_of(tmp_path / "all.h5"))


def test_a_member_of_npz_that_is_no_array_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("feats.npy", b"no header of an array")
    with pytest.raises(UserError, match=r"a\.npz: cannot be read: 'feats' is not an array"):
        read_file(str(tmp_path / "a.npz"), ReadOptions(3))
