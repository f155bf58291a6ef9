"""The watch over readers notices every kind of fault that it looks for."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from tests.fuzz.damage import TEXT, copies
from tests.fuzz.watch import Watched


def accepts(path: Path) -> None:
    path.read_bytes()


def refuses(path: Path) -> None:
    raise UserError(f"{path}: damaged")


def forgets_the_name(path: Path) -> None:
    raise UserError("damaged")


def has_a_traceback(path: Path) -> None:
    raise ValueError("damaged")


def shows_a_traceback(path: Path) -> None:
    raise UserError(f"{path}: Traceback (most recent call last)")


def hangs(path: Path) -> None:
    time.sleep(3600)


def crashes(path: Path) -> None:
    os.abort()


def exits(path: Path) -> None:
    raise SystemExit(1)


def leaves_a_file(path: Path) -> None:
    path.with_name("half").write_text("half")


def leaves_a_file_outside(path: Path) -> None:
    (path.parent.parent / "canary").write_text("executed")


def edits_the_file(path: Path) -> None:
    path.write_text("other content")


@pytest.mark.parametrize(
    ("read", "outcome"),
    [
        (forgets_the_name, "does not name the file"),
        (has_a_traceback, "ValueError: damaged"),
        (shows_a_traceback, "a traceback in the message"),
        (hangs, "no answer within"),
        (crashes, "the process crashed"),
        (exits, "SystemExit"),
        (leaves_a_file, "changed or left behind"),
        (leaves_a_file_outside, "changed or left behind"),
        (edits_the_file, "changed or left behind"),
    ],
)
def test_a_planted_fault_is_caught(read: Callable[[Path], object], outcome: str, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    with Watched(read, seconds=5.0 if read is hangs else 60.0) as watched:
        outcomes = watched.outcome(folder, "file.txt", b"content")
        assert outcome in outcomes and not outcomes.startswith("refused: ")


def test_results_and_clean_messages_are_no_faults(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    for read, outcome in ((accepts, ""), (refuses, f"refused: {folder / 'file.txt'}: damaged")):
        with Watched(read) as watched:
            assert watched.outcome(folder, "file.txt", b"content") == outcome


def test_the_watch_goes_on_after_a_crash(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    with Watched(crashes) as watched:
        for _ in range(2):
            assert watched.outcome(folder, "file.txt", b"content") == "the process crashed"


def test_the_same_seed_gives_the_same_copies() -> None:
    content = b'{"a": [1.5, 2], "b": "text"}' * 20
    made = copies(content, TEXT, 40, 7)
    assert made == copies(content, TEXT, 40, 7)
    assert made != copies(content, TEXT, 40, 8)
    assert sum(copy != content for copy in made) > 35
