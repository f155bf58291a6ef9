"""The layout keeps its promises: no import circle, short scripts, short files."""

from tests.project.layout import Rooms, long_files, long_scripts


def test_no_packages_import_each_other() -> None:
    rooms = Rooms()
    assert len(rooms.packages) > 20 and len(rooms.arrows) > 50
    assert rooms.circles() == []


def test_scripts_are_short() -> None:
    assert long_scripts() == []


def test_files_are_short() -> None:
    assert long_files() == []
