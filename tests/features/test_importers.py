"""Every public container reads back the same features; every fault is told, all of them at once."""

import pickle
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.features.importers import (
    import_video,
    import_videos,
    join_streams,
    one_snippet_a_stride,
    open_source,
)
from bsnpp.features.settings import StreamSource
from tests.reference.rescale import value_at


def sequence_of(length: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((length, channels)).astype(np.float32)


def write_csv(header: str) -> Callable[[Path, np.ndarray], None]:
    def write(stem: Path, values: np.ndarray) -> None:
        rows = [",".join(repr(float(value)) for value in row) for row in values]
        stem.with_suffix(".csv").write_text("\n".join([header, *rows] if header else rows) + "\n")

    return write


def write_h5(stem: Path, values: np.ndarray) -> None:
    with h5py.File(stem.with_suffix(".h5"), "w") as file:
        file["some/group"] = values


WRITERS: dict[str, Callable[[Path, np.ndarray], object]] = {
    "csv": write_csv("f0,f1,f2"),
    "csv with #": write_csv("# f0,f1,f2"),
    "csv without header": write_csv(""),
    "npy": lambda stem, values: np.save(stem.with_suffix(".npy"), values),
    "npz": lambda stem, values: np.savez(stem.with_suffix(".npz"), feats=values, other=np.zeros(1)),
    "pt": lambda stem, values: torch.save(torch.from_numpy(values), stem.with_suffix(".pt")),
    "pkl": lambda stem, values: stem.with_suffix(".pkl").write_bytes(pickle.dumps(values)),
    "h5": write_h5,
}


def source(path: Path, **keys: object) -> StreamSource:
    return StreamSource.model_validate({"name": "rgb", "path": str(path), "channels": 3, **keys})


@pytest.mark.parametrize("prefix", ["", "v_"])
@pytest.mark.parametrize("container", sorted(WRITERS))
def test_folders_of_every_format(tmp_path: Path, container: str, prefix: str) -> None:
    WRITERS[container](tmp_path / f"{prefix}a", sequence_of(5))
    reader = open_source(source(tmp_path, pickles=container == "pkl"))
    read = reader.read("a")
    assert (read == sequence_of(5)).all()
    assert (read.dtype, read.flags.c_contiguous) == (np.float32, True)
    assert reader.missing(["b", "a"]) == ["b"]


@pytest.mark.parametrize(
    ("dataset", "pattern"),
    [("a", None), ("v_a", None), ("v_a/c3d_features", "v_{video}/c3d_features"), ("a_pool", "{video}_pool")],
)
def test_one_hdf5(tmp_path: Path, dataset: str, pattern: str | None) -> None:
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file[dataset] = sequence_of(5)
    reader = open_source(source(tmp_path / "all.h5", pattern=pattern))
    assert (reader.read("a") == sequence_of(5)).all()
    assert reader.missing(["a", "b"]) == ["b"]


def test_patterns_name_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    np.save(tmp_path / "v_a_spatial_pool_feature_6.npy", sequence_of(4))
    np.save(tmp_path / "a/feats.npy", sequence_of(6))
    assert len(open_source(source(tmp_path, pattern="v_{video}_spatial_pool_feature_6")).read("a")) == 4
    assert len(open_source(source(tmp_path, pattern="{video}/feats")).read("a")) == 6


def test_an_id_that_begins_with_v(tmp_path: Path) -> None:
    # Two of ActivityNet's ids do: the file of "v_UmAH95xls" is v_v_UmAH95xls.
    np.save(tmp_path / "v_v_UmAH95xls.npy", sequence_of(4))
    assert len(open_source(source(tmp_path)).read("v_UmAH95xls")) == 4


@pytest.mark.parametrize("length", [1, 3, 5])
def test_orientation_by_declared_channels(tmp_path: Path, length: int) -> None:
    np.save(tmp_path / "time_first.npy", sequence_of(length))
    np.save(tmp_path / "channels_first.npy", sequence_of(length).T)
    reader = open_source(source(tmp_path))
    assert (reader.read("time_first") == sequence_of(length)).all()
    square = length == 3  # both axes could be time: the first is
    assert (reader.read("channels_first") == (sequence_of(3).T if square else sequence_of(length))).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int32])
