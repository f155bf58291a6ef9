"""The whole chain with every path full of characters that mean something to shells and to Snakemake."""

import shutil

import pytest

from tests.workflow.project import ANNOTATIONS, Project, copy_code, tiny_config

CLONE = """it's "a" b; $(touch pwned) & c | d > (e) `touch pwned` # ! ~ $1 \\f"""
HOSTILE = f"{CLONE} * ? [g]"  # Snakemake does not find its profile in a clone with these characters


@pytest.fixture(scope="module")
def hostile_run(finished_run: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The finished run of the tiny challenge in such folders: code, sources, sheets and results."""
    base = tmp_path_factory.mktemp("paths") / CLONE
    project = Project(copy_code(base / "code"), base / "run")
    shutil.copytree(finished_run.folder / "data", project.folder / HOSTILE)
    for name in ("classes.txt", "theirs.validation.json", "theirs.testing.json"):
        shutil.copy2(finished_run.folder / name, project.folder / HOSTILE / name)
    for sheet in ("encoders.tsv", "classifiers.tsv", "external.tsv"):
        text = (finished_run.folder / sheet).read_text()
        cells = HOSTILE.replace('"', '""')
        rows = [[quoted(cell, cells) for cell in line.split("\t")] for line in text.splitlines()]
        (project.folder / sheet).write_text("".join("\t".join(row) + "\n" for row in rows))
    config = tiny_config()
    config["annotations"] |= {
        "path": ANNOTATIONS.replace("data/", f"{HOSTILE}/"), "classes": f"{HOSTILE}/classes.txt"
    }  # fmt: skip
    config["pretraining"]["path"] = f"{HOSTILE}/simulated/pretraining.json"
    project.configure({**config, "results": f"results/{HOSTILE}"})
    for targets in ([], ["sweep"]):
        outcome = project.snakemake(*targets)
        assert outcome.code == 0, outcome.text
    return project


def quoted(cell: str, folder: str) -> str:
    """Move a path of a sheet into a folder, quoted as spreadsheets do."""
    if not cell.startswith(("data/", "theirs.")):
        return cell
    return f'"{folder}/{cell.removeprefix("data/")}"'


def test_the_chain_gives_the_same_bytes_in_hostile_folders(
    hostile_run: Project, finished_run: Project
) -> None:
    results = hostile_run.folder / "results" / HOSTILE
    for name in ("submission.json", "tables/ablation.csv", "tables/ensemble.D.csv"):
        assert (results / name).read_bytes() == (finished_run.folder / "results/tiny" / name).read_bytes()
    assert (results / "sweep/chosen.yaml").is_file()


def test_no_command_in_a_path_is_executed(hostile_run: Project) -> None:
    base = hostile_run.folder.parent
    assert {path.name for path in base.iterdir()} == {"code", "run"}
    assert not list(base.glob("**/pwned"))
    folder = {path.name for path in hostile_run.folder.iterdir()}
    sheets = {"encoders.tsv", "classifiers.tsv", "external.tsv", "tiny.yaml"}
    assert folder == {*sheets, "results", HOSTILE.split("/")[0], ".snakemake"}
    assert [path.name for path in (hostile_run.folder / "results").iterdir()] == [HOSTILE.split("/")[0]]


def test_nothing_is_left_to_run_in_hostile_folders(hostile_run: Project) -> None:
    assert not hostile_run.jobs().count
