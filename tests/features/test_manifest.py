"""The manifest lists bytes and lengths, and flags lengths that do not fit the duration of the video."""

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np
import pytest

from bsnpp.features.manifest import (
    COLUMNS,
    Entry,
    array_digest,
    flag_lengths,
    list_stream,
    rate_of,
    write_manifest,
)
from tests.features.files import WRITERS, sequence_of, stream_of, write_csv


def entries_of(snippets: Sequence[int], seconds: Sequence[float]) -> list[Entry]:
    pairs = zip(snippets, seconds, strict=True)
    return [
        Entry(f"v{index}", "rgb", f"v{index}.npy", count, duration, "0" * 64, "")
        for index, (count, duration) in enumerate(pairs)
    ]


def flags_of(entries: Sequence[Entry]) -> list[str]:
    return [entry.flag for entry in flag_lengths(entries, rate_of(entries))]


@pytest.mark.parametrize("container", sorted(WRITERS))
def test_a_file_of_every_format(tmp_path: Path, container: str) -> None:
    WRITERS[container](tmp_path / "v_a", sequence_of(5))
    (path,) = tmp_path.iterdir()
    (entry,) = list_stream(stream_of(tmp_path, pickles=container == "pkl"), [("a", 2.0)])
    assert entry == Entry("a", "rgb", str(path), 5, 2.0, hashlib.sha256(path.read_bytes()).hexdigest(), "")
    assert entry.rate == 2.5


def test_a_dataset_of_one_hdf5(tmp_path: Path) -> None:
    values = sequence_of(5)
    for name, keys in (("plain", {}), ("packed", {"compression": "gzip", "chunks": (2, 3)})):
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            file.create_dataset("v_a", data=values, **keys)
    listed = [
        list(list_stream(stream_of(tmp_path / f"{name}.h5"), [("a", 2.0)])) for name in ("plain", "packed")
    ]
    (plain,), (packed,) = listed
    assert (plain.file, plain.snippets) == (f"{tmp_path}/plain.h5, dataset v_a", 5)
    assert plain.sha256 == packed.sha256 == array_digest(values)


def test_the_digest_of_values() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    expected = hashlib.sha256(b"<f4 (2, 3)\n" + values.astype("<f4").tobytes()).hexdigest()
    assert array_digest(values) == array_digest(values.astype(">f4")) == expected
    assert array_digest(np.asfortranarray(values)) == expected
    others: list[np.ndarray] = [
        values.T,
        values.reshape(3, 2),
        values.astype(np.float64),
        values + 1,
        values[:0],
    ]
    assert len({expected, *map(array_digest, others)}) == 6


