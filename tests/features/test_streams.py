"""One stream: names, orientation, faulty arrays, and clips that overlap."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsnpp.core.errors import UserError
from bsnpp.features.streams import one_snippet_per_stride, open_source
from tests.features.files import sequence_of, stream_of, write_csv
from tests.reference.rescale import value_at


def test_patterns_name_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    np.save(tmp_path / "v_a_spatial_pool_feature_6.npy", sequence_of(4))
    np.save(tmp_path / "a/feats.npy", sequence_of(6))
    assert len(open_source(stream_of(tmp_path, pattern="v_{video}_spatial_pool_feature_6")).read("a")) == 4
    assert len(open_source(stream_of(tmp_path, pattern="{video}/feats")).read("a")) == 6


def test_an_id_that_begins_with_v(tmp_path: Path) -> None:
    # Two ids of ActivityNet do: the file of "v_UmAH95xls" is v_v_UmAH95xls.
    np.save(tmp_path / "v_v_UmAH95xls.npy", sequence_of(4))
    assert len(open_source(stream_of(tmp_path)).read("v_UmAH95xls")) == 4


def test_an_id_with_spaces(tmp_path: Path) -> None:
    np.save(tmp_path / "my video.npy", sequence_of(4))
    assert len(open_source(stream_of(tmp_path)).read("my video")) == 4


def test_pattern_must_name_the_video(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\{video\}"):
        stream_of(tmp_path, pattern="features")


def test_both_names_of_a_video(tmp_path: Path) -> None:
    """Neither `v_a` nor `a` is preferred: they may hold different features."""
    np.save(tmp_path / "a.npy", sequence_of(4))
    np.save(tmp_path / "v_a.npy", sequence_of(4, seed=1))
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["a"], file["v_a"] = sequence_of(4), sequence_of(4, seed=1)
    for path in (tmp_path, tmp_path / "all.h5"):
        with pytest.raises(UserError, match=rf"^a: {path}: holds both v_a and a; keep one"):
            open_source(stream_of(path)).read("a")
    assert len(open_source(stream_of(tmp_path, pattern="v_{video}")).read("a")) == 4


def test_two_files_of_one_name(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", sequence_of(4))
    write_csv()(tmp_path / "a", sequence_of(4))
    with pytest.raises(UserError, match=r"holds both a\.csv and a\.npy; keep one"):
        open_source(stream_of(tmp_path)).read("a")


def test_sources_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none: does not exist; .*rgb.*v_<id> or <id>.*\(snippets, 3\)"):
        open_source(stream_of(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no feature file; it should hold the features of stream rgb"):
        open_source(stream_of(tmp_path / "empty"))


@pytest.mark.parametrize("length", [1, 2, 4, 5])
def test_orientation_by_declared_channels(tmp_path: Path, length: int) -> None:
    np.save(tmp_path / "a.npy", sequence_of(length))
    np.save(tmp_path / "b.npy", sequence_of(length).T)
    reader = open_source(stream_of(tmp_path))
    assert (reader.read("a") == sequence_of(length)).all()
    assert (reader.read("b") == sequence_of(length)).all()


@pytest.mark.parametrize("folder", [True, False])
@pytest.mark.parametrize("channels_first", [True, False])
def test_a_square_array_has_the_orientation_of_the_others(
    tmp_path: Path, channels_first: bool, folder: bool
) -> None:
    arrays = {"a": sequence_of(3), "b": sequence_of(4), "c": sequence_of(3, seed=1), "d": sequence_of(9)}
    stored = {video: array.T if channels_first else array for video, array in arrays.items()}
    with h5py.File(tmp_path / "all.h5", "w") as file:
        for video, array in stored.items():
            file[f"v_{video}"] = array
    for video, array in stored.items():
        np.save(tmp_path / f"v_{video}.npy", array)
    reader = open_source(stream_of(tmp_path if folder else tmp_path / "all.h5", pattern="v_{video}"))
    for video, array in arrays.items():
        np.testing.assert_array_equal(reader.read(video), array)


def test_channels_first_csv_files_of_which_one_is_square(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("0,0,0\n1,1,1\n2,2,2\n")
    (tmp_path / "b.csv").write_text("0,0,0,0\n1,1,1,1\n2,2,2,2\n")
    reader = open_source(stream_of(tmp_path))
    assert reader.read("a").tolist() == [[0, 1, 2]] * 3
    assert reader.read("b").tolist() == [[0, 1, 2]] * 4


def test_files_that_are_of_no_video_do_not_decide(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    np.save(tmp_path / "a/feats.npy", sequence_of(3).T)
    np.save(tmp_path / "a/times.npy", sequence_of(5))
    (tmp_path / "b").mkdir()
    np.save(tmp_path / "b/feats.npy", sequence_of(4).T)
    (tmp_path / "c").mkdir()
    (tmp_path / "c/feats.npy").write_bytes(b"damaged")
    reader = open_source(stream_of(tmp_path, pattern="{video}/feats"))
    assert (reader.read("a") == sequence_of(3)).all()


def test_only_square_arrays(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", sequence_of(3))
    np.save(tmp_path / "b.npy", sequence_of(3))
    with pytest.raises(
        UserError, match=r"a: .*a\.npy: square.*so are all others.*set the column `first_axis`"
    ):
        open_source(stream_of(tmp_path)).read("a")
    assert (open_source(stream_of(tmp_path, first_axis="time")).read("a") == sequence_of(3)).all()
    assert (open_source(stream_of(tmp_path, first_axis="channels")).read("a") == sequence_of(3).T).all()


def test_a_square_array_among_both_orientations(tmp_path: Path) -> None:
    for video, array in (("a", sequence_of(3)), ("b", sequence_of(4)), ("c", sequence_of(4).T)):
        np.save(tmp_path / f"{video}.npy", array)
    reader = open_source(stream_of(tmp_path))
    with pytest.raises(UserError, match=r"time first in .*b\.npy and channels first in .*c\.npy; set"):
        reader.read("a")
    assert (reader.read("b") == reader.read("c")).all()


def test_one_snippet_of_one_channel_needs_no_decision(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones((1, 1)))
    for axis in (None, "time", "channels"):
        assert open_source(stream_of(tmp_path, channels=1, first_axis=axis)).read("a").shape == (1, 1)


@pytest.mark.parametrize(("axis", "shape"), [("time", r"\(snippets, 3\)"), ("channels", r"\(3, snippets\)")])
def test_the_declared_axis_holds_for_every_file(tmp_path: Path, axis: str, shape: str) -> None:
    np.save(tmp_path / "time.npy", sequence_of(4))
    np.save(tmp_path / "channels.npy", sequence_of(4).T)
    reader = open_source(stream_of(tmp_path, first_axis=axis))
    other = "channels" if axis == "time" else "time"
    assert (reader.read(axis) == sequence_of(4)).all()
    with pytest.raises(UserError, match=rf"{other}\.npy: shape .*, should be {shape}; correct `first_axis`"):
        reader.read(other)


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int32])
def test_other_numbers_become_float32(tmp_path: Path, dtype: type) -> None:
    values = np.arange(12).reshape(4, 3).astype(dtype)
    np.save(tmp_path / "a.npy", values)
    sequence = open_source(stream_of(tmp_path)).read("a")
    assert sequence.dtype == np.float32
    assert (sequence == values).all()


FAULTY = {
    "shape (4, 2), should be (snippets, 3)": np.zeros((4, 2), np.float32),
    "shape (3,), should be": np.zeros(3, np.float32),
    "shape (1, 4, 3), should be": np.zeros((1, 4, 3), np.float32),
    "no snippets (shape (0, 3))": np.zeros((0, 3), np.float32),
    "NaN or infinite in 1 of 2 snippets, the first is number 2": np.array([[0, 0, 0], [0, np.nan, 1.0]]),
    "NaN or infinite in 1 of 1 snippets": np.array([[0, 0, 1e300]]),
    "holds <U1": np.array([["a", "b", "c"]]),
    "holds complex128": np.zeros((4, 3), complex),
}


@pytest.mark.parametrize("message", sorted(FAULTY))
def test_faulty_arrays(tmp_path: Path, message: str) -> None:
    np.save(tmp_path / "v_a.npy", FAULTY[message])
    with pytest.raises(UserError) as caught:
        open_source(stream_of(tmp_path)).read("a")
    assert str(caught.value).startswith(f"a: {tmp_path}/v_a.npy: ")
    assert message in str(caught.value)


@given(length=st.integers(1, 9), clip=st.sampled_from([1.0, 1.5, 2.0, 2.5, 2.75, 3.0, 4.0, 8.0]))
def test_overlapping_clips_are_resampled_to_one_snippet_per_stride(length: int, clip: float) -> None:
    sequence = sequence_of(length)
    aligned = one_snippet_per_stride(sequence, clip)
    centres = [k + clip / 2 for k in range(length)]
    rows = int(length - 1 + clip + 0.5)
    expected = [[value_at(list(column), centres, k + 0.5) for column in sequence.T] for k in range(rows)]
    np.testing.assert_allclose(aligned, expected, atol=1e-6)
    assert len(one_snippet_per_stride(sequence_of(length + 1), clip)) == rows + 1
    if clip == 1:
        assert aligned is sequence
    if clip == int(clip):  # the last clip ends with a stride: the same in reversed time
        np.testing.assert_allclose(one_snippet_per_stride(sequence[::-1], clip)[::-1], aligned, atol=1e-6)


def test_an_edge_keeps_its_place_for_every_length_of_clips(tmp_path: Path) -> None:
    frames = (np.arange(64) >= 32).astype(np.float32)  # something begins in the middle of 64 frames
    for clip, stride in ((4, 4), (16, 4), (8, 4)):
        means = [frames[first : first + clip].mean() for first in range(0, 64 - clip + 1, stride)]
        np.save(tmp_path / f"a{clip}.npy", np.repeat(np.array(means)[:, None], 3, axis=1))
        sequence = open_source(stream_of(tmp_path, clip=clip / stride)).read(f"a{clip}")[:, 0]
        assert len(sequence) == 16
        above = np.interp(0.5, sequence, np.arange(16) + 0.5)  # in strides; it rises through 0.5 here
        assert above == pytest.approx(8, abs=1e-6)
