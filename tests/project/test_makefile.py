"""The Makefile's targets call what they say."""

import os
import subprocess

import pytest

from tests.paths import ROOT

OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


def make(*words: str) -> str:
    """What `make` prints, also where `make` itself runs the tests."""
    command = ["make", "--no-print-directory", *words]
    done = subprocess.run(command, cwd=ROOT, env=OUTSIDE_MAKE, capture_output=True, text=True, check=True)
    return done.stdout


def commands(*words: str) -> str:
    """What `make` would run, the environment being there."""
    return make("--dry-run", "--old-file=.venv/.ready", *words)


@pytest.mark.parametrize("target", ["train", "fuse", "classify", "submit", "evaluate", "sweep"])
def test_a_named_target_stands_before_the_configuration_which_would_swallow_it(target: str) -> None:
    assert commands(target, "CONFIG=mine.yaml").strip().endswith(f"snakemake {target} --configfile mine.yaml")
    assert commands(target).strip().endswith(f"snakemake {target}")


def test_real_recordings_may_be_named_or_fetched() -> None:
    assert "--config archive=my.zip" in commands("hapt", "DATA=my.zip")
    assert "archive" not in commands("hapt")


def test_every_challenge_has_a_report_of_its_own() -> None:
    assert commands("report").strip().endswith("snakemake --report results/demo/report.html")
    files = "config/mine/config.yaml config/mine/layer.yaml"
    mine = commands("report", f"CONFIG={files}").strip()
    assert mine.endswith(f"snakemake --report results/mine/report.html --configfile {files}")


def test_every_target_is_explained() -> None:
    names = {name for line in make("help").splitlines() for name in line.split("  ")[0].split()}
    assert names >= {
        "demo",
        "demo-seeds",
        "hapt",
        "train",
        "submit",
        "sweep",
        "report",
        "test",
        "lint",
        "bench",
        "clean",
    }
