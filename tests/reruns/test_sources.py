"""A fingerprint changes if and only if the content of the files of a source changes."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.reruns.digests import Digests
from bsnpp.reruns.settings import Mode
from bsnpp.reruns.sources import Fingerprints

MODES: list[Mode] = ["changed", "content", "times"]
OLD = 1000
"""Time of the files [s]."""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the digests of files that were written just now."""
    monkeypatch.setattr("bsnpp.reruns.digests.SETTLED_NS", 0)


def write(path: Path, text: str, seconds: int = OLD) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (seconds, seconds))


def make(folder: Path) -> Path:
    for name in ("a.npy", "b.npy", "deep/c.npy"):
        write(folder / name, name)
    return folder


def fingerprint(folder: Path, mode: Mode = "changed", kept: str = "kept.json") -> str:
    """Return the fingerprint at a start of the workflow, with the digests of earlier starts."""
    return Fingerprints(Digests(folder.parent / kept), mode).of_source(folder)


def rename(folder: Path) -> None:
    (folder / "a.npy").rename(folder / "z.npy")


def grow(folder: Path) -> None:
    write(folder / "deep/c.npy", "longer than before")


def remove(folder: Path) -> None:
    (folder / "deep/c.npy").unlink()


def add(folder: Path) -> None:
    write(folder / "d.npy", "")


def edit(folder: Path) -> None:
    write(folder / "b.npy", "B.npy", OLD + 1)


def overwrite(folder: Path) -> None:
    """Keep name, size, time and inode."""
    write(folder / "b.npy", "B.npy")


def replace(folder: Path) -> None:
    """Keep name, size and time, but not the inode."""
    write(folder / "new", "B.npy")
    (folder / "new").replace(folder / "b.npy")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("change", [rename, grow, remove, add, edit])
def test_a_fingerprint_changes_with_every_change_of_a_file(
    tmp_path: Path, change: Callable[[Path], None], mode: Mode
) -> None:
    folder = make(tmp_path / "source")
    before = fingerprint(folder, mode)
    change(folder)
    assert fingerprint(folder, mode) != before


@pytest.mark.parametrize("mode", ["changed", "content"])
@pytest.mark.parametrize("change", [overwrite, replace])
def test_the_same_size_and_time_do_not_hide_other_content(
    tmp_path: Path, change: Callable[[Path], None], mode: Mode
) -> None:
    folder = make(tmp_path / "source")
    before = fingerprint(folder, mode)
    time.sleep(0.02)  # the times of a file have the resolution of the kernel's clock
    change(folder)
    assert fingerprint(folder, mode) != before


