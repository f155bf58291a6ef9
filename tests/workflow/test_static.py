"""What can be said of the workflow's files without running them."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from bsnpp.challenge.model import Challenge, configuration_schema
from tests.workflow.project import ROOT, SNAKEMAKE, Project, copy_code, simulated_config, write_sheets

RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))


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


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_job_has_a_log_a_benchmark_a_message_and_its_code(path: Path) -> None:
    for rule in re.split(r"\n *rule ", path.read_text())[1:]:
        if "shell:" not in rule:  # a named target
            continue
        name = rule.split(":", 1)[0]
        for directive in ("log:", "benchmark:", "message:", "conda:", "**code("):
            assert directive in rule, f"rule {name} has no {directive}"
        assert "> {log:q} 2>&1" in rule, f"rule {name} does not write its log"


@pytest.mark.parametrize("profile", ["default", "slurm", "kubernetes"])
def test_every_entry_of_a_profile_is_explained(profile: str) -> None:
    text = (ROOT / f"workflow/profiles/{profile}/config.yaml").read_text()
    assert yaml.safe_load(text)
    bare = [line for line in text.splitlines() if line.strip() and "#" not in line]
    assert not bare, f"lines without a comment: {bare}"


@pytest.mark.parametrize("profile", ["slurm", "kubernetes"])
def test_a_profile_names_rules_that_exist(profile: str) -> None:
    entries = yaml.safe_load((ROOT / f"workflow/profiles/{profile}/config.yaml").read_text())
    rules = {name for path in RULES for name in re.findall(r"^ *rule (\w+):", path.read_text(), re.M)}
    assert rules > set(entries["set-resources"])


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
