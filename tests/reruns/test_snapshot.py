"""The copy of the code that jobs run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.reruns.code import module_digests
from bsnpp.reruns.snapshot import KEPT, code_files, find_snapshot, snapshot
from tests.paths import ROOT, script

MODULE = "bsnpp/core/constant.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one module and one script, and files that are no code."""
    root = tmp_path / "project"
    for name, text in {
        "bsnpp/__init__.py": "",
        "bsnpp/core/__init__.py": "",
        MODULE: "VALUE = 1\n",
        "bsnpp/core/table.csv": "a,b\n",
        "scripts/stage/show.py": "from bsnpp.core.constant import VALUE\nprint(VALUE)\n",
        "bsnpp/core/__pycache__/constant.cpython-311.pyc": "no code",
        "bsnpp/core/.constant.py.swp": "no code",
        "bsnpp/core/constant.py~": "no code",
        "README.md": "no code",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def shown(copy: Path) -> str:
    """Run the script of a copy."""
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, copy / "scripts/stage/show.py"]
    return subprocess.run(command, env=environment, text=True, stdout=subprocess.PIPE, check=True).stdout


def test_a_copy_has_the_code_and_nothing_else(project: Path, tmp_path: Path) -> None:
    copy = snapshot(project, tmp_path / "copies")
    assert code_files(copy) == code_files(project)
    copied = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    names = ["__init__.py", "core/__init__.py", "core/constant.py", "core/table.csv"]
    assert copied == {"scripts/stage/show.py", *(f"bsnpp/{name}" for name in names)}


def test_the_same_code_is_copied_once(project: Path, tmp_path: Path) -> None:
    copy = snapshot(project, tmp_path / "copies")
    (copy / "bsnpp/__pycache__").mkdir()
    assert snapshot(project, tmp_path / "copies") == copy
    assert (copy / "bsnpp/__pycache__").exists()


def test_an_edit_that_keeps_size_and_time_takes_effect(project: Path, tmp_path: Path) -> None:
    """In place, Python would run the byte code of the first constant."""
    values = []
    for text in ("VALUE = 1\n", "VALUE = 2\n", "VALUE = 1\n"):
        (project / MODULE).write_text(text)
        os.utime(project / MODULE, (10**9, 10**9))
        values.append(shown(snapshot(project, tmp_path / "copies")))
    assert values == ["1\n", "2\n", "1\n"]


def test_an_edited_copy_is_made_again(project: Path, tmp_path: Path) -> None:
    copy = snapshot(project, tmp_path / "copies")
    (copy / MODULE).write_text("VALUE = 3\n")
    assert shown(snapshot(project, tmp_path / "copies")) == "1\n"


def test_only_the_latest_copies_are_kept(project: Path, tmp_path: Path) -> None:
    copies = []
    for value in range(KEPT + 2):
        (project / MODULE).write_text(f"VALUE = {value}\n")
        copies.append(snapshot(project, tmp_path / "copies"))
        os.utime(copies[-1], (10**9 + value, 10**9 + value))
    assert [copy.exists() for copy in copies] == [False] * 2 + [True] * KEPT


def test_another_machine_finds_the_copy_or_has_the_same_code(project: Path, tmp_path: Path) -> None:
    copy = snapshot(project, tmp_path / "copies")
    assert find_snapshot(project, tmp_path / "copies", copy.name) == copy
    assert find_snapshot(project, tmp_path / "elsewhere", copy.name) == project
    (project / MODULE).write_text("VALUE = 2\n")
    assert find_snapshot(project, tmp_path / "copies", copy.name) == copy
    with pytest.raises(UserError, match="not the code with which the run was started"):
        find_snapshot(project, tmp_path / "elsewhere", copy.name)
    with pytest.raises(UserError, match="BSNPP_CODE is not set"):
        find_snapshot(project, tmp_path / "copies", None)


def test_a_folder_that_cannot_be_written_is_named(project: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").write_text("a file")
    with pytest.raises(UserError, match="copies: the code of this run cannot be copied there"):
        snapshot(project, tmp_path / "copies")


def test_digests_are_those_of_the_copy(tmp_path: Path) -> None:
    copy = snapshot(ROOT, tmp_path)
    path = copy / script("train_generator").relative_to(ROOT)
    network = "bsnpp.models.bmn"
    before = module_digests(path, network, root=copy)
    assert before == module_digests(script("train_generator"), network)
    other = copy.rename(tmp_path / "other")
    with (other / "bsnpp/models/bmn.py").open("a") as file:
        file.write("ANOTHER = 1\n")
    after = module_digests(other / path.relative_to(copy), network, root=other)
    assert {name for name in before if before[name] != after[name]} == {network}