def test_content_trusts_no_time_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that gives every file the same times and inode."""
    monkeypatch.setattr("bsnpp.reruns.digests.stamp_of", lambda state: (state.st_size, 0, 0, 0))
    folder = make(tmp_path / "source")
    before = fingerprint(folder)
    overwrite(folder)
    assert fingerprint(folder) == before
    assert fingerprint(folder, "content") != before


@pytest.mark.parametrize("mode", ["changed", "content"])
def test_touching_changes_nothing(tmp_path: Path, mode: Mode) -> None:
    folder = make(tmp_path / "source")
    before = fingerprint(folder, mode)
    os.utime(folder / "b.npy", (OLD, OLD + 1))
    assert fingerprint(folder, mode) == before


def test_times_are_those_of_the_files_that_are_used(tmp_path: Path) -> None:
    folder = make(tmp_path / "source")

    def of_a() -> str:
        return Fingerprints(Digests(tmp_path / "kept"), "times").of_files(folder, [str(folder / "a.npy")])

    before = of_a()
    os.utime(folder / "b.npy", (OLD, OLD + 1))
    assert of_a() == before
    os.utime(folder / "a.npy", (OLD, OLD + 1))
    assert of_a() != before


@pytest.mark.parametrize("mode", MODES)
def test_other_files_change_nothing(tmp_path: Path, mode: Mode) -> None:
    folder = make(tmp_path / "source")
    used = [str(folder / "a.npy"), str(folder / "deep/c.npy")]
    before = Fingerprints(Digests(tmp_path / "kept"), mode).of_files(folder, used)
    edit(folder)
    add(folder)
    assert Fingerprints(Digests(tmp_path / "kept"), mode).of_files(folder, used) == before


def test_unchanged_files_are_not_read_again(tmp_path: Path) -> None:
    folder, read = make(tmp_path / "source"), list[str]()

    def noted(files: Iterable[str], total: int) -> Iterable[str]:
        read.extend(files)
        return files

    def start(mode: Mode) -> None:
        Fingerprints(Digests(tmp_path / "kept"), mode, progress=noted).of_source(folder)

    start("changed")
    assert len(read) == 3
    start("changed")
    assert len(read) == 3
    os.utime(folder / "b.npy", (OLD, OLD + 1))
    start("changed")
    assert read[3:] == [str(folder / "b.npy")]
    start("content")
    assert len(read) == 7, "`content` trusts no time"


def test_a_file_that_was_written_just_now_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bsnpp.reruns.digests.SETTLED_NS", 10**12)
    folder = make(tmp_path / "source")
    fingerprint(folder)
    assert not len(Digests(tmp_path / "kept.json"))


@pytest.mark.parametrize("content", [None, "", "[1]", '{"format": 1, "files": {"a": 1}}', '{"format": 0}'])
def test_lost_or_damaged_digests_change_nothing(tmp_path: Path, content: str | None) -> None:
    folder = make(tmp_path / "source")
    before = fingerprint(folder)
    (tmp_path / "kept.json").unlink()
    if content is not None:
        (tmp_path / "kept.json").write_text(content)
    assert fingerprint(folder) == before
    folderless = Digests(tmp_path / "missing/kept.json", new_folder=False)
    assert Fingerprints(folderless).of_source(folder) == before
    assert not (tmp_path / "missing").exists()


def test_a_start_that_was_killed_between_files_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "source")
    whole = fingerprint(folder, kept="other.json")
    monkeypatch.setattr("bsnpp.reruns.digests.SAVED_SECONDS", -1.0)

    def killed(files: Iterable[str], total: int) -> Iterator[str]:
        yield next(iter(files))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Fingerprints(Digests(tmp_path / "kept.json"), progress=killed).of_source(folder)
    assert len(Digests(tmp_path / "kept.json")) == 1
    assert fingerprint(folder) == whole


def test_a_plan_reads_no_new_file(tmp_path: Path) -> None:
    folder = make(tmp_path / "source")
    planned = Fingerprints(Digests(tmp_path / "kept.json"), read_new=False).of_source(folder)
    assert planned.endswith("(not read yet)")
    known = fingerprint(folder)
    os.utime(folder / "b.npy", (OLD, OLD + 1))
    assert Fingerprints(Digests(tmp_path / "kept.json"), read_new=False).of_source(folder) == known


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "source")
    times = iter(range(100))
    monkeypatch.setattr("bsnpp.reruns.digests.stamp_of", lambda state: (next(times), 0, 0, 0))
    with pytest.raises(UserError, match=r"a\.npy: changes while it is read; wait until it is complete"):
        fingerprint(folder / "a.npy")


@pytest.mark.parametrize("mode", MODES)
def test_equal_folders_have_equal_fingerprints(tmp_path: Path, mode: Mode) -> None:
    one, two = (fingerprint(make(tmp_path / name), mode) for name in ("one", "two"))
    assert one == two.replace("two: ", "one: ")


def test_a_fingerprint_is_readable(tmp_path: Path) -> None:
    folder = make(tmp_path / "source")
    assert fingerprint(folder).split(" (")[0] == f"{folder}: 3 files, 20 bytes"
    newest = f"{folder}: 3 files, 20 bytes, newest 1970-01-01 00:16:40"
    assert fingerprint(folder, "times").split(" (")[0] == newest


def test_a_missing_source(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "none").endswith("none: missing")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "pipe: 0 files, 0 bytes" in fingerprint(tmp_path / "pipe")
