"""An invalid configuration ends before any job in one message with the key, the value and the options."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.project import ROOT, Outcome, Project, tiny_config, write_sheets

Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder with sheets but without data: the configuration is checked first."""
    write_sheets(tmp_path, "data/simulated")
    return Project(ROOT, tmp_path)


def assert_reported(outcome: Outcome, *words: str) -> None:
    """Check that nothing but the message follows Snakemake's line about its profile."""
    assert outcome.code == 1, outcome.text
    first, message = outcome.text.split("\n", 1)
    assert first.startswith("Using workflow specific profile") and message.startswith("error: "), outcome.text
    assert "Traceback" not in message and ", line " not in message, message
    assert len(message.splitlines()) <= 6, "the message is too long"
    missing = [word for word in words if word not in message]
    assert not missing, f"no {missing} in {message}"


def bmn_training(config: dict[str, Any]) -> dict[str, Any]:
    config["generators"]["bmn"]["training"] = {**config["generators"]["bmn"]["training"]}
    return config["generators"]["bmn"]["training"]


FAULTS: dict[str, tuple[Spoil, list[str]]] = {
    "unknown key": (lambda c: c.update(fruit=3), ["fruit: unknown key"]),
    "unknown key far down": (
        lambda c: bmn_training(c).update(batchsize=3),
        ["generators.bmn.training.batchsize: unknown key"],
    ),
    "out of range": (
        lambda c: bmn_training(c).update(batch_size=0),
        ["generators.bmn.training.batch_size", "greater than or equal to 1", "0"],
    ),
    "not a number": (
        lambda c: c["scales"].update(training="many"),
        ["scales.training", "'many'"],
    ),
    "missing key": (lambda c: c.pop("challenge"), ["challenge: this key is required"]),
    "unknown encoder": (
        lambda c: c["blends"].update(single=["nobody/scratch"]),
        ["blends.single", "nobody", "encoders.tsv"],
    ),
    "unknown initialisation": (
        lambda c: c["blends"].update(single=["sharp/trained"]),
        ["blends.single", "sharp/trained", "pretrained"],
    ),
    "no features for pre-training": (
        lambda c: c["blends"].update(single=["smooth/pretrained"]),
        ["blends.single", "smooth", "no pretraining row"],
    ),
    "unknown classifier": (
        lambda c: c["panels"].update(own=["nobody"]),
        ["panels.own", "nobody", "classifiers.tsv"],
    ),
    "unknown blend, panel and variant": (
        lambda c: c["variants"].update(own={"generators": {"bsnpp": "x"}, "panel": "y", "after": "z"}),
        [
            "variants.own.generators: unknown blend 'x'",
            "variants.own.panel: unknown panel 'y'",
            "variants.own.after: unknown variant 'z'",
            "three_bmn",
        ],
    ),
    "submitted variant": (
        lambda c: c["submission"].update(variant="E"),
        ["submission.variant: unknown variant 'E'; known:", "bmn_baseline"],
    ),
    "no results": (lambda c: c.update(results=None), ["results: Input should be a valid string (got None)"]),
    "results with braces": (
        lambda c: c.update(results="x/{subset}"),
        ["results: 'x/{subset}' contains braces"],
    ),
    "results like an option": (lambda c: c.update(results="-x"), ["results: '-x' starts with -"]),
    "results in the home folder": (lambda c: c.update(results="~/x"), ["results: '~/x'", "full path"]),
    "missing sheet": (lambda c: c.update(encoders="nowhere.tsv"), ["nowhere.tsv", "cannot be read"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_invalid_configuration_is_refused(project: Project, name: str) -> None:
    spoil, words = FAULTS[name]
    config = tiny_config()
    spoil(config)
    project.configure(config)
    assert_reported(project.snakemake("--dry-run"), *words)
    assert not (project.folder / "results").exists()


def test_an_invalid_sheet_is_reported_with_its_line(project: Project) -> None:
    sheet = project.folder / "encoders.tsv"
    sheet.write_text(sheet.read_text().replace("\t16\n", "\tmany\n", 1))
    project.configure(tiny_config())
    assert_reported(
        project.snakemake("--dry-run"), "invalid sheet encoders.tsv", "line 2: channels", "'many'"
    )


def test_a_sweep_of_a_control_is_refused_and_alternatives_are_listed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    project = Project(ROOT, tmp_path)
    layer = project.configure({"submission": {"variant": "dense"}}, "layer.yaml")
    layers = f"config/hapt/config.yaml {layer}"
    outcome = project.snakemake("sweep", "--dry-run", config=layers)
    assert outcome.code == 1 and "Traceback" not in outcome.text, outcome.text
    message = outcome.text.strip().splitlines()[-1]
    assert message.startswith("error: submission.variant: dense has no generator proposals"), message
    assert message.endswith("to sweep, submit one of: baseline, A, B, D, recognised, bmn"), message
    assert project.snakemake("--dry-run", config=layers).code == 0