def test_other_numbers_become_float32(tmp_path: Path, dtype: type) -> None:
    values = np.arange(12).reshape(4, 3).astype(dtype)
    np.save(tmp_path / "a.npy", values)
    read = open_source(source(tmp_path)).read("a")
    assert read.dtype == np.float32
    assert (read == values).all()


def test_half_precision_tensor(tmp_path: Path) -> None:
    torch.save(torch.arange(6.0, dtype=torch.bfloat16).reshape(2, 3), tmp_path / "a.pt")
    assert (open_source(source(tmp_path)).read("a") == np.arange(6).reshape(2, 3)).all()


FAULTY = {
    "shape (4, 2), should be (snippets, 3)": np.zeros((4, 2), np.float32),
    "shape (3,), should be": np.zeros(3, np.float32),
    "no snippets (shape (0, 3))": np.zeros((0, 3), np.float32),
    "NaN or infinite in 1 of 2 snippets, the first is number 2": np.array([[0, 0, 0], [0, np.nan, 1.0]]),
    "NaN or infinite in 1 of 1 snippets": np.array([[0, 0, 1e300]]),
    "holds <U1": np.array([["a", "b", "c"]]),
}


@pytest.mark.parametrize("message", sorted(FAULTY))
def test_faulty_arrays(tmp_path: Path, message: str) -> None:
    np.save(tmp_path / "v_a.npy", FAULTY[message])
    with pytest.raises(UserError) as caught:
        open_source(source(tmp_path)).read("a")
    assert str(caught.value).startswith(f"a: {tmp_path}/v_a.npy: ")
    assert message in str(caught.value)


def test_a_csv_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("f0,f1,f2\n")
    with pytest.raises(UserError, match="no snippets"):
        open_source(source(tmp_path)).read("a")