def test_channels_first_and_names_with_and_without_prefix(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", sequence_of(7).T)
    np.save(tmp_path / "v_b.npy", sequence_of(8))
    listed = list_stream(stream_of(tmp_path), [("b", 1.0), ("a", 1.0)])
    assert [(entry.video, entry.snippets) for entry in listed] == [("b", 8), ("a", 7)]


def test_unusable_videos_are_flagged(tmp_path: Path) -> None:
    arrays = {
        "empty": sequence_of(0),
        "one": sequence_of(1),
        "narrow": np.zeros((4, 2)),
        "flat": np.zeros(3),
        "words": np.array([["a", "b", "c"]]),
        "whole": sequence_of(4),
    }
    for name, values in arrays.items():
        np.save(tmp_path / f"{name}.npy", values)
    (tmp_path / "damaged.npy").write_bytes(b"x")
    np.save(tmp_path / "v_both.npy", sequence_of(4))
    np.save(tmp_path / "both.npy", sequence_of(5))
    names = [*arrays, "damaged", "absent", "both"]
    listed = {
        entry.video: entry for entry in list_stream(stream_of(tmp_path), [(name, 8.0) for name in names])
    }
    assert {name: (entry.flag, entry.snippets) for name, entry in listed.items()} == {
        "empty": ("no snippets", 0),
        "one": ("one snippet", 1),
        "narrow": ("unusable", 0),
        "flat": ("unusable", 0),
        "words": ("unusable", 0),
        "whole": ("", 4),
        "damaged": ("unusable", 0),
        "absent": ("missing", 0),
        "both": ("unusable", 0),
    }
    assert {name for name, entry in listed.items() if not entry.sha256} == {
        "narrow", "flat", "words", "damaged", "absent", "both"
    }  # fmt: skip
    assert [name for name, entry in listed.items() if not entry.file] == ["absent"]


def test_a_csv_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("f0,f1,f2\n")
    (entry,) = list_stream(stream_of(tmp_path), [("a", 8.0)])
    assert entry.flag == "no snippets" and entry.sha256


def test_pickles_are_not_loaded_unless_trusted(tmp_path: Path) -> None:
    WRITERS["pkl"](tmp_path / "a", sequence_of(4))
    (refused,) = list_stream(stream_of(tmp_path), [("a", 8.0)])
    (trusted,) = list_stream(stream_of(tmp_path, pickles=True), [("a", 8.0)])
    assert (refused.flag, trusted.flag, trusted.snippets) == ("unusable", "", 4)


def test_one_video_at_a_time(tmp_path: Path) -> None:
    for name in "ab":
        np.save(tmp_path / f"{name}.npy", sequence_of(4))
    listed = list_stream(stream_of(tmp_path), [("a", 8.0), ("b", 8.0)])
    assert next(listed).flag == ""
    (tmp_path / "b.npy").write_bytes(b"x")  # read only after the first video
    assert next(listed).flag == "unusable"


def test_short_videos_of_a_steady_stream() -> None:
    seconds = [10.0, 20.0, 50.0, *[100.0] * 9, 200.0, 400.0, 100.0, 100.0]
    snippets = [20, 40, 101, *[199, 200, 201] * 3, 400, 800, 180, 179]
    rate = rate_of(entries_of(snippets, seconds))
    assert (rate.median, rate.share, rate.steady) == (2.0, 0.875, True)
    assert flags_of(entries_of(snippets, seconds)) == [""] * 15 + ["short"]


def test_mixed_frame_rates_are_not_steady() -> None:
    """One snippet per 16 frames, at 30 frames per second in four of five videos and 25 in the others."""
    seconds = np.random.default_rng(0).uniform(20, 240, 200)
    frames = np.where(np.arange(200) % 5 == 0, 25, 30)
    entries = entries_of((seconds * frames / 16).astype(int).tolist(), seconds.tolist())
    assert rate_of(entries).share == pytest.approx(0.8, abs=0.01)
    assert flags_of(entries) == [""] * 200


def test_a_snippet_lost_to_rounding_is_not_short() -> None:
    seconds = [100.0, 120.0, 140.0, 160.0, 180.0, 200.0, 1.6, 1.6]
    snippets = [200, 240, 280, 320, 360, 400, 3, 2]
    assert flags_of(entries_of(snippets, seconds)) == [""] * 7 + ["short"]


def test_long_videos_of_a_steady_stream() -> None:
    assert flags_of(entries_of([40] * 6 + [41, 80], [40.0] * 8)) == [""] * 7 + ["long"]
    edge_cases = {220: 100.0, 221: 100.0, 3: 1.0, 4: 1.0, 23: 10.0}
    snippets, seconds = [*[200, 202] * 20, *edge_cases], [*[100.0, 101.0] * 20, *edge_cases.values()]
    assert flags_of(entries_of(snippets, seconds))[40:] == ["", "long", "", "long", "long"]


def test_twice_as_many_snippets_as_the_other_videos(tmp_path: Path) -> None:
    for index in range(8):
        write_csv()(tmp_path / f"v{index}", sequence_of(80 if index == 7 else 40))
    entries = list(list_stream(stream_of(tmp_path), [(f"v{index}", 40.0) for index in range(8)]))
    assert flags_of(entries) == [""] * 7 + ["long"]


def test_a_fixed_number_of_snippets_has_no_steady_rate() -> None:
    seconds = np.random.default_rng(0).uniform(5, 240, 50).tolist()
    entries = entries_of([100] * 50, seconds)
    assert not rate_of(entries).steady
    assert flags_of(entries) == [""] * 50
    alike = entries_of([100] * 50, [60.0] * 40 + [90.0] * 10)
    assert flags_of(alike) == [""] * 50


def test_different_rates_are_not_steady() -> None:
    rates = [1.5, 1.6, 1.8, 1.9, 2.1, 2.3, 2.5, 3.0]
    entries = entries_of([round(100 * rate) for rate in rates], [100.0] * 8)
    assert not rate_of(entries).steady
    assert flags_of(entries) == [""] * 8


def test_videos_without_snippets_do_not_count_for_the_rate() -> None:
    entries = entries_of([20, 0, 0, 0], [10.0, 10.0, 10.0, 10.0])
    assert (rate_of(entries).median, rate_of(entries).share) == (2.0, 1.0)
    nothing = rate_of(entries[1:])
    assert np.isnan(nothing.median) and not nothing.steady
    assert flag_lengths([], rate_of([])) == []


def test_other_flags_are_kept() -> None:
    entries = entries_of([200, 240, 280, 1], [100.0, 120.0, 140.0, 100.0])
    flagged = Entry("one", "rgb", "one.npy", 1, 100.0, "", "one snippet")
    assert flag_lengths([*entries[:3], flagged], rate_of(entries))[-1] == flagged


def test_the_table_as_it_is_written(tmp_path: Path) -> None:
    entries = [
        Entry("a", "rgb", "all.h5, dataset v_a", 7, 3.1, "ab", ""),
        Entry("b", "rgb", "", 0, 5.0, "", "missing"),
    ]
    write_manifest(tmp_path / "manifest.csv", entries)
    with (tmp_path / "manifest.csv").open(newline="") as file:
        assert [row for row in csv.reader(file) if row] == [
            COLUMNS,
            ["a", "rgb", "all.h5, dataset v_a", "7", "3.1", "2.25806", "ab", ""],
            ["b", "rgb", "", "0", "5.0", "0", "", "missing"],
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.csv"]
