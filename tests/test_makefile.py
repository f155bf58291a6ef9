"""The Makefile's targets call what they say."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def commands(*words: str) -> str:
    """What `make` would run, the environment being there."""
    made = subprocess.run(
        ["make", "--dry-run", "READY=Makefile", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return made.stdout


@pytest.mark.parametrize("target", ["train", "fuse", "classify", "submit", "evaluate"])
def test_a_named_target_stands_before_the_configuration_which_would_swallow_it(target: str) -> None:
    assert commands(target, "CONFIG=mine.yaml").strip().endswith(f"snakemake {target} --configfile mine.yaml")
    assert commands(target).strip().endswith(f"snakemake {target}")


def test_real_recordings_may_be_named_or_fetched() -> None:
    assert "--config archive=my.zip" in commands("hapt", "DATA=my.zip")
    assert "archive" not in commands("hapt")


def test_every_target_is_explained() -> None:
    shown = (
        commands("help")
        and subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )
    for target in (
        "demo",
        "demo-seeds",
        "hapt",
        "train",
        "submit",
        "report",
        "test",
        "lint",
        "bench",
        "clean",
    ):
        assert any(target in line.split("  ")[0].split() for line in shown.splitlines()), target
