"""A file is complete or absent, whatever happens while it is written."""

from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.core.files import whole_file


def test_a_file_appears_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a/b/file.txt"
    with whole_file(path) as temporary:
        temporary.write_text("complete")
        assert not path.exists(), "visible before it is complete"
        assert temporary.parent == path.parent, "renaming across file systems is not atomic"
    assert path.read_text() == "complete"
    assert list(path.parent.iterdir()) == [path]


def test_after_an_error_only_the_old_file_remains(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="halfway"), whole_file(path) as temporary:
        temporary.write_text("ne")
        raise RuntimeError("halfway")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_first_attempt_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "file.txt"):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file/below/it.txt"
    with (
        pytest.raises(UserError, match=f"{path}: cannot be written .*check the folder's permissions"),
        whole_file(path),
    ):
        pytest.fail("the block must not be entered")