@pytest.mark.parametrize("ending", ["csv", "npy", "npz", "pt", "h5"])
def test_damaged_files(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a.{ending}").write_bytes(b"1,2,3\nno numbers, at all\n")
    with pytest.raises(UserError, match=rf"^a: .*a\.{ending}: cannot be read"):
        open_source(source(tmp_path)).read("a")


class Trap:
    """A pickle that would run a program."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return eval, ("1/0",)


@pytest.mark.parametrize("ending", ["npy", "npz", "pt", "pkl"])
def test_pickles_are_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    if ending == "pt":
        torch.save(Trap(), path)
    elif ending == "pkl":
        path.write_bytes(pickle.dumps(Trap()))
    else:
        trap = np.array([Trap()], dtype=object)
        np.save(path, trap) if ending == "npy" else np.savez(path, feats=trap)
    with pytest.raises(UserError, match="cannot be read"):
        open_source(source(tmp_path)).read("a")
    with pytest.raises(ZeroDivisionError):  # the trap is real
        open_source(source(tmp_path, pickles=True)).read("a")


def test_ambiguous_and_nested(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", sequence_of(4))
    write_csv("")(tmp_path / "a", sequence_of(4))
    with pytest.raises(UserError, match=r"a\.csv and a\.npy are both there"):
        open_source(source(tmp_path)).read("a")
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["v_a/c3d_features"] = sequence_of(4)
    with pytest.raises(UserError, match=r"v_a is a group with c3d_features; .*`pattern`"):
        open_source(source(tmp_path / "all.h5")).read("a")


def test_sources_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none: not there; .*rgb.*v_<id> or <id>.*\(snippets, 3\)"):
        open_source(source(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no feature file; it should hold the features of stream rgb"):
        open_source(source(tmp_path / "empty"))
    with h5py.File(tmp_path / "whole.h5", "w") as file:
        file["a"] = sequence_of(2000)
    (tmp_path / "cut.h5").write_bytes((tmp_path / "whole.h5").read_bytes()[:4000])
    with pytest.raises(UserError, match=r"cut\.h5: cannot be opened as HDF5"):
        open_source(source(tmp_path / "cut.h5"))


def test_pattern_must_name_the_video(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\{video\}"):
        source(tmp_path, pattern="features")


def test_join_cuts_to_the_shorter() -> None:
    one, two = sequence_of(10, 3), sequence_of(14, 2, seed=1)
    joined = join_streams([one, two])
    assert (joined == np.hstack([one, two[:10]])).all()
    assert (join_streams([one]) == one).all()
    assert len(join_streams([sequence_of(90), sequence_of(100)])) == 90


@pytest.mark.parametrize(("short", "long"), [(9, 14), (89, 100)])
def test_join_refuses_a_mix_up(short: int, long: int) -> None:
    with pytest.raises(UserError, match=f"streams of {long} and {short} snippets"):
        join_streams([sequence_of(long), sequence_of(short)])


def write_streams(folder: Path, videos: list[str]) -> list[StreamSource]:
    for name, length in (("rgb", 7), ("flow", 6)):
        (folder / name).mkdir()
        for video in videos:
            np.save(folder / name / f"{video}.npy", sequence_of(length))
    return [source(folder / name, name=name) for name in ("rgb", "flow")]


def test_import_joins_in_order(tmp_path: Path) -> None:
    readers = [open_source(stream) for stream in write_streams(tmp_path, ["a", "b"])]
    assert import_video(readers, "a").shape == (6, 6)
    assert [video for video, _ in import_videos(readers, ["b", "a"])] == ["b", "a"]


def test_all_missing_videos_before_the_first(tmp_path: Path) -> None:
    streams = write_streams(tmp_path, ["a", "b"])
    (tmp_path / "flow/b.npy").unlink()
    readers = [open_source(stream) for stream in streams]
    with pytest.raises(UserError) as caught:
        next(import_videos(readers, ["a", "b", "c"]))
    told = str(caught.value).splitlines()[1:-1]
    assert [line.split(":")[:2] for line in told] == [
        ["  c", " stream rgb"],
        ["  b", " stream flow"],
        ["  c", " stream flow"],
    ]


def test_all_faults_in_one_error(tmp_path: Path) -> None:
    readers = [open_source(stream) for stream in write_streams(tmp_path, ["a", "b", "c", "d"])]
    np.save(tmp_path / "rgb/b.npy", np.full((7, 3), np.nan))
    np.save(tmp_path / "flow/b.npy", np.zeros((6, 4)))
    np.save(tmp_path / "flow/d.npy", np.zeros((70, 3)))
    read = []
    with pytest.raises(UserError) as caught:
        read.extend(video for video, _ in import_videos(readers, ["a", "b", "c", "d"]))
    assert read == ["a"]
    message = str(caught.value)
    assert message.count("\n  b: ") == 2
    assert "\n  d: streams of 7 and 70 snippets" in message


@given(length=st.integers(1, 9), clip=st.sampled_from([1.0, 1.5, 2.0, 2.5, 2.75, 3.0, 4.0, 8.0]))
def test_overlapping_clips_are_brought_to_a_snippet_a_stride(length: int, clip: float) -> None:
    sequence = sequence_of(length)
    aligned = one_snippet_a_stride(sequence, clip)
    centres = [k + clip / 2 for k in range(length)]
    rows = int(length - 1 + clip + 0.5)
    expected = [[value_at(list(column), centres, k + 0.5) for column in sequence.T] for k in range(rows)]
    np.testing.assert_allclose(aligned, expected, atol=1e-6)
    assert len(one_snippet_a_stride(sequence_of(length + 1), clip)) == rows + 1
    if clip == 1:
        assert aligned is sequence
    if clip == int(clip):  # the clips' strides end on a stride: the same from either end
        np.testing.assert_allclose(one_snippet_a_stride(sequence[::-1], clip)[::-1], aligned, atol=1e-6)


def test_an_edge_stands_where_it_is_whatever_the_clips(tmp_path: Path) -> None:
    frames = (np.arange(64) >= 32).astype(np.float32)  # something begins in the middle of 64 frames
    for clip, stride in ((4, 4), (16, 4), (8, 4)):
        means = [frames[first : first + clip].mean() for first in range(0, 64 - clip + 1, stride)]
        np.save(tmp_path / f"a{clip}.npy", np.repeat(np.array(means)[:, None], 3, axis=1))
        sequence = open_source(source(tmp_path, clip=clip / stride)).read(f"a{clip}")[:, 0]
        assert len(sequence) == 16
        above = np.interp(0.5, sequence, np.arange(16) + 0.5)  # in strides; it rises through 0.5 here
        assert above == pytest.approx(8, abs=1e-6)
