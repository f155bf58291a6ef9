"""Jobs run the code of the clone that holds the workflow, as it was when the run started."""

import time
from pathlib import Path

import pytest

from tests.workflow.conftest import copy_of
from tests.workflow.project import ANNOTATIONS, Project, copy_code, ended, simulated_config, write_sheets

TARGET = "data/annotations/classes.txt"
EDITED = {
    "scripts/annotations/list_classes.py": '''"""Write constants of this script and of two modules."""

import argparse
import time
from pathlib import Path

from bsnpp.core.constant import CONSTANT

OWN = 1

parser = argparse.ArgumentParser()
parser.add_argument("--classes")
arguments = parser.parse_known_args()[0]
Path("waiting").touch()
while not Path("go").exists():
    time.sleep(0.01)
from bsnpp.core.lazy import LAZY

Path(arguments.classes).write_text(f"{OWN} {CONSTANT} {LAZY}")
''',
    "bsnpp/core/constant.py": "CONSTANT = 1\n",
    "bsnpp/core/lazy.py": "LAZY = 1\n",
}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The simulated files of the tiny challenge, and a rule with a script that waits."""
    base = tmp_path_factory.mktemp("simulated")
    project = Project(copy_code(base / "code"), base / "run")
    project.folder.mkdir()
    for name, text in EDITED.items():
        (project.code / name).write_text(text)
    write_sheets(project.folder, "data/simulated")
    project.configure(simulated_config())
    made = project.snakemake(ANNOTATIONS)
    assert made.code == 0, made.text
    return project


@pytest.fixture
def waiting(simulated: Project, tmp_path: Path) -> Project:
    """A copy of it that a test may edit."""
    return copy_of(simulated, tmp_path)


def edit(project: Project, old: str = "= 1\n", new: str = "= 2\n") -> None:
    """Change the constants of the script and of both modules; the files keep their sizes."""
    for name in EDITED:
        project.edit(name, old, new)


def content(project: Project) -> str:
    return (project.folder / TARGET).read_text()


def planned(project: Project) -> bool:
    """Return whether the job would run again."""
    outcome = project.snakemake("--dry-run", TARGET)
    assert outcome.code == 0, outcome.text
    return "list_classes" in outcome.text


def test_an_edit_during_a_run_takes_effect_in_the_next(waiting: Project) -> None:
    snakemake = waiting.start_snakemake(TARGET)
    while not (waiting.folder / "waiting").exists():
        assert snakemake.poll() is None, snakemake.communicate()[0]
        time.sleep(0.01)
    edit(waiting)
    (waiting.folder / "go").touch()
    done = ended(snakemake)
    assert done.code == 0, done.text
    assert content(waiting) == "1 1 1"
    assert planned(waiting)
    edit(waiting, "= 2\n", "= 1\n")
    assert not planned(waiting), "the file was written by the code that is back"


def test_a_clone_runs_its_own_code_whichever_clone_is_installed(waiting: Project, tmp_path: Path) -> None:
    second = Project(copy_code(tmp_path / "second"), waiting.folder, installed=waiting.code)
    for name in EDITED:
        (second.code / name).write_text((waiting.code / name).read_text())
    edit(second)
    (second.folder / "go").touch()
    done = second.snakemake(TARGET)
    assert done.code == 0, done.text
    assert content(second) == "2 2 2"
    edit(waiting, "= 1\n", "= 3\n")
    assert not planned(second), "the installed clone does not matter"
    second.edit("bsnpp/core/lazy.py", "= 2\n", "= 4\n")
    assert planned(second)


def test_a_process_that_has_imported_another_clone_is_refused(waiting: Project, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    lines = ["import sys", f"sys.path.insert(0, {str(waiting.code)!r})", "import bsnpp"]
    (tmp_path / "site/sitecustomize.py").write_text("\n".join(lines))
    second = Project(copy_code(tmp_path / "second"), waiting.folder, installed=tmp_path / "site")
    outcome = second.snakemake("--dry-run", TARGET)
    assert outcome.code == 1
    assert (
        f"bsnpp was imported from {waiting.code}, but the workflow is that of {second.code}" in outcome.text
    )
