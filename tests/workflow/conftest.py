"""The tiny challenge, simulated and run once for all test processes."""

import fcntl
import shutil
from pathlib import Path

import pytest

from tests.workflow.project import (
    ANNOTATIONS,
    Project,
    copy_code,
    simulated_config,
    tiny_config,
    write_sheets,
)


def make_run(base: Path) -> None:
    """Simulate the tiny challenge, then run the whole chain on its files like on those of a user."""
    project = Project(copy_code(base / "code"), base / "run")
    project.folder.mkdir()
    write_sheets(project.folder, "data/simulated")
    project.configure(simulated_config(), "simulated.yaml")
    project.configure(tiny_config())
    made = project.snakemake(ANNOTATIONS, config="simulated.yaml")
    assert made.code == 0, made.text
    entries = project.read_annotations()["database"].values()
    labels = {instance["label"] for entry in entries for instance in entry["annotations"]}
    project.write_external()
    (project.folder / "classes.txt").write_text("".join(f"{label}\n" for label in sorted(labels)))
    done = project.snakemake()
    assert done.code == 0, done.text
    (base / "log.txt").write_text(done.text)


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The code and the folder of the finished run, for reading only; tests that edit use `finished`."""
    shared = tmp_path_factory.getbasetemp()
    base = (shared if worker_id == "master" else shared.parent) / "tiny"
    base.mkdir(exist_ok=True)
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other processes of `pytest -n` wait until it is done
        if not (base / "log.txt").exists():
            make_run(base)
    return Project(base / "code", base / "run")


def copy_of(run: Project, base: Path) -> Project:
    """Copy the code and the folder of a run."""
    copy = Project(base / "code", base / "run")
    shutil.copytree(run.code, copy.code)
    shutil.copytree(run.folder, copy.folder)
    return copy


@pytest.fixture
def finished(finished_run: Project, tmp_path: Path) -> Project:
    """A copy of the code and of the finished run that a test may edit."""
    return copy_of(finished_run, tmp_path)
