"""A file is complete or absent, whatever happens while it is written."""

import zipfile
from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.core.files import ZIP_FAULTS, whole_file


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


@pytest.mark.parametrize("place", [6, 8], ids=["of an encrypted member", "of another method"])
def test_zip_archives_with_damaged_headers(place: int, tmp_path: Path) -> None:
    """The flags are at byte 6 of the header of a member, the method at byte 8; 2 bytes later in the list."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", "content")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for start, offset in ((data.index(b"PK\x03\x04"), place), (data.index(b"PK\x01\x02"), place + 2)):
        data[start + offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ZIP_FAULTS), zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.read("a")
