"""Class lists: sorted, without duplicates, plain or compressed."""

import gzip
from pathlib import Path

import pytest

from bsnpp.core.class_list import read_classes, write_classes
from bsnpp.core.errors import UserError


def test_classes_are_sorted_without_header_and_empty_lines(tmp_path: Path) -> None:
    (tmp_path / "classes.csv").write_text("action\nrun\n\n jump \n")
    assert read_classes(tmp_path / "classes.csv", required=False) == ["jump", "run"]
    (tmp_path / "classes.gz").write_bytes(gzip.compress("rün\njump\n".encode()))
    assert read_classes(str(tmp_path / "classes.gz"), required=False) == ["jump", "rün"]


def test_written_classes_are_read(tmp_path: Path) -> None:
    write_classes(tmp_path / "classes.txt", ["a class", "é"])
    assert (tmp_path / "classes.txt").read_text(encoding="utf-8").rstrip("\n") == "a class\né"
    assert read_classes(tmp_path / "classes.txt") == ["a class", "é"]


@pytest.mark.parametrize("classes", [["action", "jump"], ["action"], ["Jump", "action"]])
def test_a_class_may_be_called_action(tmp_path: Path, classes: list[str]) -> None:
    write_classes(tmp_path / "classes.txt", classes)
    assert read_classes(tmp_path / "classes.txt") == classes
    (tmp_path / "own.txt").write_text("action\nrun\naction\n")
    assert read_classes(tmp_path / "own.txt", required=False) == ["action", "run"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file; it should contain one class per line"),
        (b"fly\nrun\nfly\n", "listed more than once: fly; remove the duplicates"),
        (b"action\n\n", "no class"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_faulty_list_is_reported(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "classes.txt").write_bytes(content)
    with pytest.raises(UserError, match=rf"classes\.txt: {message}"):
        read_classes(tmp_path / "classes.txt", required=False)


def test_the_list_of_a_run_has_a_checksum(tmp_path: Path) -> None:
    write_classes(tmp_path / "classes.txt", ["jump", "run"])
    content = (tmp_path / "classes.txt").read_bytes()
    (tmp_path / "classes.txt").write_bytes(content.replace(b"jump", b"junp"))
    for required in (True, False):
        with pytest.raises(UserError, match=r"classes\.txt: damaged"):
            read_classes(tmp_path / "classes.txt", required)
    (tmp_path / "own.txt").write_bytes(content.strip())
    with pytest.raises(UserError, match=r"own\.txt: .* it has no checksum"):
        read_classes(tmp_path / "own.txt")
