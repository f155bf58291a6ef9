"""A fingerprint changes if and only if the files of a source change."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bsnpp.reruns.sources import source_fingerprint


def make(folder: Path) -> Path:
    (folder / "deep").mkdir(parents=True)
    for name in ("a.npy", "b.npy", "deep/c.npy"):
        (folder / name).write_text(name)
        os.utime(folder / name, (1000, 1000))
    return folder


def rename(folder: Path) -> None:
    (folder / "a.npy").rename(folder / "z.npy")


def touch(folder: Path) -> None:
    os.utime(folder / "b.npy", (1000, 1001))


def grow(folder: Path) -> None:
    (folder / "deep/c.npy").write_text("longer than before")
    os.utime(folder / "deep/c.npy", (1000, 1000))


def remove(folder: Path) -> None:
    (folder / "deep/c.npy").unlink()


@pytest.mark.parametrize("change", [rename, touch, grow, remove])
def test_it_changes_with_every_change_of_a_file(tmp_path: Path, change: Callable[[Path], None]) -> None:
    folder = make(tmp_path / "source")
    before = source_fingerprint(folder)
    change(folder)
    assert source_fingerprint(folder) != before


def test_equal_folders_have_equal_fingerprints(tmp_path: Path) -> None:
    one, two = (source_fingerprint(make(tmp_path / name)) for name in ("one", "two"))
    assert one == two.replace("two: ", "one: ")


def test_it_is_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "source")
    monkeypatch.chdir(tmp_path)
    readable = source_fingerprint("source").split(" (")[0]
    assert readable == "source: 3 files, 20 bytes, newest 1970-01-01 00:16:40"


def test_the_fingerprint_of_a_file(tmp_path: Path) -> None:
    folder = make(tmp_path / "source")
    before = source_fingerprint(folder / "a.npy")
    assert before.split(": ")[1] == source_fingerprint(folder / "b.npy").split(": ")[1]  # size and time
    os.utime(folder / "a.npy", (1000, 1001))
    assert source_fingerprint(folder / "a.npy") != before


def test_a_missing_source(tmp_path: Path) -> None:
    assert source_fingerprint(tmp_path / "none").endswith("none: missing")
