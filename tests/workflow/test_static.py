"""The files of the workflow, checked without running any job."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from bsnpp.challenge.model import Challenge, configuration_schema
from tests.workflow.project import ROOT, SNAKEMAKE, Project, copy_code, simulated_config, write_sheets
from tests.workflow.rules import FILES, JOBS, RULES, Rule

SMK = [*FILES, *sorted((ROOT / "workflow/inputs").glob("*.smk")), ROOT / "workflow/Snakefile"]

ALWAYS_RUN = "asked=lambda wildcards: time.time_ns()"
"""Parameter of a job that runs whenever it is asked for, whatever its code is."""


def test_the_linter_finds_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    project = Project(ROOT, tmp_path)
    outcome = project.run(SNAKEMAKE, "--lint", "--snakefile", ROOT / "workflow/Snakefile")
    assert outcome.code == 0, outcome.text


def test_the_workflow_is_formatted() -> None:
    formatter = Path(sys.executable).with_name("snakefmt")
    outcome = Project(ROOT, ROOT).run(formatter, "--check", "workflow")
    assert outcome.code == 0, outcome.text


def test_the_schema_is_the_one_of_the_settings() -> None:
    written = json.loads((ROOT / "workflow/schemas/config.schema.json").read_text())
    assert written == configuration_schema(), "run `make schema`"


@pytest.mark.parametrize("challenge", ["demo", "activitynet2020"])
def test_a_shipped_configuration_is_right(challenge: str) -> None:
    config = yaml.safe_load((ROOT / f"config/{challenge}/config.yaml").read_text())
    assert Challenge.model_validate(config).challenge == challenge


@pytest.mark.parametrize("rule", JOBS, ids=lambda rule: rule.name)
def test_a_job_has_a_log_a_benchmark_a_message_and_its_code(rule: Rule) -> None:
    for directive in ("log:", "benchmark:", "message:", "conda:"):
        assert directive in rule.text
    assert ALWAYS_RUN in rule.text or "**code(" in rule.text
    assert rule.shell.removesuffix(" && cat {params.report:q}").endswith(" > {log:q} 2>&1")


@pytest.mark.parametrize("rule", JOBS, ids=lambda rule: rule.name)
def test_a_job_runs_the_script_of_its_name_in_the_folder_of_its_stage(rule: Rule) -> None:
    stage = rule.file.stem
    script = f"{stage}/{rule.name}"
    assert re.findall(r'"\$SCRIPTS"/(\S+)\.py', rule.shell) == [script]
    own = f'**code("{script}"' in rule.text
    assert ALWAYS_RUN in rule.text or own, "another script's code triggers the reruns"
    assert (ROOT / f"scripts/{script}.py").is_file()
    assert (ROOT / f"bsnpp/{stage}/__init__.py").is_file()


@pytest.mark.parametrize("rule", JOBS, ids=lambda rule: rule.name)
def test_every_value_in_a_shell_command_is_quoted(rule: Rule) -> None:
    values = re.findall(r"\{[^}]*\}", rule.shell)
    assert len(values) > 2
    assert [value for value in values if not value.endswith(":q}")] == []


def test_every_script_has_a_rule() -> None:
    names = {f"{rule.file.stem}/{rule.name}" for rule in JOBS}
    scripts = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "scripts").glob("*/*.py")}
    by_hand = {"training/import_weights", "reporting/show_results"}  # run by the user
    project = {name for name in scripts if name.startswith("project/")}
    assert scripts - project - by_hand == names


@pytest.mark.parametrize("path", SMK, ids=lambda path: path.stem)
def test_no_global_of_the_workflow_is_a_single_letter(path: Path) -> None:
    assert not re.findall(r"^ *([A-Za-z]) *=(?!=)", path.read_text(), re.M)


@pytest.mark.parametrize("profile", ["default", "slurm", "kubernetes"])
def test_every_entry_of_a_profile_is_explained(profile: str) -> None:
    text = (ROOT / f"workflow/profiles/{profile}/config.yaml").read_text()
    assert yaml.safe_load(text)
    bare = [line for line in text.splitlines() if line.strip() and "#" not in line]
    assert not bare, f"lines without a comment: {bare}"


@pytest.mark.parametrize("profile", ["slurm", "kubernetes"])
def test_a_profile_names_rules_that_exist(profile: str) -> None:
    entries = yaml.safe_load((ROOT / f"workflow/profiles/{profile}/config.yaml").read_text())
    assert {rule.name for rule in RULES} > set(entries["set-resources"])


def test_both_cluster_profiles_give_rules_the_same_memory() -> None:
    memory = []
    for profile in ("slurm", "kubernetes"):
        entries = yaml.safe_load((ROOT / f"workflow/profiles/{profile}/config.yaml").read_text())
        rows = entries["set-resources"].items()
        memory.append({name: row["mem_mb"] for name, row in rows if "mem_mb" in row})
    assert memory[0] == memory[1]


def test_the_slurm_profile_gives_every_training_its_resources(tmp_path: Path) -> None:
    project = Project(copy_code(tmp_path / "code"), tmp_path)
    project.edit(
        "workflow/rules/training.smk",
        '"Training ',
        '"{resources.gpu} GPU, {resources.mem_mb} MB, {resources.runtime} min: Training ',
    )
    write_sheets(tmp_path, "data/simulated")
    project.configure({**simulated_config(), "compute": {"device": "cuda"}})
    profile = str(project.code / "workflow/profiles/slurm")
    outcome = project.snakemake("--dry-run", "train", "--workflow-profile", profile)
    assert outcome.code == 0, outcome.text
    assert "1 GPU, 32000 MB, 1440 min: Training bsnpp on sharp (scratch)" in outcome.text
